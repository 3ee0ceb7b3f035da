using System.Text;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Tests.Service;

public class AzureDevOpsProjectTests
{
    [Theory]
    [InlineData("contoso", "https://dev.azure.com/contoso/")]
    [InlineData("https://dev.azure.com/contoso", "https://dev.azure.com/contoso/")]
    [InlineData("https://dev.azure.com/contoso/", "https://dev.azure.com/contoso/")]
    [InlineData("https://contoso.visualstudio.com", "https://contoso.visualstudio.com/")]
    [InlineData("https://tfs.contoso.com/tfs/DefaultCollection", "https://tfs.contoso.com/tfs/DefaultCollection/")]
    [InlineData("http://127.0.0.1:8080/contoso", "http://127.0.0.1:8080/contoso/")]
    public void An_organization_is_a_name_or_an_address(string text, string address) =>
        Assert.Equal(address, AzureDevOpsProject.Parse(text, "Shop").Organization.AbsoluteUri);

    [Theory]
    [InlineData("http://dev.azure.com/contoso")]
    [InlineData("https://dev.azure.com/contoso/Shop")]
    [InlineData("https://dev.azure.com/")]
    [InlineData("https://user:password@dev.azure.com/contoso")]
    [InlineData("https://dev.azure.com/contoso?x=password")]
    [InlineData("ftp://contoso/x")]
    [InlineData("a/b")]
    public void Any_other_text_is_refused(string text)
    {
        var error = Assert.Throws<GantryException>(() => AzureDevOpsProject.Parse(text, "Shop"));

        Assert.Equal("GAN9041", error.Code);
        Assert.DoesNotContain("password", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://dev.azure.com/contoso/My%20Shop/_git/app", "https://dev.azure.com/contoso/My Shop")]
    [InlineData("https://dev.azure.com/contoso/_git/Shop", "https://dev.azure.com/contoso/Shop")]
    [InlineData("https://contoso.visualstudio.com/DefaultCollection/Shop/_git/app", "https://contoso.visualstudio.com/Shop")]
    [InlineData("https://github.com/contoso/app", null)]
    [InlineData("https://dev.azure.com/contoso", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_repository_of_Azure_Repos_gives_its_project(string? repository, string? project) =>
        Assert.Equal(project, AzureDevOpsProject.FindByRepository(repository)?.ToString());

    [Fact]
    public void Parameters_win_over_the_run_and_the_run_over_the_repository()
    {
        var run = new Dictionary<string, string>
        {
            ["SYSTEM_COLLECTIONURI"] = "https://dev.azure.com/run/",
            ["SYSTEM_TEAMPROJECT"] = "Run",
        };
        const string repository = "https://dev.azure.com/repo/Repo/_git/app";

        Assert.Equal("https://dev.azure.com/named/Named", AzureDevOpsProject.Find("named", "Named", run, repository).ToString());
        Assert.Equal("https://dev.azure.com/run/Named", AzureDevOpsProject.Find(null, "Named", run, repository).ToString());
        Assert.Equal("https://dev.azure.com/run/Run", AzureDevOpsProject.Find(null, null, run, repository).ToString());
        Assert.Equal(
            "https://dev.azure.com/repo/Repo",
            AzureDevOpsProject.Find(null, null, new Dictionary<string, string>(), repository).ToString());
        Assert.Equal(
            "GAN9040",
            Assert.Throws<GantryException>(() => AzureDevOpsProject.Find("contoso", null, new Dictionary<string, string>(), null)).Code);
    }

    [Theory]
    [InlineData("eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ.c2ln", "Bearer eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ.c2ln")]
    [InlineData("personaltoken", "Basic OnBlcnNvbmFsdG9rZW4=")]
    public async Task Personal_tokens_are_sent_as_passwords_and_others_as_bearer_tokens(string token, string header)
    {
        var credential = new AzureDevOpsToken(token, "a test");

        Assert.Equal(header, (await credential.GetAsync(default)).ToString());
        Assert.DoesNotContain(token, credential.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_token_is_sent_to_its_own_organization_only()
    {
        var variables = new Dictionary<string, string>
        {
            ["SYSTEM_COLLECTIONURI"] = "https://dev.azure.com/contoso/",
            ["SYSTEM_ACCESSTOKEN"] = "job",
            ["AZURE_DEVOPS_EXT_PAT"] = "personal",
        };
        async Task<string?> TokenFor(string organization, string? named = null) =>
            AzureDevOpsToken.Find(named, variables, AzureDevOpsProject.Parse(organization, "Shop")) is { } token
                ? Encoding.UTF8.GetString(Convert.FromBase64String((await token.GetAsync(default)).Parameter!))
                : null;

        Assert.Equal(":job", await TokenFor("contoso"));
        Assert.Equal(":named", await TokenFor("contoso", "named"));
        Assert.Equal(":personal", await TokenFor("fabrikam"));
        variables.Remove("AZURE_DEVOPS_EXT_PAT");
        Assert.Null(await TokenFor("fabrikam"));
        Assert.Null(await TokenFor("https://dev.azure.com.example.com/contoso"));
    }
}

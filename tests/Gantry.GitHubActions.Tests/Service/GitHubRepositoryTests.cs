using Gantry.GitHubActions.Service;

namespace Gantry.GitHubActions.Tests.Service;

/// <summary>The repository is that which is named, and its token goes to GitHub only.</summary>
public class GitHubRepositoryTests
{
    [Theory]
    [InlineData("http://api.github.test")]
    [InlineData("https://anna:secret@api.github.test")]
    [InlineData("ftp://api.github.test")]
    [InlineData("api")]
    public void The_token_goes_to_no_address_without_TLS(string api) => Assert.Equal(
        "GAN9101",
        Assert.Throws<GantryException>(() => GitHubRepository.Find(
            null, new Dictionary<string, string> { ["GITHUB_API_URL"] = api, ["GITHUB_REPOSITORY"] = "contoso/shop" }, null)).Code);

    [Theory]
    [InlineData("http://github.contoso.com")]
    [InlineData("https://anna@github.contoso.com")]
    [InlineData("https://github.contoso.com/api")]
    [InlineData("server")]
    public void What_is_no_address_of_GitHub_is_refused(string server) => Assert.Equal(
        "GAN9101",
        Assert.Throws<GantryException>(() => GitHubRepository.Find(
            "contoso/shop", new Dictionary<string, string> { ["GITHUB_SERVER_URL"] = server }, null)).Code);

    [Theory]
    [InlineData("contoso/shop", null, "https://api.github.com/", "contoso/shop")]
    [InlineData(null, "https://github.com/contoso/shop.git", "https://api.github.com/", "contoso/shop")]
    [InlineData(null, "https://ssh.github.com/contoso/shop", "https://api.github.com/", "contoso/shop")]
    [InlineData("contoso/shop", "https://dev.azure.com/contoso/shop/_git/shop", "https://api.github.com/", "contoso/shop")]
    [InlineData("contoso/shop", "https://gitlab.com/contoso/shop", "https://api.github.com/", "contoso/shop")]
    [InlineData("contoso/shop", "https://github.contoso.com/team/shop", "https://api.github.com/", "contoso/shop")]
    [InlineData("github.com/contoso/shop", null, "https://api.github.com/", "contoso/shop")]
    [InlineData("github.contoso.com/team/shop", null, "https://github.contoso.com/api/v3/", "team/shop")]
    [InlineData("contoso.ghe.com/team/shop", null, "https://api.contoso.ghe.com/", "team/shop")]
    [InlineData(null, "https://ghe.contoso.com/team/shop", "https://ghe.contoso.com/api/v3/", "team/shop", "https://ghe.contoso.com")]
    [InlineData("contoso/shop", "https://gitlab.com/contoso/shop", "https://api.github.com/", "contoso/shop", "https://github.com")]
    public void A_repository_is_found(string? named, string? remote, string api, string repository, string server = "")
    {
        var found = GitHubRepository.Find(named, new Dictionary<string, string> { ["GITHUB_SERVER_URL"] = server }, remote);

        Assert.Equal((new Uri(api), repository), (found.Api, $"{found.Owner}/{found.Name}"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("shop", null)]
    [InlineData("contoso/shop/more", null)]
    [InlineData("contoso.com:443/contoso/shop", null)]
    [InlineData("a@contoso.com/contoso/shop", null)]
    [InlineData(null, "https://gitlab.com/contoso/shop")]
    [InlineData(null, "https://github.contoso.com/team/shop")]
    [InlineData(null, "https://github.com.contoso.com/contoso/shop")]
    [InlineData("contoso/..", null)]
    public void What_is_no_repository_is_refused(string? named, string? remote) => Assert.Equal(
        "GAN9100",
        Assert.Throws<GantryException>(() => GitHubRepository.Find(named, new Dictionary<string, string>(), remote)).Code);
}

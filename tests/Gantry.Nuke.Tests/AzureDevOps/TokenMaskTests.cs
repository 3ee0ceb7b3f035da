using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Tests.AzureDevOps;

/// <summary>Tokens that a build sends are masked in all that it prints, also when a server repeats them.</summary>
public class TokenMaskTests
{
    private const string GitHub = "github-token-of-anna";
    private const string AzureDevOps = "devops-token-of-anna";

    [Fact]
    public void A_token_for_GitHub_is_masked()
    {
        using var client = ((IHazGitHub)new BuildOnBoth()).OpenGitHub();

        Assert.Equal("no ***", BuildOutput.Secrets.Apply("no " + GitHub));
    }

    [Fact]
    public void A_token_for_Azure_DevOps_is_masked_also_as_it_is_sent()
    {
        using var client = ((IHazAzureDevOps)new BuildOnBoth()).OpenAzureDevOps();

        var sent = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(":" + AzureDevOps)).TrimEnd('=');
        Assert.Equal("no ***, Basic ***", BuildOutput.Secrets.Apply($"no {AzureDevOps}, Basic {sent}"));
    }

    private sealed class BuildOnBoth : NukeBuild, IHazGitHub, IHazAzureDevOps
    {
        public string? GithubRepository => "contoso/shop";

        public string? GithubToken => GitHub;

        public string? AzureDevopsOrganization => "contoso";

        public string? AzureDevopsProject => "shop";

        public string? AzureDevopsToken => AzureDevOps;
    }
}

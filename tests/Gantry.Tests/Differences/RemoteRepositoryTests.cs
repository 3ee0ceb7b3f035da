using Gantry.Differences;

namespace Gantry.Tests.Differences;

public sealed class RemoteRepositoryTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("https://example.com/team/app.git", "https://example.com/team/app")]
    [InlineData("https://example.com/team/app/", "https://example.com/team/app")]
    [InlineData("https://user:secret@example.com/team/app", "https://example.com/team/app")]
    [InlineData("https://example.com:8443/team/app", "https://example.com:8443/team/app")]
    [InlineData("https://contoso@dev.azure.com/contoso/Shop/_git/app", "https://dev.azure.com/contoso/Shop/_git/app")]
    [InlineData("git@ssh.dev.azure.com:v3/contoso/Shop/app", "https://dev.azure.com/contoso/Shop/_git/app")]
    [InlineData("contoso@vs-ssh.visualstudio.com:v3/contoso/Shop/app", "https://dev.azure.com/contoso/Shop/_git/app")]
    [InlineData("git@example.com:team/app.git", "https://example.com/team/app")]
    [InlineData("ssh://git@example.com:7999/team/app.git", "https://example.com/team/app")]
    [InlineData("/srv/git/app.git", null)]
    [InlineData("../app", null)]
    [InlineData("file:///srv/git/app.git", null)]
    [InlineData(@"C:\git\app", null)]
    [InlineData("javascript:alert(1)", "https://javascript/alert(1)")]
    public void The_URL_is_the_same_for_every_clone_and_has_no_secret(string remote, string? expected) =>
        Assert.Equal(expected, RemoteRepository.Parse(remote)?.Url);

    [Theory]
    [InlineData("https://contoso@dev.azure.com/contoso/Shop/_git/app", "https://dev.azure.com/contoso/Shop/_git/app/commit/")]
    [InlineData("git@ssh.dev.azure.com:v3/contoso/My%20Shop/app", "https://dev.azure.com/contoso/My%20Shop/_git/app/commit/")]
    [InlineData("https://contoso.visualstudio.com/Shop/_git/app", "https://contoso.visualstudio.com/Shop/_git/app/commit/")]
    [InlineData("https://contoso.visualstudio.com/DefaultCollection/Shop/_git/app",
        "https://contoso.visualstudio.com/DefaultCollection/Shop/_git/app/commit/")]
    [InlineData("contoso@vs-ssh.visualstudio.com:v3/contoso/Shop/app", "https://dev.azure.com/contoso/Shop/_git/app/commit/")]
    [InlineData("git@github.com:contoso/shop.git", "https://github.com/contoso/shop/commit/")]
    [InlineData("https://github.contoso.com/team/shop.git", "https://github.contoso.com/team/shop/commit/")]
    [InlineData("https://gitlab.com/contoso/team/shop.git", "https://gitlab.com/contoso/team/shop/-/commit/")]
    [InlineData("ssh://git@gitlab.contoso.com:2222/team/shop.git", "https://gitlab.contoso.com/team/shop/-/commit/")]
    [InlineData("git@bitbucket.org:contoso/shop.git", "https://bitbucket.org/contoso/shop/commits/")]
    public void A_commit_has_a_link_in_the_pages_of_its_service(string remote, string link) =>
        Assert.Equal(link + Commit, RemoteRepository.Parse(remote)!.FindCommitLink(Commit));

    [Theory]
    [InlineData("https://example.com/contoso/shop", Commit)]
    [InlineData("https://notgithub.com/contoso/shop", Commit)]
    [InlineData("https://github.com/contoso/shop", "main")]
    [InlineData("https://github.com/contoso/shop", "../../evil")]
    public void Another_service_or_what_is_no_hash_has_no_link(string remote, string commit) =>
        Assert.Null(RemoteRepository.Parse(remote)!.FindCommitLink(commit));
}

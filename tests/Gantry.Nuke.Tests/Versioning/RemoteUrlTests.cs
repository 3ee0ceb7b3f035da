using Gantry.Nuke.Versioning;

namespace Gantry.Nuke.Tests.Versioning;

public sealed class RemoteUrlTests
{
    [Theory]
    [InlineData("https://example.com/team/app.git", "https://example.com/team/app")]
    [InlineData("https://example.com/team/app/", "https://example.com/team/app")]
    [InlineData("https://user:secret@example.com/team/app", "https://example.com/team/app")]
    [InlineData("https://example.com:8443/team/app", "https://example.com:8443/team/app")]
    [InlineData("https://contoso@dev.azure.com/contoso/Shop/_git/app", "https://dev.azure.com/contoso/Shop/_git/app")]
    [InlineData("git@ssh.dev.azure.com:v3/contoso/Shop/app", "https://dev.azure.com/contoso/Shop/_git/app")]
    [InlineData("git@example.com:team/app.git", "https://example.com/team/app")]
    [InlineData("ssh://git@example.com:7999/team/app.git", "https://example.com/team/app")]
    [InlineData("/srv/git/app.git", null)]
    [InlineData("../app", null)]
    [InlineData("file:///srv/git/app.git", null)]
    [InlineData(@"C:\git\app", null)]
    public void The_browsable_URL_is_the_same_for_every_clone_and_has_no_secret(string remote, string? expected) =>
        Assert.Equal(expected, RemoteUrl.Browsable(remote));
}

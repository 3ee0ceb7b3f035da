using Gantry.AzurePipelines.Reporting;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.AzurePipelines.Tests.Reporting;

/// <summary>Later steps put outputs into scripts, so each has the form of its type or is not set.</summary>
public sealed class ReleaseCommandsTests
{
    private const string Secret = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.secret";

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef01234567", "4711")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", null)]
    [InlineData("unknown", "20260101.4")]
    public void Values_of_their_types_become_outputs(string commit, string? build) =>
        Assert.Contains(
            $"##vso[task.setvariable variable=commit;isOutput=true]{commit}",
            ReleaseCommands.Of(Release(commit, build)).Select(command => command.ToString()));

    [Theory]
    [InlineData("$(System.AccessToken)", "4711")]
    [InlineData("0123456789abcdef0123456789abcdef01234567; curl evil", "4711")]
    [InlineData("0123456789abcdef0123456789abcdef0123456\n", "4711")]
    [InlineData("", "4711")]
    [InlineData("main", "4711")]
    [InlineData(Secret, "4711")]
    [InlineData("unknown", "4711\u001b[2A")]
    [InlineData("unknown", "$(x)")]
    [InlineData("unknown", "")]
    [InlineData("unknown", Secret)]
    public void Nothing_is_set_of_a_release_with_other_values(string commit, string build)
    {
        var error = Assert.Throws<GantryException>(() => ReleaseCommands.Of(Release(commit, build)));

        Assert.Equal("GAN4064", error.Code);
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    private static Release Release(string commit, string? build) => new()
    {
        Version = "1.4.2",
        Commit = commit,
        BuildId = build,
        Created = DateTimeOffset.UnixEpoch,
        Images =
        [
            new()
            {
                Name = "app",
                Repository = "base.test/app",
                Digest = Digest.Parse("sha256:" + new string('a', 64)),
                MediaType = "application/vnd.oci.image.manifest.v1+json",
                Size = 1,
                Platforms = ["linux/amd64"],
            },
        ],
    };
}

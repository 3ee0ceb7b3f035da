using Gantry.Nuke.Rebuilding;
using Gantry.Nuke.Tests.Versioning;
using Gantry.Releases;

namespace Gantry.Nuke.Tests.Rebuilding;

/// <summary>Another .NET SDK gives other bytes: it ends the run before the build, unless it is allowed.</summary>
public sealed class RebuildSdkTests : IDisposable
{
    private readonly ScratchRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("10.0.100", "10.0.401", false, "GAN7086", "the .NET SDK 10.0.100, and here its commit selects 10.0.401")]
    [InlineData("10.0.100", null, false, "GAN7087", "no .NET SDK is installed")]
    [InlineData("10.0.100", null, true, "GAN7087", "no .NET SDK is installed")]
    [InlineData("10.0.100", "10.0.100", false, "GAN7089", "has no build.")]
    [InlineData("10.0.100", "10.0.401", true, "GAN7089", "has no build.")]
    [InlineData(null, "10.0.401", false, "GAN7089", "has no build.")]
    public async Task The_SDK_of_the_checkout_is_compared_with_the_recorded_one(
        string? recorded, string? present, bool allowed, string code, string message)
    {
        var commit = _repository.Commit("a", "1\n");
        string? asked = null;
        var run = new RebuildRun
        {
            Root = _repository.Folder.FullName,
            OpenBase = _ => throw new InvalidOperationException("nothing is compared"),
            OpenStore = (_, _) => throw new InvalidOperationException("nothing is built"),
            FindSdk = folder =>
            {
                asked = File.ReadAllText(Path.Combine(folder, "a"));
                return present;
            },
            AllowOtherSdk = allowed,
            Variables = new Dictionary<string, string>(),
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => run.RunAsync(
            new RecordedBuild
            {
                Release = new Release { Version = "1.4.2", Commit = commit, Created = DateTimeOffset.UnixEpoch, Images = [] },
                Sdks = recorded is null ? [] : [recorded],
                BaseImages = [],
                Created = null,
                Source = null,
                IsVerified = true,
            },
            CancellationToken.None));

        Assert.Equal(code, error.Code);
        Assert.Contains(message, error.Problem, StringComparison.Ordinal);
        Assert.Equal("1\n", asked);
    }
}

using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>The repository after <c>git mv .nuke .fallout</c>, which moves it from NUKE to Fallout.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class FalloutTests(RepositoryClone clone)
{
    [NightFact]
    public async Task The_same_sources_promote_on_Fallout()
    {
        using var moved = await MoveAsync();

        var help = await moved.BuildAsync("--help");
        Assert.True(help.ExitCode == 0, help.Output);
        Assert.Contains("Compiling the build ...", help.Output, StringComparison.Ordinal);
        Assert.Contains("Fallout Execution Engine version 10.4.", help.Output, StringComparison.Ordinal);
        Assert.Contains("PromoteDev (default)", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NUKE", help.Output, StringComparison.Ordinal);
        await CommitAsync(moved);

        var first = await moved.BuildAsync("PromoteDev");
        var second = await moved.BuildAsync(["PromoteDev", .. RepositoryClone.BuiltAlready]);
        Assert.True(first.ExitCode == 0, first.Output);
        Assert.True(second.ExitCode == 0, second.Output);
        Assert.Contains("Nothing moves", second.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(moved.PathOf(".fallout/temp"), "build*.log"));
        Assert.False(Directory.Exists(moved.PathOf(".nuke")));

        // Generated files are the same on both.
        var verified = await moved.BuildAsync("VerifyGenerated");
        Assert.True(verified.ExitCode == 0, verified.Output);
        Assert.Equal("", await RepositoryClone.GitAsync(moved.Root, "status", "--porcelain"));

        await WrongInputIsOneSentenceAsync(moved);
    }

    private static async Task WrongInputIsOneSentenceAsync(ScratchClone moved)
    {
        await EndsAsync("GAN7003: ", [], "PromoteDev", "--dev-registri", "oci:x");
        await EndsAsync("GAN7043: there is no .fallout/parameters.moon.json", [], "PromoteDev", "--profile", "moon");
        await EndsAsync("give it the folder that has .fallout", [], "PromoteDev", "--root", "/nowhere/to/be/found");
        await EndsAsync(
            "GAN7004: the environment variable FALLOUT_IMAGE_BUILDER", new() { ["FALLOUT_IMAGE_BUILDER"] = "podman" }, "PromoteDev");
        await EndsAsync("GAN1006: ", new() { ["FALLOUT_DEV_REGISTRY"] = "https://example.com" }, "PromoteDev");
        await EndsAsync("GAN1006: ", new() { ["NUKE_DEV_REGISTRY"] = "https://example.com" }, "PromoteDev");

        async Task EndsAsync(string expected, Dictionary<string, string> environment, params string[] arguments)
        {
            var run = await RepositoryClone.BuildInAsync(moved.Root, environment, arguments);

            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains(expected, run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        }
    }

    private async Task<ScratchClone> MoveAsync()
    {
        var copy = await ScratchClone.CreateAsync(clone.Root);
        await RepositoryClone.GitAsync(copy.Root, "mv", ".nuke", ".fallout");
        return copy;
    }

    private static async Task CommitAsync(ScratchClone moved)
    {
        await RepositoryClone.GitAsync(moved.Root, "add", "--all");
        await RepositoryClone.GitAsync(moved.Root, "commit", "--quiet", "--message", "On Fallout");
    }
}

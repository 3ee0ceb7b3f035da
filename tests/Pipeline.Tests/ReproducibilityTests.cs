using System.Text.Json;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>The same commit gives the same digest: in two folders and processes, with different file times.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class ReproducibilityTests(RepositoryClone clone)
{
    [Fact]
    public async Task Two_clones_build_the_same_image()
    {
        await clone.PromoteDevAsync();
        using var other = await ScratchClone.CreateAsync(clone.Root);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(other.Root, "src", "App"), "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 5, 17, 0, 0, 0, DateTimeKind.Utc));
        foreach (var compiled in new[] { "bin", "obj" })
            Directory.Delete(Path.Combine(other.Root, "src", "App", compiled), recursive: true);

        var run = await other.BuildAsync("BuildImage");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(Digest(clone.Root), Digest(other.Root));
    }

    [NightFact]
    public async Task A_release_of_this_repository_is_rebuilt_from_its_commit()
    {
        using var other = await ScratchClone.CreateAsync(clone.Root);
        await File.WriteAllTextAsync(other.PathOf("Dockerfile"), "FROM scratch\nCOPY artifacts/app /app\n");
        await RepositoryClone.GitAsync(other.Root, "commit", "--quiet", "--all", "--message", "without a base image");
        var published = await other.BuildAsync("PushBase", "--release-version", "1.4.2");
        Assert.True(published.ExitCode == 0, published.Output);

        // The checkout is elsewhere, and the whole build program is compiled in it.
        var run = await RepositoryClone.BuildInAsync(
            other.Root, new Dictionary<string, string> { ["RunAnalyzers"] = "false" }, "Rebuild", "--release", "1.4.2");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("app 1.4.2 is the same: " + Digest(other.Root), run.Output, StringComparison.Ordinal);
    }

    private static string? Digest(string root)
    {
        using var images = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "artifacts", "images", "images.json")));
        return images.RootElement.GetProperty("images")[0].GetProperty("digest").GetString();
    }
}

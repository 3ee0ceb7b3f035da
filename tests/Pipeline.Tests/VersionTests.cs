using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>When the version is unknown, the build refuses to run with a wrong one.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class VersionTests(RepositoryClone clone)
{
    [Fact]
    public async Task A_shallow_clone_is_refused_without_a_version_parameter()
    {
        using var copy = await CopyAsync();
        await RepositoryClone.GitAsync(copy.Root, "commit", "--quiet", "--allow-empty", "--message", "second");
        var commit = await RepositoryClone.GitAsync(copy.Root, "rev-parse", "HEAD");
        await File.WriteAllTextAsync(Path.Combine(copy.Root, ".git", "shallow"), commit + "\n");

        var refused = await copy.BuildAsync("Compile", "--skip");
        var said = await copy.BuildAsync("Compile", "--release-version", "2.0.0");

        Assert.Contains("GAN7007: ", refused.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.True(said.ExitCode == 0, said.Output);
        Assert.Contains("Version 2.0.0", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_git_is_refused_without_a_version_parameter()
    {
        using var copy = await CopyAsync();
        Directory.Delete(Path.Combine(copy.Root, ".git"), recursive: true);

        var refused = await copy.BuildAsync("Compile", "--skip");
        var said = await copy.BuildAsync("Compile", "--release-version", "2.0.0-rc.1");

        Assert.Contains("GAN7006: ", refused.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.True(said.ExitCode == 0, said.Output);
    }

    [Fact]
    public async Task Uncommitted_changes_are_part_of_the_version()
    {
        using var copy = await CopyAsync();
        await File.AppendAllTextAsync(Path.Combine(copy.Root, "src", "App", "Page.html"), "<!-- changed -->\n");

        var run = await copy.BuildAsync("Compile");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Matches(@"Version 1\.2\.0-dirty-[0-9a-f]{8}", run.Output);
        Assert.Contains("uncommitted changes (src/App/Page.html), so the version says 'dirty'", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_the_first_run_are_not_uncommitted_changes()
    {
        using var copy = await CopyAsync();
        await RepositoryClone.GitAsync(copy.Root, "rm", "--quiet", "-r", ".nuke/build.schema.json", ".run", "azure-pipelines.yml");
        await RepositoryClone.GitAsync(copy.Root, "commit", "--quiet", "--message", "not generated yet");

        var run = await copy.BuildAsync("Compile");
        var second = await copy.BuildAsync("Compile");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.True(File.Exists(Path.Combine(copy.Root, ".nuke", "build.schema.json"))
            && File.Exists(Path.Combine(copy.Root, "azure-pipelines.yml")));
        Assert.DoesNotContain("dirty", run.Output + second.Output, StringComparison.Ordinal);
        Assert.Contains("Version 1.2.", second.Output, StringComparison.Ordinal);
        Assert.Contains("Generated azure-pipelines.yml. Commit it with the build class", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"Generated \d+ files in \.run\. ", run.Output);
    }

    // With the compiled build, so that the test is about the version only.
    private Task<ScratchClone> CopyAsync() => ScratchClone.CreateAsync(clone.Root);
}

using System.Diagnostics;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>Files generated from build/Build.cs: updated on a developer's machine, verified in CI.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class GeneratedFilesTests(RepositoryClone clone)
{
    [Fact]
    public async Task Committed_files_match_the_declaration()
    {
        var run = await clone.BuildAsync("VerifyGenerated");
        Assert.True(run.ExitCode == 0, run.Output);
    }

    [Fact]
    public async Task Stale_and_missing_files_are_printed_with_their_differences()
    {
        using var copy = await ScratchClone.CreateAsync(clone.Root);
        var pipeline = await SpoilAsync(copy, "azure-pipelines.yml", "vmImage: ubuntu-latest", "vmImage: windows-latest");
        File.Delete(copy.PathOf(".run/PromoteDev.run.xml"));

        var run = await copy.BuildAsync("VerifyGenerated");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(
            "GAN8061: 2 generated files are not what the declaration says: azure-pipelines.yml, .run/PromoteDev.run.xml (is missing)",
            run.Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "-  vmImage: windows-latest\n+  vmImage: ubuntu-latest\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(pipeline, await File.ReadAllTextAsync(copy.PathOf("azure-pipelines.yml")));
        Assert.False(File.Exists(copy.PathOf(".run/PromoteDev.run.xml")));
    }

    [Fact]
    public async Task A_local_run_updates_generated_files_and_keeps_manual_entries()
    {
        using var copy = await ScratchClone.CreateAsync(clone.Root);
        await SpoilAsync(copy, "azure-pipelines.yml", "vmImage: ubuntu-latest", "vmImage: windows-latest");
        await SpoilAsync(copy, ".vscode/tasks.json", "build: PromoteDev", "mine: PromoteDev");

        var run = await copy.BuildAsync("Restore");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("Regenerated because the declaration has changed: azure-pipelines.yml. ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Regenerated because the declaration has changed: .vscode/tasks.json. ", run.Output, StringComparison.Ordinal);
        Assert.Equal("", await RepositoryClone.GitAsync(copy.Root, "diff", "--", "azure-pipelines.yml"));
        var tasks = await File.ReadAllTextAsync(copy.PathOf(".vscode/tasks.json"));
        Assert.Contains("mine: PromoteDev", tasks, StringComparison.Ordinal);
        Assert.Contains("build: PromoteDev", tasks, StringComparison.Ordinal);
        Assert.Equal(0, (await copy.BuildAsync("VerifyGenerated")).ExitCode);
    }

    [Fact]
    public async Task A_launch_profile_runs_the_target_that_it_names()
    {
        var start = new ProcessStartInfo("dotnet", ["run", "--project", "build", "--launch-profile", "ShowEnvironments"])
        {
            WorkingDirectory = clone.Root,
        };

        var run = await RepositoryClone.RunBuildAsync(start, new Dictionary<string, string>());

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Matches(@"ShowEnvironments\s+Succeeded", run.Output);
        Assert.DoesNotMatch(@"PromoteDev\s+Succeeded", run.Output);
    }

    [Fact]
    public async Task A_build_server_writes_generated_files_only_on_request()
    {
        using var copy = await ScratchClone.CreateAsync(clone.Root);
        var spoiled = await SpoilAsync(copy, "azure-pipelines.yml", "vmImage: ubuntu-latest", "vmImage: windows-latest");

        var run = await RepositoryClone.BuildInAsync(copy.Root, new Dictionary<string, string> { ["TF_BUILD"] = "True" }, "Restore");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(spoiled, await File.ReadAllTextAsync(copy.PathOf("azure-pipelines.yml")));

        run = await copy.BuildAsync("--generate-configuration", "AzurePipelines", "--host", "AzurePipelines");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("", await RepositoryClone.GitAsync(copy.Root, "diff", "--", "azure-pipelines.yml"));
    }

    // Returns the new content of the file.
    private static async Task<string> SpoilAsync(ScratchClone copy, string file, string part, string other)
    {
        var before = await File.ReadAllTextAsync(copy.PathOf(file));
        var after = before.Replace(part, other, StringComparison.Ordinal);
        Assert.NotEqual(before, after);
        await File.WriteAllTextAsync(copy.PathOf(file), after);
        return after;
    }
}

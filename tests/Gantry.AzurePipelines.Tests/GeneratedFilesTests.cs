using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.RunConfigurations;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Testing;

namespace Gantry.AzurePipelines.Tests;

public sealed class GeneratedFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly GeneratedFile[] _files = [new("azure-pipelines.yml", "a: 1\nb: 2\nc: 3\n"), new(".run/Test.run.xml", "<x/>\n")];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unchanged_files_have_no_differences()
    {
        Write("azure-pipelines.yml", "a: 1\nb: 2\nc: 3\n");
        Write(".run/Test.run.xml", "<x/>\r\n");
        Assert.Empty(await CompareAsync());
    }

    [Fact]
    public async Task Stale_files_are_listed_with_their_diff()
    {
        Write("azure-pipelines.yml", "a: 1\nb: two\nc: 3\n");

        var differences = await CompareAsync();

        Assert.Equal(["azure-pipelines.yml", ".run/Test.run.xml"], differences.Select(difference => difference.Path));
        Assert.Equal(
            "--- a/azure-pipelines.yml\n+++ b/azure-pipelines.yml\n@@ -1,3 +1,3 @@\n a: 1\n-b: two\n+b: 2\n c: 3\n", differences[0].Diff);
        Assert.Equal([FileState.Stale, FileState.Missing], differences.Select(difference => difference.State));
        Assert.StartsWith("--- /dev/null\n+++ b/.run/Test.run.xml\n", differences[1].Diff, StringComparison.Ordinal);
        Assert.Equal(
            "GAN8061: the generated file 'azure-pipelines.yml' is not what the declaration says; run the build on your machine, "
                + "which regenerates it, and commit the result.",
            GeneratedFiles.ToException([differences[0]]).Message);
        Assert.Equal(
            "GAN8061: 2 generated files are not what the declaration says: azure-pipelines.yml, .run/Test.run.xml (is missing); "
                + "run the build on your machine, which regenerates it, and commit the result.",
            GeneratedFiles.ToException(differences).Message);
    }

    [Fact]
    public async Task Only_stale_files_are_written()
    {
        Write("azure-pipelines.yml", "a: 1\nb: 2\nc: 3\n");
        File.SetLastWriteTimeUtc(_folder.Combine("azure-pipelines.yml"), DateTime.UnixEpoch);

        Assert.Equal([".run/Test.run.xml"], GeneratedFiles.Write(new(_files, []), _folder.Path));

        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(_folder.Combine("azure-pipelines.yml")));
        Assert.Empty(await CompareAsync());
        Assert.Empty(GeneratedFiles.Write(new(_files, []), _folder.Path));
    }

    [Fact]
    public async Task The_file_of_a_removed_target_is_deleted_and_manual_files_stay()
    {
        var before = RunConfigurationGenerator.Generate(new() { Targets = [new("Gone"), new("Test")], Editors = Editors.Rider });
        var after = RunConfigurationGenerator.Generate(new() { Targets = [new("Test")], Editors = Editors.Rider });
        GeneratedFiles.Write(before, _folder.Path);
        Write(".run/Mine.run.xml", "<component><configuration name=\"Mine\" /></component>");
        Write(".run/Broken.run.xml", "<");

        var difference = Assert.Single(await GeneratedFiles.CompareAsync(after, _folder.Path, CancellationToken.None));
        Assert.Equal((".run/Gone.run.xml", FileState.Orphaned), (difference.Path, difference.State));
        Assert.Contains("+++ /dev/null", difference.Diff, StringComparison.Ordinal);
        Assert.Equal([".run/Gone.run.xml"], GeneratedFiles.Write(after, _folder.Path));
        Assert.Equal(
            ["Broken.run.xml", "Mine.run.xml", "Test.run.xml"],
            Directory.GetFiles(_folder.Combine(".run")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Mine", "Gone", null)]
    [InlineData("Gone", "Gone --release 1.4.2", null)]
    [InlineData("Gone", "Test", null)]
    [InlineData("Gone", "Gone", "DotNetExecutable")]
    public async Task A_configuration_copied_from_a_generated_one_stays(string name, string parameters, string? type)
    {
        var gone = RunConfigurationGenerator.Generate(new() { Targets = [new("Gone")], Editors = Editors.Rider }).Files[0];
        var after = RunConfigurationGenerator.Generate(new() { Targets = [new("Test")], Editors = Editors.Rider });
        GeneratedFiles.Write(after, _folder.Path);
        var own = gone.Content
            .Replace("name=\"Gone\"", $"name=\"{name}\"", StringComparison.Ordinal)
            .Replace("value=\"Gone\"", $"value=\"{parameters}\"", StringComparison.Ordinal)
            .Replace("DotNetProject", type ?? "DotNetProject", StringComparison.Ordinal);
        var file = Write($".run/{name}.run.xml", own);
        Write(".run/Gone (copy).run.xml", gone.Content);

        Assert.Empty(await GeneratedFiles.CompareAsync(after, _folder.Path, CancellationToken.None));
        Assert.Empty(GeneratedFiles.Write(after, _folder.Path));
        Assert.Equal(own, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public void The_file_of_a_removed_target_with_a_profile_is_deleted()
    {
        GeneratedFiles.Write(
            RunConfigurationGenerator.Generate(new() { Targets = [new("Gone") { Profile = "local" }], Editors = Editors.Rider }),
            _folder.Path);
        Assert.Equal(
            [".run/Gone.run.xml"],
            GeneratedFiles.Write(RunConfigurationGenerator.Generate(new() { Targets = [], Editors = Editors.Rider }), _folder.Path));
    }

    [Fact]
    public async Task An_undeclared_generated_pipeline_is_deleted_and_a_manual_one_stays()
    {
        GeneratedFiles.Write(PipelineGenerator.Generate(SampleDeclarations.ReleaseByHand), _folder.Path);
        var after = PipelineGenerator.Generate(SampleDeclarations.Contoso);

        var differences = await GeneratedFiles.CompareAsync(after, _folder.Path, CancellationToken.None);
        string[] gone = ["azure-pipelines.promote.yml", "azure-pipelines.release.promote.yml", "azure-pipelines.release.yml"];
        Assert.Equal(gone, differences.Where(difference => difference.State == FileState.Orphaned).Select(difference => difference.Path));

        Assert.Equal(["azure-pipelines.yml", .. gone], GeneratedFiles.Write(after, _folder.Path));
        Write("azure-pipelines.release.yml", "# Written by hand.\nsteps: []\n");
        Assert.Empty(await GeneratedFiles.CompareAsync(after, _folder.Path, CancellationToken.None));
        Assert.Empty(GeneratedFiles.Write(after, _folder.Path));
        Assert.Equal(
            ["azure-environments.json", "azure-pipelines.release.yml", "azure-pipelines.yml"],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_written_when_the_declaration_is_wrong()
    {
        var wrong = new GenerationResult(_files, [new("GAN8040", DiagnosticSeverity.Error, "problem", "remedy", "path")]);
        Assert.Equal("GAN8040", Assert.Throws<GantryException>(() => GeneratedFiles.Write(wrong, _folder.Path)).Code);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_reported()
    {
        Write(".run", "a file where a folder should be");
        Assert.Equal("GAN8063", Assert.Throws<GantryException>(() => GeneratedFiles.Write(new([_files[1]], []), _folder.Path)).Code);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_reported()
    {
        Directory.CreateDirectory(_folder.Combine("azure-pipelines.yml"));
        await using var held = new FileStream(Write(".run/Test.run.xml", "x"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            GeneratedFiles.CompareAsync(new([_files[1]], []), _folder.Path, CancellationToken.None));
        Assert.Equal("GAN8060", error.Code);
    }

    [Fact]
    public async Task An_unreadable_orphan_candidate_is_reported()
    {
        var generated = PipelineGenerator.Generate(SampleDeclarations.Contoso);
        GeneratedFiles.Write(generated, _folder.Path);
        await using var held =
            new FileStream(Write("azure-pipelines.release.yml", "x"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            GeneratedFiles.CompareAsync(generated, _folder.Path, CancellationToken.None));
        Assert.Equal("GAN8060", error.Code);
        Assert.Equal("GAN8060", Assert.Throws<GantryException>(() => GeneratedFiles.Write(generated, _folder.Path)).Code);
    }

    private string Write(string path, string content) => _folder.Write(path, System.Text.Encoding.UTF8.GetBytes(content));

    private Task<IReadOnlyList<FileDifference>> CompareAsync() =>
        GeneratedFiles.CompareAsync(new(_files, []), _folder.Path, CancellationToken.None);
}

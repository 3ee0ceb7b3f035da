using Gantry.AzurePipelines;
using Gantry.GitHubActions.Generation;
using Gantry.GitHubActions.Tests.Fixtures;

namespace Gantry.GitHubActions.Tests.Generation;

/// <summary>Every file of every kind of declaration, compared with its snapshot.</summary>
public class SnapshotTests
{
    public static TheoryData<string, string> Files
    {
        get
        {
            var files = new TheoryData<string, string>();
            foreach (var (name, declaration) in SampleWorkflows.All)
            {
                foreach (var file in WorkflowGenerator.Generate(declaration).EnsureValid())
                    files.Add(name, file.Path);
            }

            foreach (var (name, declaration) in SampleWorkflows.Drifts)
                files.Add(name, declaration.File);

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Writes(string sample, string path)
    {
        var file = FilesOf(sample).Single(file => file.Path == path);
        var settings = new VerifySettings();
        settings.UseDirectory("../Snapshots");
        settings.UseFileName($"{sample}.{Path.GetFileNameWithoutExtension(path)}");
        settings.DontScrubGuids();
        settings.DontScrubDateTimes();
        await Verifier.Verify(file.Content, "yml", settings);
    }

    // Read by .ci/workflows-check, which has the rules of actionlint.
    [Fact]
    public void Writes_its_samples_into_the_folder_that_is_named()
    {
        if (Environment.GetEnvironmentVariable("GANTRY_WORKFLOW_SAMPLES") is not { Length: > 0 } folder)
            return;
        foreach (var name in SampleWorkflows.All.Keys)
        {
            foreach (var file in FilesOf(name))
                File.WriteAllText(Path.Combine(folder, $"{name}.{Path.GetFileName(file.Path)}"), file.Content);
        }
    }

    private static IEnumerable<GeneratedFile> FilesOf(string sample) =>
    [
        .. WorkflowGenerator.Generate(SampleWorkflows.All[sample]).EnsureValid(),
        .. SampleWorkflows.Drifts.TryGetValue(sample, out var drift) ? WorkflowGenerator.Generate(drift).EnsureValid() : [],
    ];
}

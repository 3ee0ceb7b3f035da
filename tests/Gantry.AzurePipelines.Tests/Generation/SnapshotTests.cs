using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>Every file of every kind of declaration, compared with its snapshot.</summary>
public class SnapshotTests
{
    public static TheoryData<string, string> Files
    {
        get
        {
            var files = new TheoryData<string, string>();
            foreach (var (name, declaration) in SampleDeclarations.All)
            {
                foreach (var file in PipelineGenerator.Generate(declaration).Files)
                    files.Add(name, file.Path);
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public Task Writes(string sample, string path) =>
        VerifyAsync(PipelineGenerator.Generate(SampleDeclarations.All[sample]).Files.Single(file => file.Path == path), sample);

    [Fact]
    public Task Writes_a_pipeline_of_targets() =>
        VerifyAsync(Assert.Single(PipelineGenerator.Generate(SampleDeclarations.Packages).EnsureValid()), "targets");

    private static async Task VerifyAsync(GeneratedFile file, string sample)
    {
        var settings = new VerifySettings();
        settings.UseDirectory("../Snapshots");
        settings.UseFileName($"{sample}.{Path.GetFileNameWithoutExtension(file.Path)}");
        settings.DontScrubGuids();
        settings.DontScrubDateTimes();
        await Verifier.Verify(file.Content, Path.GetExtension(file.Path).TrimStart('.'), settings);
    }

    [Fact]
    public async Task All_diagnostics_of_a_declaration_match_the_snapshot()
    {
        var result = PipelineGenerator.Generate(SampleDeclarations.Minimal with
        {
            Environments =
            [
                new(new("dev") { Gates = [Gate.Approval("[Contoso]\\QA", minimum: 2), Gate.Soak(TimeSpan.FromHours(1))] }),
                new(new("all")),
            ],
            Files = new() { Template = "azure-pipelines.yml", Environments = "/environments.json" },
            ReleasePipeline = new(),
            Commands = new() { PublishSecrets = ["1Key", "Path"] },
            Variables = [new("Path", "x")],
        });
        Assert.Empty(result.Files);

        var settings = new VerifySettings();
        settings.UseDirectory("../Snapshots");
        settings.UseFileName("findings");
        await Verifier.Verify(
            string.Join('\n', result.Diagnostics.Select(diagnostic => $"{diagnostic.Severity}: {diagnostic.Message}")), settings);
    }
}

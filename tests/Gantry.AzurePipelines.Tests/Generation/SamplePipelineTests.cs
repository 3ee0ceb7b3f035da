using System.Text.RegularExpressions;
using CsCheck;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.AzurePipelines.Yaml;
using Gantry.Testing;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>
/// Writes the expanded pipelines of the samples and of generated declarations into a folder, where <c>.ci/pipelines-check</c> verifies them
/// against the rules of the service. GANTRY_PIPELINE_SAMPLES names the folder; without it everything is expanded and nothing is written.
/// </summary>
public class SamplePipelineTests
{
    internal static readonly string? Folder = Environment.GetEnvironmentVariable("GANTRY_PIPELINE_SAMPLES");

    [Fact]
    public void Pipelines_of_the_samples_are_written()
    {
        foreach (var (name, declaration) in SampleDeclarations.All)
            Write(name, declaration);
    }

    [Fact]
    public void Pipelines_of_this_repository_are_written()
    {
        var files = Directory.GetFiles(RepositoryFiles.Root, "azure-pipelines*.yml")
            .Select(path => new GeneratedFile(Path.GetFileName(path), File.ReadAllText(path)))
            .ToList();
        Assert.Equal(
            [
                "azure-pipelines.drift.yml", "azure-pipelines.packages.yml", "azure-pipelines.release.yml", "azure-pipelines.rollback.yml",
                "azure-pipelines.yml",
            ],
            files.Select(file => file.Path).Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            foreach (var reason in (string[])["IndividualCI", "PullRequest"])
            {
                var expanded = YamlWriter.Write(ExpandedPipelines.Of(files, file.Path, reason));
                if (Folder is not null)
                    File.WriteAllText(Path.Combine(Folder, $"repository.{reason}.{file.Path}"), expanded);
            }
        }
    }

    [Fact]
    public void A_pipeline_of_targets_is_written()
    {
        var file = Assert.Single(PipelineGenerator.Generate(SampleDeclarations.Packages).EnsureValid());
        var expanded = YamlWriter.Write(ExpandedPipelines.Of([file], file.Path));
        Assert.DoesNotContain("${{", expanded, StringComparison.Ordinal);
        if (Folder is not null)
            File.WriteAllText(Path.Combine(Folder, file.Path), expanded);
    }

    [Fact]
    public void Pipelines_of_generated_declarations_are_written()
    {
        // The same declarations in every run: the service's rules are verified by a tool that takes some texts for anchors ("- a &b"),
        // and what is random must not decide whether a commit passes. The properties of this project generate new ones each time.
        var random = new PCG(stream: 1, seed: 1);
        for (var number = 1; number <= 40;)
        {
            var declaration = DeclarationGen.Any.Generate(random, min: null, out _);
            if (!LooksAnchored(declaration))
                Write($"any-{number++}", declaration);
        }
    }

    // What the tool takes for an anchor.
    private static bool LooksAnchored(PipelineDeclaration declaration) => PipelineGenerator.Generate(declaration).Files
        .Select(file => Regex.Replace(file.Content, "'[^']*'|\"[^\"]*\"", ""))
        .Any(text => Regex.IsMatch(text, @"(^|[\s:\-])[&*][A-Za-z0-9_]+\s*$", RegexOptions.Multiline));

    private static void Write(string name, PipelineDeclaration declaration)
    {
        var files = PipelineGenerator.Generate(declaration).EnsureValid();
        foreach (var path in (string[])[declaration.Files.Pipeline, declaration.Files.ReleasePipeline])
        {
            if (files.FirstOrDefault(file => file.Path == path) is not { } file)
                continue;
            // What the tool cannot expand is expanded here: as for a push, and as for a pull request.
            foreach (var reason in (string[])["IndividualCI", "PullRequest"])
            {
                var expanded = YamlWriter.Write(ExpandedPipelines.Of(files, path, reason));
                Assert.DoesNotContain("${{", expanded, StringComparison.Ordinal);
                if (Folder is not null)
                    File.WriteAllText(Path.Combine(Folder, $"{name}.{reason}.{path}"), expanded);
            }

            // As generated without templates.
            if (Folder is null)
                continue;
            if (!declaration.UseTemplates)
                File.WriteAllText(Path.Combine(Folder, $"{name}.written.{path}"), file.Content);
        }
    }
}

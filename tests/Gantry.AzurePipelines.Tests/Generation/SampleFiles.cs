using CsCheck;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>
/// Pipelines of the samples and of generated declarations, templates in place, in a folder where <c>.ci/pipelines-check</c> holds them
/// against the rules of the service. The folder is named by GANTRY_PIPELINE_SAMPLES; without it everything is expanded and nothing written.
/// </summary>
public class SampleFiles
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("GANTRY_PIPELINE_SAMPLES");

    [Fact]
    public void Of_the_samples()
    {
        foreach (var (name, declaration) in Samples.All)
            Write(name, declaration);
    }

    [Fact]
    public void Of_a_pipeline_of_targets()
    {
        var file = Assert.Single(PipelineGenerator.Generate(Samples.Packages).EnsureValid());
        Assert.DoesNotContain("${{", file.Content, StringComparison.Ordinal);
        if (Folder is not null)
            File.WriteAllText(Path.Combine(Folder, file.Path), file.Content);
    }

    [Fact]
    public void Of_generated_declarations()
    {
        var number = 0;
        DeclarationGen.Any.Sample(declaration => Write($"any-{Interlocked.Increment(ref number)}", declaration), iter: 40);
    }

    private static void Write(string name, PipelineDeclaration declaration)
    {
        var files = PipelineGenerator.Generate(declaration).EnsureValid();
        foreach (var path in (string[])[declaration.Files.Pipeline, declaration.Files.ReleasePipeline])
        {
            if (files.FirstOrDefault(file => file.Path == path) is not { } file)
                continue;
            var expanded = YamlWriter.Write(Expansion.Of(files, path));
            Assert.DoesNotContain("${{", expanded, StringComparison.Ordinal);
            if (Folder is null)
                continue;

            // As it was written where it needs no template; what the tool cannot expand is expanded for it.
            File.WriteAllText(Path.Combine(Folder, $"{name}.{path}"), expanded);
            if (!declaration.UseTemplates)
                File.WriteAllText(Path.Combine(Folder, $"{name}.written.{path}"), file.Content);
        }
    }
}

using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Preview;
using Gantry.AzurePipelines.Service;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Versioning;

namespace Gantry.Nuke;

/// <summary>Asks Azure DevOps whether it would run the generated pipelines.</summary>
public interface IValidatePipeline : IHazAzureDevOps
{
    /// <summary>
    /// Fails with the errors of the service when it would not run one of the generated pipelines. Nothing is run or written.
    /// </summary>
    Target ValidatePipeline => _ => _
        .Description("Asks Azure DevOps itself whether it would run the generated pipelines")
        .Uses(new(nameof(AzureDevopsOrganization), nameof(AzureDevopsProject), nameof(AzureDevopsToken), nameof(AzureDevopsPipelines)))
        .ExecutesAsync(this, async cancellationToken =>
        {
            var declarations = DeclaredPipelines();
            using var client = OpenAzureDevOps();
            var previewed = new List<PreviewedPipeline>();
            foreach (var declaration in declarations)
                previewed.AddRange(await new PipelinePreviewer(client).PreviewAsync(PreviewOf(declaration), cancellationToken));

            foreach (var pipeline in previewed)
            {
                if (pipeline.Diagnostics.All(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning))
                    BuildOutput.Information($"The service would run {pipeline.File} as the pipeline {pipeline.Pipeline}");
                foreach (var diagnostic in pipeline.Diagnostics)
                    BuildOutput.Warning(diagnostic.Message);
            }

            PipelinePreviewer.ThrowIfRefused(previewed);
        });

    // Templates are read from a branch of the repository: the branch of the build, or the upstream of the current branch.
    private PreviewRequest PreviewOf(PipelineDeclaration declaration)
    {
        var git = new Git(RootDirectory);
        var source = EnvironmentInfo.Variables.GetValueOrDefault("BUILD_SOURCEBRANCH");
        var upstream = source is null ? git.TryRun("rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}") : null;
        var pushed = source is not null ? "HEAD" : upstream;
        return new()
        {
            Declaration = declaration,
            Repository = RepositoryUrl,
            Pipelines = AzureDevopsPipelines ?? [],
            Branch = source
                ?? (upstream?.IndexOf('/', StringComparison.Ordinal) is { } slash and > 0 ? "refs/heads/" + upstream[(slash + 1)..] : null),
            UnpushedFiles =
            [
                .. PipelineGenerator.Generate(declaration).EnsureValid()
                    .Where(file => pushed is null
                        || git.TryRun("show", $"{pushed}:{file.Path}")?.ReplaceLineEndings("\n") != file.Content.TrimEnd('\n'))
                    .Select(file => file.Path),
            ],
        };
    }
}

using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>A pipeline, the file to which it is written, and the file for a template of its stages.</summary>
internal sealed record PipelineFile(string Path, string Template, Pipeline Pipeline);

/// <summary>Moves the stages that promote into a template.</summary>
internal static class PipelineTemplates
{
    /// <summary>
    /// Creates the pipeline with instances of the template instead of its deployments, and the template. Returns null when the pipeline has
    /// no deployments.
    /// </summary>
    public static (Pipeline Pipeline, YamlMapping Template)? Extract(PipelineDeclaration declaration, PipelineFile file)
    {
        var extends = file.Pipeline.Extends;
        var stages = extends?.Stages ?? file.Pipeline.Stages;
        List<StageEntry> deployments = [.. stages.Where(stage => stage is Stage { IsOwn: false, Jobs: [{ Environment: not null }, ..] })];
        if (deployments.Count == 0)
            return null;

        // The arguments for a template of another repository must name the repository of their own templates.
        var reference = extends is null ? RelativePath.TemplateReference(file.Path, file.Template) : $"/{file.Template}@self";
        var (template, arguments) = StageTemplating.Create([.. deployments.Select(stage => (YamlMapping)stage.ToYaml())]);
        IReadOnlyList<StageEntry> replaced =
            [.. stages.Select(stage => deployments.IndexOf(stage) is var at and >= 0
                ? new StageTemplate(reference) { Parameters = arguments[at], When = stage.When }
                : stage)];
        var pipeline = extends is null
            ? file.Pipeline with { Stages = replaced }
            : file.Pipeline with { Extends = extends with { Stages = replaced } };
        return (pipeline, template);
    }
}

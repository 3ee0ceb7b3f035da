using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>A pipeline with the file that it is written to, and the file for a template of its stages.</summary>
internal sealed record PipelineFile(string Path, string Template, Pipeline Pipeline);

/// <summary>Moves the stages that promote into a template.</summary>
internal static class PipelineTemplates
{
    /// <summary>The pipeline with instances of the template in place of its deployments, and the template; null when nothing deploys.</summary>
    public static (Pipeline Pipeline, YamlMapping Template)? Extract(PipelineDeclaration declaration, PipelineFile file)
    {
        var extends = file.Pipeline.Extends;
        var stages = extends?.Stages ?? file.Pipeline.Stages;
        List<StageEntry> deployments = [.. stages.Where(stage => stage is Stage { Jobs: [{ Environment: not null }, ..] })];
        if (deployments.Count == 0)
            return null;

        // What a template of another repository is given must say where its own templates are.
        var reference = extends is null ? RelativePath.TemplateReference(file.Path, file.Template) : $"/{file.Template}@self";
        var (template, arguments) = StageTemplating.Create([.. deployments.Select(stage => (YamlMapping)stage.ToYaml())]);
        IReadOnlyList<StageEntry> replaced =
            [.. stages.Select(stage => deployments.IndexOf(stage) is var at and >= 0 ? new StageTemplate(reference) { Parameters = arguments[at] } : stage)];
        var pipeline = extends is null ? file.Pipeline with { Stages = replaced } : file.Pipeline with { Extends = extends with { Stages = replaced } };
        return (pipeline, template);
    }
}

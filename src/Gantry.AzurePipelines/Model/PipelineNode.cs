using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A node of a pipeline: one record for each kind of node in YAML, written with its keys in one fixed order.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema">Azure Pipelines, YAML schema reference</seealso>
internal abstract record PipelineNode
{
    /// <summary>
    /// What in the declaration the node came from, for messages: <c>Environments["prod"].Gates[0]</c>. Not written; null: the node
    /// is named by its own place in the model.
    /// </summary>
    public string? Origin { get; init; }

    /// <summary>The node as YAML.</summary>
    public abstract YamlValue ToYaml();
}

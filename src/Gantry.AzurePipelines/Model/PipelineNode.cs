using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A node of a pipeline: one record for each kind of node in YAML, written with its keys in a fixed order.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema">Azure Pipelines, YAML schema reference</seealso>
internal abstract record PipelineNode
{
    /// <summary>
    /// The path in the declaration that the node comes from, for messages: <c>Environments["prod"].Gates[0]</c>. It is not written; null
    /// when the node is named by its own place in the model.
    /// </summary>
    public string? Origin { get; init; }

    /// <summary>Returns the node as YAML.</summary>
    public abstract YamlValue ToYaml();
}

using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A parameter of a pipeline or a template.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/parameters-parameter">
/// parameters.parameter definition
/// </seealso>
internal sealed record PipelineParameter(string Name, ParameterType Type) : PipelineNode
{
    /// <summary>The display name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The default value; null when a value is required.</summary>
    public YamlValue? Default { get; init; }

    /// <summary>The allowed values; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("displayName", DisplayName)
        .Add("type", char.ToLowerInvariant(Type.ToString()[0]) + Type.ToString()[1..])
        .Add("default", Default)
        .Add("values", Values)
        .Build();
}

/// <summary>The type of a parameter.</summary>
internal enum ParameterType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Any YAML.</summary>
    Object,

    /// <summary>A list of stages.</summary>
    StageList,

    /// <summary>A list of jobs.</summary>
    JobList,

    /// <summary>A list of steps.</summary>
    StepList,
}

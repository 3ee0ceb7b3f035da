using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>An entry of a list of variables.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/variables">variables definition</seealso>
public abstract record VariableEntry : PipelineNode;

/// <summary>A variable with its value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value: text, or one <c>$[ ]</c> that is computed when the run, stage or job starts.</param>
public sealed record Variable(string Name, string Value) : VariableEntry
{
    /// <summary>Whether steps cannot change it.</summary>
    public bool ReadOnly { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("value", Value)
        .Add("readonly", ReadOnly ? true : null)
        .Build();
}

/// <summary>A variable group of the project's library.</summary>
/// <param name="Name">The name of the group.</param>
public sealed record VariableGroup(string Name) : VariableEntry
{
    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("group", Name).Build();
}

/// <summary>Variables from a template.</summary>
/// <param name="Path">The path of the template.</param>
public sealed record VariableTemplate(string Path) : VariableEntry
{
    /// <summary>What the template is given.</summary>
    public YamlMapping? Parameters { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("template", Path).Add("parameters", Parameters).Build();
}

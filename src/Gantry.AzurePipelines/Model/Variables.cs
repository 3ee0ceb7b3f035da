using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>An entry of a list of variables.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/variables">variables definition</seealso>
internal abstract record VariableEntry : PipelineNode;

/// <summary>A variable with its value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value: text, or one <c>$[ ]</c> that is evaluated when the run, stage or job starts.</param>
internal sealed record Variable(string Name, string Value) : VariableEntry
{
    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("value", Value)
        .Build();
}

/// <summary>A variable group of the project's library.</summary>
/// <param name="Name">The name of the group.</param>
internal sealed record VariableGroup(string Name) : VariableEntry
{
    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("group", Name).Build();
}

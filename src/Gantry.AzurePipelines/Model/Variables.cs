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
    /// <summary>True when no step can change it.</summary>
    public bool IsReadOnly { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("value", Value)
        .Add("readonly", IsReadOnly ? true : null)
        .Build();
}

/// <summary>A variable group of the project's library.</summary>
/// <param name="Name">The name of the group.</param>
internal sealed record VariableGroup(string Name) : VariableEntry
{
    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("group", Name).Build();
}

/// <summary>Variables from a template.</summary>
/// <param name="Path">The path of the template; with <c>/</c> at its beginning, from the root of the repository.</param>
public sealed record VariableTemplate(string Path)
{
    /// <summary>The parameters that the template is given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];
}

/// <summary>Variables from a template, as an entry of a list.</summary>
/// <param name="Path">The path of the template.</param>
/// <param name="Parameters">The parameters that the template is given.</param>
internal sealed record TemplateVariables(string Path, YamlMapping? Parameters) : VariableEntry
{
    public static TemplateVariables Of(VariableTemplate template) => new(
        template.Path, (YamlMapping?)new MappingBuilder().Add("parameters", template.Parameters).Build()["parameters"]);

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("template", Path).Add("parameters", Parameters).Build();
}

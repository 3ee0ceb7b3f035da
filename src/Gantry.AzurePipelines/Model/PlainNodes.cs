using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>Steps as YAML, which are read when the pipeline is composed.</summary>
internal sealed record YamlSteps(string Text) : Step
{
    internal override YamlValue ToYaml() => throw new InvalidOperationException("The text is not read.");
}

/// <summary>A step of a kind that has no type of its own: its keys are written as they are.</summary>
/// <param name="Kind">The first key: <c>powershell</c>, <c>getPackage</c>.</param>
/// <param name="Value">The value of that key.</param>
internal sealed record PlainStep(string Kind, YamlValue Value) : Step
{
    internal override YamlValue ToYaml() => ToYaml(new MappingBuilder().Add(Kind, Value));
}

/// <summary>YAML that could not be read. It keeps the pipeline from being written.</summary>
/// <param name="Line">The line of the text, from 1; 0 when the text as a whole is wrong.</param>
/// <param name="Reason">The reason, as the rest of a sentence.</param>
internal sealed record UnreadableYaml(long Line, string Reason);

/// <summary>A step that could not be read.</summary>
internal sealed record UnreadableStep(UnreadableYaml Error) : Step
{
    internal override YamlValue ToYaml() => new YamlMapping([]);
}

/// <summary>A pool with keys that have no type.</summary>
internal sealed record PlainPool(YamlValue Value) : Pool
{
    internal override YamlValue ToYaml() => Value;
}

/// <summary>What a job has of YAML, beside what its properties say.</summary>
internal sealed record PlainJob
{
    /// <summary>The text, until it is read.</summary>
    public string? Text { get; init; }

    /// <summary>The error when the text could not be read.</summary>
    public UnreadableYaml? Error { get; init; }

    /// <summary>The template that the jobs come from, which are not known here.</summary>
    public string? Template { get; init; }

    /// <summary>The parameters that the template is given.</summary>
    public YamlMapping? Parameters { get; init; }

    /// <summary>The variables that are more than a name and a text.</summary>
    public IReadOnlyList<VariableEntry> Variables { get; init; } = [];

    /// <summary>The environment of a deployment job with more than its name.</summary>
    public YamlValue? Environment { get; init; }

    /// <summary>The strategy of a deployment job, when it has more than steps of the hook <c>deploy</c>.</summary>
    public YamlValue? Strategy { get; init; }

    /// <summary>The steps in that strategy.</summary>
    public IReadOnlyList<Step> StrategySteps { get; init; } = [];

    /// <summary>The keys that have no type.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlValue>> Rest { get; init; } = [];
}

using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>An entry of a list of stages.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/stages">stages definition</seealso>
internal abstract record StageEntry : PipelineNode
{
    /// <summary>
    /// The condition without which the run does not have the entry at all, as the service knows it before the run; null for an entry that
    /// every run has.
    /// </summary>
    public string? When { get; init; }
}

/// <summary>A stage.</summary>
/// <param name="Name">The name: letters, digits and '_'.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/stages-stage">stages.stage definition</seealso>
internal sealed record Stage(string Name) : StageEntry
{
    /// <summary>The display name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The stages that it depends on. Null for the previous stage in the list; empty for none.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>The condition; null to run when all dependencies succeeded.</summary>
    public string? Condition { get; init; }

    /// <summary>True when the stage must be started manually in a run. It then cannot have <see cref="DependsOn"/>.</summary>
    public bool StartedByHand { get; init; }

    /// <summary>True when the stage can be skipped in a run; null for the default of the service, which is true.</summary>
    public bool? IsSkippable { get; init; }

    /// <summary>The behavior of runs that wait for an exclusive lock.</summary>
    public LockBehavior? LockBehavior { get; init; }

    /// <summary>The pool of all jobs without their own.</summary>
    public Pool? Pool { get; init; }

    /// <summary>Its variables.</summary>
    public IReadOnlyList<VariableEntry> Variables { get; init; } = [];

    /// <summary>Its jobs.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

    /// <summary>True for a stage of a team's own.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The keys of a stage from YAML that have no type.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlValue>> Rest { get; init; } = [];

    /// <summary>The error when its YAML could not be read.</summary>
    public UnreadableYaml? Error { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("stage", Name)
        .Add("displayName", DisplayName)
        .Add("trigger", StartedByHand ? "manual" : null)
        .Add("dependsOn", Dependencies.ToYaml(DependsOn))
        .Add("condition", Condition)
        .Add("isSkippable", IsSkippable)
        .Add("lockBehavior", LockBehavior.ToYaml())
        .Add("pool", Pool?.ToYaml())
        .Add("variables", Variables.Select(variable => variable.ToYaml()))
        .Add(Rest)
        .Add("jobs", Jobs.Select(job => job.ToYaml()))
        .Build();
}

/// <summary>Stages from a template.</summary>
/// <param name="Path">The path of the template.</param>
internal sealed record StageTemplate(string Path) : StageEntry
{
    /// <summary>The parameters of the template.</summary>
    public YamlMapping? Parameters { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("template", Path).Add("parameters", Parameters).Build();
}

/// <summary>Writes lists of stages: neighbors with the same condition are one block of it.</summary>
internal static class StageList
{
    public static IEnumerable<YamlValue> ToYaml(IReadOnlyList<StageEntry> entries)
    {
        for (var at = 0; at < entries.Count;)
        {
            var when = entries[at].When;
            var block = entries.Skip(at).TakeWhile(entry => entry.When == when).ToList();
            at += block.Count;
            if (when is null)
            {
                foreach (var entry in block)
                    yield return entry.ToYaml();
                continue;
            }

            yield return new MappingBuilder().Add($"${{{{ if {when} }}}}", block.Select(entry => entry.ToYaml())).Build();
        }
    }
}

/// <summary>Writes dependencies: a single one is written without a list.</summary>
internal static class Dependencies
{
    public static YamlValue? ToYaml(IReadOnlyList<string>? names) => names switch
    {
        null => null,
        [var only] => YamlValue.Of(only),
        _ => YamlValue.Of(names),
    };
}

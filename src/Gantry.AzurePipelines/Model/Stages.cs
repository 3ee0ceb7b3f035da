using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>An entry of a list of stages.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/stages">stages definition</seealso>
internal abstract record StageEntry : PipelineNode;

/// <summary>A stage.</summary>
/// <param name="Name">The name: letters, digits and '_'.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/stages-stage">stages.stage definition</seealso>
internal sealed record Stage(string Name) : StageEntry
{
    /// <summary>What people see.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The stages before it. Null: the one that stands before it; empty: none.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>When it runs; null: when all before it went well.</summary>
    public string? Condition { get; init; }

    /// <summary>Whether somebody has to start it in a run that is under way. Then it cannot say <see cref="DependsOn"/>.</summary>
    public bool StartedByHand { get; init; }

    /// <summary>Whether people can leave it out of a run; null: the service's default, which is yes.</summary>
    public bool? IsSkippable { get; init; }

    /// <summary>What becomes of runs that wait for an exclusive lock.</summary>
    public LockBehavior? LockBehavior { get; init; }

    /// <summary>Where its jobs run that do not say otherwise.</summary>
    public Pool? Pool { get; init; }

    /// <summary>Its variables.</summary>
    public IReadOnlyList<VariableEntry> Variables { get; init; } = [];

    /// <summary>Its jobs.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

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
        .Add("jobs", Jobs.Select(job => job.ToYaml()))
        .Build();
}

/// <summary>Stages from a template.</summary>
/// <param name="Path">The path of the template.</param>
internal sealed record StageTemplate(string Path) : StageEntry
{
    /// <summary>What the template is given.</summary>
    public YamlMapping? Parameters { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("template", Path).Add("parameters", Parameters).Build();
}

/// <summary>How dependencies are written: one alone without a list.</summary>
internal static class Dependencies
{
    public static YamlValue? ToYaml(IReadOnlyList<string>? names) => names switch
    {
        null => null,
        [var only] => YamlValue.Of(only),
        _ => YamlValue.Of(names),
    };
}

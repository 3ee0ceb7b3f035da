using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A pipeline: the root of a file that the service runs. It has stages of its own, or extends a template.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/pipeline">pipeline definition</seealso>
internal sealed record Pipeline : PipelineNode
{
    /// <summary>How runs are numbered: <c>$(Date:yyyyMMdd).$(Rev:r)</c>; null: the service's default.</summary>
    public string? Name { get; init; }

    /// <summary>What can be chosen when a run is started by hand.</summary>
    public IReadOnlyList<PipelineParameter> Parameters { get; init; } = [];

    /// <summary>Which pushes start a run; null: the service's default, which is every push.</summary>
    public PushTrigger? Trigger { get; init; }

    /// <summary>Which pull requests start a run; null: the service's default. Only for GitHub and Bitbucket: Azure Repos has build validation policies.</summary>
    public PullRequestTrigger? PullRequests { get; init; }

    /// <summary>When runs start by the clock.</summary>
    public IReadOnlyList<Schedule> Schedules { get; init; } = [];

    /// <summary>What the pipeline uses that is not in its repository.</summary>
    public PipelineResources? Resources { get; init; }

    /// <summary>The variables of all stages.</summary>
    public IReadOnlyList<VariableEntry> Variables { get; init; } = [];

    /// <summary>Where jobs run that do not say otherwise.</summary>
    public Pool? Pool { get; init; }

    /// <summary>What becomes of runs that wait for an exclusive lock.</summary>
    public LockBehavior? LockBehavior { get; init; }

    /// <summary>The stages; empty when <see cref="Extends"/> is given.</summary>
    public IReadOnlyList<StageEntry> Stages { get; init; } = [];

    /// <summary>The template that the pipeline extends, which then decides what of it runs.</summary>
    public ExtendsTemplate? Extends { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("parameters", Parameters.Select(parameter => parameter.ToYaml()))
        .Add("trigger", Trigger?.ToYaml())
        .Add("pr", PullRequests?.ToYaml())
        .Add("schedules", Schedules.Select(schedule => schedule.ToYaml()))
        .Add("resources", Resources?.ToYaml())
        .Add("variables", Variables.Select(variable => variable.ToYaml()))
        .Add("pool", Pool?.ToYaml())
        .Add("lockBehavior", LockBehavior.ToYaml())
        .Add("stages", Stages.Select(stage => stage.ToYaml()))
        .Add("extends", Extends?.ToYaml())
        .Build();
}

/// <summary>The template that a pipeline extends.</summary>
/// <param name="Template">The path, with <c>@alias</c> behind it for one in another repository.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/extends">extends definition</seealso>
internal sealed record ExtendsTemplate(string Template) : PipelineNode
{
    /// <summary>The parameter through which the template gets the stages of the pipeline.</summary>
    public string StagesParameter { get; init; } = "stages";

    /// <summary>The stages that the pipeline hands to the template.</summary>
    public IReadOnlyList<StageEntry> Stages { get; init; } = [];

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("template", Template)
        .Add("parameters", new MappingBuilder().Add(StagesParameter, Stages.Select(stage => stage.ToYaml())).Build())
        .Build();
}

/// <summary>The names that YAML has for the values of enumerations.</summary>
internal static class ModelNames
{
    public static string? ToYaml(this LockBehavior? behavior) => behavior switch
    {
        null => null,
        LockBehavior.RunLatest => "runLatest",
        _ => "sequential",
    };
}

using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A pipeline: the root of a file that the service runs. It has its own stages, or extends a template.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/pipeline">pipeline definition</seealso>
internal sealed record Pipeline : PipelineNode
{
    /// <summary>The format of run numbers: <c>$(Date:yyyyMMdd).$(Rev:r)</c>; null for the default of the service.</summary>
    public string? Name { get; init; }

    /// <summary>False when the message of the commit is not added to the number of the run; null for the default of the service.</summary>
    public bool? AppendsCommitMessage { get; init; }

    /// <summary>The parameters that can be chosen when a run is started manually.</summary>
    public IReadOnlyList<PipelineParameter> Parameters { get; init; } = [];

    /// <summary>The pushes that start a run; null for the default of the service, which is every push.</summary>
    public PushTrigger? Trigger { get; init; }

    /// <summary>
    /// The pull requests that start a run; null for the default of the service. Only for GitHub and Bitbucket: Azure Repos has build
    /// validation policies.
    /// </summary>
    public PullRequestTrigger? PullRequests { get; init; }

    /// <summary>The schedules of runs.</summary>
    public IReadOnlyList<Schedule> Schedules { get; init; } = [];

    /// <summary>The resources outside of the pipeline's repository.</summary>
    public PipelineResources? Resources { get; init; }

    /// <summary>The variables of all stages.</summary>
    public IReadOnlyList<VariableEntry> Variables { get; init; } = [];

    /// <summary>The pool of all jobs without their own.</summary>
    public Pool? Pool { get; init; }

    /// <summary>The behavior of runs that wait for an exclusive lock.</summary>
    public LockBehavior? LockBehavior { get; init; }

    /// <summary>The stages; empty when <see cref="Extends"/> is set.</summary>
    public IReadOnlyList<StageEntry> Stages { get; init; } = [];

    /// <summary>The template that the pipeline extends, and which then controls what runs.</summary>
    public ExtendsTemplate? Extends { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("appendCommitMessageToRunName", AppendsCommitMessage)
        .Add("parameters", Parameters.Select(parameter => parameter.ToYaml()))
        .Add("trigger", Trigger?.ToYaml())
        .Add("pr", PullRequests?.ToYaml())
        .Add("schedules", Schedules.Select(schedule => schedule.ToYaml()))
        .Add("resources", Resources?.ToYaml())
        .Add("variables", Variables.Select(variable => variable.ToYaml()))
        .Add("pool", Pool?.ToYaml())
        .Add("lockBehavior", LockBehavior.ToYaml())
        .Add("stages", StageList.ToYaml(Stages))
        .Add("extends", Extends?.ToYaml())
        .Build();
}

/// <summary>The template that a pipeline extends.</summary>
/// <param name="Template">The path, followed by <c>@alias</c> for a template in another repository.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/extends">extends definition</seealso>
internal sealed record ExtendsTemplate(string Template) : PipelineNode
{
    /// <summary>The parameter of the template that receives the stages of the pipeline.</summary>
    public string StagesParameter { get; init; } = "stages";

    /// <summary>The stages that the pipeline passes to the template.</summary>
    public IReadOnlyList<StageEntry> Stages { get; init; } = [];

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("template", Template)
        .Add("parameters", new MappingBuilder().Add(StagesParameter, StageList.ToYaml(Stages)).Build())
        .Build();
}

/// <summary>Converts values of enumerations to their names in YAML.</summary>
internal static class ModelNames
{
    public static string? ToYaml(this LockBehavior? behavior) => behavior switch
    {
        null => null,
        LockBehavior.RunLatest => "runLatest",
        _ => "sequential",
    };
}

using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>An entry of a list of jobs.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs">jobs definition</seealso>
public abstract record JobEntry : PipelineNode;

/// <summary>What jobs and deployment jobs have in common.</summary>
/// <param name="Name">The name: letters, digits and '_'.</param>
public abstract record JobBase(string Name) : JobEntry
{
    /// <summary>What people see.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The jobs of the stage before it.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>When it runs; null: when all before it went well.</summary>
    public string? Condition { get; init; }

    /// <summary>Whether the stage goes on when it fails.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>How long it may take, in minutes; null: the service's default, which is 60, and 0 for as long as the service allows.</summary>
    public int? TimeoutInMinutes { get; init; }

    /// <summary>How long it may go on after it was cancelled, in minutes; null: 5.</summary>
    public int? CancelTimeoutInMinutes { get; init; }

    /// <summary>Its variables.</summary>
    public IReadOnlyList<VariableEntry> Variables { get; init; } = [];

    /// <summary>Where it runs; null: where its stage or pipeline says.</summary>
    public Pool? Pool { get; init; }

    /// <summary>The container resource that it runs in, by its alias; null: on the machine itself.</summary>
    public string? Container { get; init; }

    /// <summary>What is removed before the job on machines that are kept; null: nothing.</summary>
    public WorkspaceCleaning? Clean { get; init; }

    private protected MappingBuilder StartYaml(string kind) => new MappingBuilder()
        .Add(kind, Name)
        .Add("displayName", DisplayName)
        .Add("dependsOn", DependsOn.Count == 0 ? null : Dependencies.ToYaml(DependsOn))
        .Add("condition", Condition)
        .Add("continueOnError", ContinueOnError ? true : null)
        .Add("timeoutInMinutes", TimeoutInMinutes)
        .Add("cancelTimeoutInMinutes", CancelTimeoutInMinutes)
        .Add("pool", Pool?.ToYaml())
        .Add("container", Container)
        .Add("workspace", Clean is { } clean ? new MappingBuilder().Add("clean", clean.ToString().ToLowerInvariant()).Build() : null)
        .Add("variables", Variables.Select(variable => variable.ToYaml()));
}

/// <summary>What is removed before a job on machines that are kept.</summary>
public enum WorkspaceCleaning
{
    /// <summary>The binaries folder.</summary>
    Outputs,

    /// <summary>The sources folder.</summary>
    Resources,

    /// <summary>The whole workspace.</summary>
    All,
}

/// <summary>A job: steps that run one after the other on one machine.</summary>
/// <param name="Name">The name.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-job">jobs.job definition</seealso>
public sealed record Job(string Name) : JobBase(Name)
{
    /// <summary>The steps.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <inheritdoc/>
    public override YamlValue ToYaml() => StartYaml("job").Add("steps", Steps.Select(step => step.ToYaml())).Build();
}

/// <summary>Jobs from a template.</summary>
/// <param name="Path">The path of the template.</param>
public sealed record JobTemplate(string Path) : JobEntry
{
    /// <summary>What the template is given.</summary>
    public YamlMapping? Parameters { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("template", Path).Add("parameters", Parameters).Build();
}

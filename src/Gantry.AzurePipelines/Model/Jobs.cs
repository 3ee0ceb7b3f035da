using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A job: steps that run one after the other on one agent.</summary>
/// <param name="Name">The name: letters, digits and '_'.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-job">jobs.job definition</seealso>
public sealed record Job(string Name)
{
    /// <summary>The name that people see; null: <see cref="Name"/>.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The jobs of the same stage that run before it.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>The condition under which it runs; null: when all jobs before it succeeded.</summary>
    public string? Condition { get; init; }

    /// <summary>True when the stage goes on after it failed.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>
    /// The longest time that it may take, in minutes; null: the service's default of 60, and 0 for as long as the service allows.
    /// </summary>
    public int? TimeoutInMinutes { get; init; }

    /// <summary>
    /// The time in minutes that it has to come to an end when the run is cancelled; null: the service's default of 5.
    /// </summary>
    public int? CancelTimeoutInMinutes { get; init; }

    /// <summary>The pool that it runs in; null: that of its stage or pipeline.</summary>
    public Pool? Pool { get; init; }

    /// <summary>The folders of a self-hosted agent that are removed before it begins; null: none.</summary>
    public WorkspaceFolders? CleanWorkspace { get; init; }

    /// <summary>The alias of the container that it runs in; null: on the machine itself.</summary>
    public string? Container { get; init; }

    /// <summary>The variables: text, or one <c>$[ ]</c> that is computed when the job starts, as for outputs of a job before it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>The steps. Without a checkout among them, the service checks out the sources first.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>
    /// The environment of Azure DevOps that the job deploys to, whose checks then hold for its stage; null: a job that deploys nothing.
    /// </summary>
    /// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-deployment">jobs.deployment definition</seealso>
    internal string? Environment { get; init; }

    /// <inheritdoc cref="PipelineNode.Origin"/>
    internal string? Origin { get; init; }

    internal IReadOnlyList<VariableEntry> VariableEntries =>
        [.. Variables.Select(variable => new Variable(variable.Key, variable.Value) { Origin = Origin })];

    internal YamlValue ToYaml()
    {
        var job = new MappingBuilder()
            .Add(Environment is null ? "job" : "deployment", Name)
            .Add("displayName", DisplayName)
            .Add("dependsOn", DependsOn.Count == 0 ? null : Dependencies.ToYaml(DependsOn))
            .Add("condition", Condition)
            .Add("continueOnError", ContinueOnError ? true : null)
            .Add("timeoutInMinutes", TimeoutInMinutes)
            .Add("cancelTimeoutInMinutes", CancelTimeoutInMinutes)
            .Add("pool", Pool?.ToYaml())
            .Add("workspace", CleanWorkspace is { } folders
                ? new MappingBuilder().Add("clean", folders.ToString().ToLowerInvariant()).Build()
                : null)
            .Add("container", Container)
            .Add("variables", VariableEntries.Select(variable => variable.ToYaml()));
        var steps = new MappingBuilder().Add("steps", Steps.Select(step => step.ToYaml()));
        return Environment is null ? job.Add(steps).Build() : job
            .Add("environment", Environment)
            .Add("strategy", new MappingBuilder().Add("runOnce", new MappingBuilder().Add("deploy", steps.Build()).Build()).Build())
            .Build();
    }
}

/// <summary>The folders of a job on an agent that is used again.</summary>
public enum WorkspaceFolders
{
    /// <summary>What the job before made: <c>$(Build.BinariesDirectory)</c>.</summary>
    Outputs,

    /// <summary>The sources: <c>$(Build.SourcesDirectory)</c>.</summary>
    Resources,

    /// <summary>Everything in <c>$(Pipeline.Workspace)</c>.</summary>
    All,
}

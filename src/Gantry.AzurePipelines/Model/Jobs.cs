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

    /// <summary>
    /// The containers that run beside it: the name by which its steps reach each one, and the alias of the container. Steps reach them by
    /// name from a container, and otherwise by the <see cref="ContainerResource.Ports"/> of this machine.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Services { get; init; } = [];

    /// <summary>The variables: text, or one <c>$[ ]</c> that is computed when the job starts, as for outputs of a job before it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>The steps. Without a checkout among them, the service checks out the sources first.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>
    /// The environment of Azure DevOps that the job deploys to, whose checks then hold for its stage; null: a job that deploys nothing.
    /// </summary>
    /// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-deployment">jobs.deployment definition</seealso>
    internal string? Environment { get; init; }

    /// <summary>
    /// The number of jobs that run the steps at the same time, each with its <c>System.JobPositionInPhase</c>; null: one job. Deployment
    /// jobs have no such strategy.
    /// </summary>
    /// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-job-strategy">
    /// jobs.job.strategy definition
    /// </seealso>
    internal int? Parallel { get; init; }

    /// <summary>The repositories that its steps use without a checkout, which the token of the job then covers.</summary>
    /// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/repos/multi-repo-checkout">Multi-repository checkout</seealso>
    internal IReadOnlyList<RepositoryResource> Repositories { get; init; } = [];

    /// <inheritdoc cref="PipelineNode.Origin"/>
    internal string? Origin { get; init; }

    /// <summary>True for a job beside the main one of its stage: what is added to the stage is not meant for it.</summary>
    internal bool IsBeside { get; init; }

    /// <summary>What the job has of YAML; null for a job that is declared by its properties.</summary>
    internal PlainJob? Plain { get; init; }

    internal IReadOnlyList<VariableEntry> VariableEntries =>
    [
        .. Variables.Select(variable => new Variable(variable.Key, variable.Value) { Origin = Origin }),
        .. (Plain?.Variables ?? []).Select(entry => entry with { Origin = Origin }),
    ];

    /// <summary>Takes jobs from a template.</summary>
    /// <param name="path">The path of the template.</param>
    /// <param name="parameters">The parameters that it is given.</param>
    public static Job Template(string path, params IReadOnlyList<(string Name, string Value)> parameters) => new("")
    {
        Plain = new()
        {
            Template = path,
            Parameters = parameters.Count == 0
                ? null
                : new YamlMapping([.. parameters.Select(text => KeyValuePair.Create(text.Name, YamlValue.Of(text.Value)))]),
        },
    };

    /// <summary>
    /// Takes a job from YAML, for what has no type here. <c>with</c> changes it. The text is validated like every other job.
    /// </summary>
    /// <param name="yaml">The YAML, as it would be below <c>jobs</c>.</param>
    public static Job Yaml(string yaml) => new("") { Plain = new() { Text = yaml } };

    internal YamlValue ToYaml()
    {
        if (Plain?.Template is { } template)
            return new MappingBuilder().Add("template", template).Add("parameters", Plain.Parameters).Build();

        var job = new MappingBuilder()
            .Add(Environment is null ? "job" : "deployment", Name)
            .Add("displayName", DisplayName)
            .Add("dependsOn", DependsOn.Count == 0 ? null : Dependencies.ToYaml(DependsOn))
            .Add("condition", Condition)
            .Add("strategy", Parallel is null ? null : new MappingBuilder().Add("parallel", Parallel).Build())
            .Add("continueOnError", ContinueOnError ? true : null)
            .Add("timeoutInMinutes", TimeoutInMinutes)
            .Add("cancelTimeoutInMinutes", CancelTimeoutInMinutes)
            .Add("pool", Pool?.ToYaml())
            .Add("workspace", CleanWorkspace is { } folders
                ? new MappingBuilder().Add("clean", folders.ToString().ToLowerInvariant()).Build()
                : null)
            .Add("container", Container)
            .Add("services", Services)
            .Add("variables", VariableEntries.Select(variable => variable.ToYaml()))
            .Add("uses", Repositories.Count == 0
                ? null
                : new MappingBuilder().Add("repositories", [.. Repositories.Select(repository => repository.Alias)]).Build())
            .Add(Plain?.Rest ?? []);
        if (Plain?.Strategy is { } strategy)
            return job.Add("environment", EnvironmentYaml).Add("strategy", strategy).Build();
        var steps = new MappingBuilder().Add("steps", Steps.Select(step => step.ToItem()));
        return Environment is null ? job.Add(steps).Build() : job
            .Add("environment", EnvironmentYaml)
            .Add("strategy", new MappingBuilder().Add("runOnce", new MappingBuilder().Add("deploy", steps.Build()).Build()).Build())
            .Build();
    }

    private YamlValue? EnvironmentYaml => Plain?.Environment ?? (Environment is null ? null : YamlValue.Of(Environment));
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

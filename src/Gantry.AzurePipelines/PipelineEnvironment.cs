using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines;

/// <summary>An environment of a build and its settings in Azure DevOps. A blank text is not declared, like null.</summary>
/// <param name="Environment">The environment with its gates and regions.</param>
public sealed record PipelineEnvironment(PromotionEnvironment Environment)
{
    /// <summary>The target of the build that promotes to it.</summary>
    public string Target { get; init; } = "Promote" + Environment.Identifier;

    /// <summary>The name of the environment in Azure DevOps.</summary>
    public string AzureEnvironment { get; init; } = Environment.Name;

    /// <summary>The description of the environment in Azure DevOps; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// The registries of the environment, one for each of <see cref="PromotionEnvironment.RegistryParameters"/>, in the same order.
    /// </summary>
    public IReadOnlyList<PipelineRegistry> Registries { get; init; } =
        [.. Environment.RegistryParameters.Select(parameter => new PipelineRegistry(parameter))];

    /// <summary>
    /// The Azure Resource Manager service connection of promotions; null when none is needed, as for registries with a login of their own.
    /// </summary>
    public string? ServiceConnection { get; init => field = value.NullIfBlank(); }

    /// <summary>
    /// True to promote to each region in its own job (<c>--region</c>) with the service connection of its registry; otherwise one job
    /// promotes to all regions. Where a pause is between waves of regions (<see cref="PromotionEnvironment.PauseBetweenWaves"/>), each wave
    /// has a job (<c>--wave</c>), and one without an agent waits between two.
    /// </summary>
    public bool JobPerRegion { get; init; }

    /// <summary>
    /// The lock of the environment, with which one promotion runs at a time: a check of the environment in Azure DevOps. By default only
    /// the latest run that waits goes on, so no older release overtakes a newer one. Null for no lock.
    /// <see cref="AzureDevOpsGates.ExclusiveLock"/> among the gates replaces it.
    /// </summary>
    public LockBehavior? Lock { get; init; } = LockBehavior.RunLatest;

    /// <summary>The gates with the lock of the environment.</summary>
    internal IReadOnlyList<Gate> EffectiveGates =>
        Lock is { } behavior && !Environment.Gates.OfType<ExclusiveLockGate>().Any()
            ? [.. Environment.Gates, new ExclusiveLockGate(behavior)]
            : Environment.Gates;

    /// <summary>The minutes that a job without an agent waits between two waves; zero when there is no pause.</summary>
    internal int PauseMinutes => Environment.Waves.Count < 2 ? 0 : Minutes.Of(Environment.PauseBetweenWaves);

    /// <summary>The regions of the jobs that promote; null for the one job of all regions.</summary>
    internal IReadOnlyList<string?> JobRegions =>
        JobPerRegion && Environment.Regions.Count > 0 ? [.. Environment.Regions] : [null];

    /// <summary>The pool of promotions; null for the pool of the pipeline.</summary>
    public Pool? Pool { get; init; }

    /// <summary>The alias of the container that promotions run in; null to run directly on the agent.</summary>
    public string? Container { get; init => field = value.NullIfBlank(); }

    /// <summary>Variable groups for this environment only.</summary>
    public IReadOnlyList<string> VariableGroups { get; init; } = [];

    /// <summary>
    /// The secret variables that promotions to this environment receive, in addition to those that its deployments and health checks name.
    /// </summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The secret variables of jobs that place a slice, which touch no host.</summary>
    internal IReadOnlyList<string> SliceSecrets =>
        [.. Secrets.Concat(Environment.Gates.SelectMany(gate => gate.Variables)).Distinct()];

    internal IReadOnlyList<string> AllSecrets => [.. Secrets, .. Environment.DeploymentVariables];

    /// <summary>The timeout of a promotion in minutes; null for one hour.</summary>
    public int? TimeoutInMinutes { get; init; }
}

/// <summary>A registry, as a parameter of the build. A blank text is not declared, like null.</summary>
/// <param name="Parameter">The name of the parameter: <c>DevRegistry</c>.</param>
public sealed record PipelineRegistry(string Parameter)
{
    /// <summary>
    /// The address: <c>contoso.azurecr.io/team</c>; null when a variable group or pipeline variable with the name of the parameter contains
    /// it.
    /// </summary>
    public string? Address { get; init => field = value.NullIfBlank(); }

    /// <summary>
    /// The Azure Resource Manager service connection with access to the registry. For environments, only together with
    /// <see cref="PipelineEnvironment.JobPerRegion"/>.
    /// </summary>
    public string? ServiceConnection { get; init => field = value.NullIfBlank(); }

    /// <summary>
    /// The way in which jobs sign in to it; null when their Azure Resource Manager service connection does, as for Azure Container
    /// Registries.
    /// </summary>
    public RegistryLogin? Login { get; init; }

    /// <summary>
    /// The way in which jobs sign in that only read from it; null for <see cref="Login"/>. The promotion to the next environment reads from
    /// it, and so needs no right to push.
    /// </summary>
    public RegistryLogin? ReadLogin { get; init; }

    /// <summary>The resource group of the registry, required only when its pushes start a pipeline.</summary>
    public string? ResourceGroup { get; init => field = value.NullIfBlank(); }
}

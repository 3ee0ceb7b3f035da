using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A job that deploys to an environment, whose checks then hold for its stage. It does not check out by itself.</summary>
/// <param name="Name">The name; not <c>deploy</c>, which is reserved.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-deployment">jobs.deployment definition</seealso>
public sealed record DeploymentJob(string Name) : JobBase(Name)
{
    /// <summary>The environment.</summary>
    public required DeploymentEnvironment Environment { get; init; }

    /// <summary>The strategy with its hooks.</summary>
    public required DeploymentStrategy Strategy { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => StartYaml("deployment")
        .Add("environment", Environment.ToYaml())
        .Add("strategy", Strategy.ToYaml())
        .Build();
}

/// <summary>An environment of Azure DevOps, or a resource in it.</summary>
/// <param name="Name">The name of the environment.</param>
public sealed record DeploymentEnvironment(string Name) : PipelineNode
{
    /// <summary>The resource in the environment: a virtual machine, a Kubernetes namespace.</summary>
    public string? ResourceName { get; init; }

    /// <summary>The type of the resources: <c>VirtualMachine</c>, <c>Kubernetes</c>.</summary>
    public string? ResourceType { get; init; }

    /// <summary>The tags that resources must have.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <inheritdoc/>
    public override YamlValue ToYaml() => ResourceName is null && ResourceType is null && Tags.Count == 0 ? YamlValue.Of(Name) : new MappingBuilder()
        .Add("name", Name)
        .Add("resourceName", ResourceName)
        .Add("resourceType", ResourceType)
        .Add("tags", Tags.Count == 0 ? null : string.Join(',', Tags))
        .Build();
}

/// <summary>How a deployment job deploys, with the hooks that every strategy has.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/process/deployment-jobs#deployment-strategies">deployment strategies</seealso>
public abstract record DeploymentStrategy : PipelineNode
{
    /// <summary>Before the deployment.</summary>
    public DeploymentHook? PreDeploy { get; init; }

    /// <summary>The deployment. Only here artifacts download by themselves.</summary>
    public required DeploymentHook Deploy { get; init; }

    /// <summary>Leads requests to the new version.</summary>
    public DeploymentHook? RouteTraffic { get; init; }

    /// <summary>After that.</summary>
    public DeploymentHook? PostRouteTraffic { get; init; }

    /// <summary>When a hook failed.</summary>
    public DeploymentHook? OnFailure { get; init; }

    /// <summary>When all hooks went well.</summary>
    public DeploymentHook? OnSuccess { get; init; }

    /// <summary>All hooks that are there, with their names, in the order in which they run.</summary>
    public IEnumerable<(string Name, DeploymentHook Hook)> Hooks
    {
        get
        {
            (string, DeploymentHook?)[] all =
            [
                ("preDeploy", PreDeploy), ("deploy", Deploy), ("routeTraffic", RouteTraffic),
                ("postRouteTraffic", PostRouteTraffic), ("on.failure", OnFailure), ("on.success", OnSuccess),
            ];
            foreach (var (name, hook) in all)
            {
                if (hook is not null)
                    yield return (name, hook);
            }
        }
    }

    private protected YamlMapping ToYaml(string name, Action<MappingBuilder>? start = null)
    {
        var strategy = new MappingBuilder();
        start?.Invoke(strategy);
        strategy
            .Add("preDeploy", PreDeploy?.ToYaml())
            .Add("deploy", Deploy.ToYaml())
            .Add("routeTraffic", RouteTraffic?.ToYaml())
            .Add("postRouteTraffic", PostRouteTraffic?.ToYaml())
            .Add("on", OnFailure is null && OnSuccess is null ? null : new MappingBuilder().Add("failure", OnFailure?.ToYaml()).Add("success", OnSuccess?.ToYaml()).Build());
        return new MappingBuilder().Add(name, strategy.Build()).Build();
    }
}

/// <summary>All at once.</summary>
public sealed record RunOnceStrategy : DeploymentStrategy
{
    /// <inheritdoc/>
    public override YamlValue ToYaml() => ToYaml("runOnce");
}

/// <summary>Some virtual machines after the others.</summary>
/// <param name="MaxParallel">How many at once: a number, or a share as <c>25%</c>.</param>
public sealed record RollingStrategy(string MaxParallel) : DeploymentStrategy
{
    /// <inheritdoc/>
    public override YamlValue ToYaml() =>
        ToYaml("rolling", start => start.Add("maxParallel", int.TryParse(MaxParallel, out var count) ? YamlValue.Of(count) : YamlValue.Of(MaxParallel)));
}

/// <summary>A small share first.</summary>
/// <param name="Increments">The shares in percent, one after the other.</param>
public sealed record CanaryStrategy(IReadOnlyList<int> Increments) : DeploymentStrategy
{
    /// <inheritdoc/>
    public override YamlValue ToYaml() => ToYaml("canary", start => start.Add("increments", Increments.Select(YamlValue.Of)));
}

/// <summary>The steps of one phase of a deployment.</summary>
/// <param name="Steps">The steps.</param>
public sealed record DeploymentHook(IReadOnlyList<Step> Steps) : PipelineNode
{
    /// <summary>Where the hook runs; null: where its job does.</summary>
    public Pool? Pool { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("pool", Pool?.ToYaml()).Add("steps", Steps.Select(step => step.ToYaml())).Build();
}

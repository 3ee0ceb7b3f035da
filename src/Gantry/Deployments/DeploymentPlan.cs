using Gantry.Environments;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>The steps that follow when the images of a promotion are in place.</summary>
public sealed class DeploymentPlan
{
    internal DeploymentPlan(IReadOnlyList<DeploymentTarget> targets, IReadOnlyList<DeploymentStep> steps)
    {
        Targets = targets;
        Steps = steps;
    }

    /// <summary>The plan of an environment without deployments and health checks.</summary>
    internal static DeploymentPlan Empty { get; } = new([], []);

    /// <summary>The registries that the hosts pull the images from.</summary>
    internal IReadOnlyList<DeploymentTarget> Targets { get; }

    /// <summary>
    /// The steps: the deployments and health checks of the first target, then those of the next, then the health checks for all of them.
    /// </summary>
    public IReadOnlyList<DeploymentStep> Steps { get; }

    /// <summary>True when at least one host has to be changed.</summary>
    public bool HasChanges => Steps.OfType<DeployHostStep>().Any(step => step.HasChange);

    /// <summary>Returns the part of the plan for some targets: their steps, and for the last ones those that follow all.</summary>
    internal DeploymentPlan Of(IReadOnlyList<PromotionTarget> targets, bool areLast) => new(
        [.. Targets.Where(target => targets.Contains(target.Target))],
        [.. Steps.Where(step => step.Target is { } target ? targets.Contains(target) : areLast)]);

    internal bool HasChangesAt(PromotionTarget target) =>
        Steps.OfType<DeployHostStep>().Any(step => step.HasChange && step.Target == target);
}

/// <summary>One step after a promotion.</summary>
public abstract record DeploymentStep
{
    private protected DeploymentStep()
    {
    }

    /// <summary>The registry that the step belongs to; null when the step follows all targets.</summary>
    public PromotionTarget? Target { get; internal init; }

    /// <summary>The reason why the step is skipped; null when it is not.</summary>
    public string? SkippedReason { get; internal init; }

    /// <summary>The description that people see.</summary>
    public abstract string Description { get; }

    /// <summary>Carries the step out, and returns a description of what was done.</summary>
    internal abstract Task<string> RunAsync(CancellationToken cancellationToken);
}

/// <summary>Deploys an image to a host.</summary>
/// <param name="Order">The image and the host.</param>
/// <param name="Deployer">The deployer that carries it out.</param>
/// <param name="State">The current state of the host.</param>
internal sealed record DeployHostStep(DeploymentOrder Order, IDeployer Deployer, HostState State) : DeploymentStep
{
    /// <summary>True when the host has to be changed.</summary>
    public bool HasChange => SkippedReason is null && !State.IsCurrent;

    public override string Description => Order.Deployment.Description;

    internal override Task<string> RunAsync(CancellationToken cancellationToken) => Deployer.DeployAsync(Order, cancellationToken);
}

/// <summary>Waits until a host is healthy.</summary>
/// <param name="Check">The check.</param>
/// <param name="Release">The release that the host must run.</param>
/// <param name="Probe">The client that sends the requests.</param>
internal sealed record HealthCheckStep(HealthCheck Check, Release Release, HealthProbe Probe) : DeploymentStep
{
    public override string Description => Check.Description;

    internal override Task<string> RunAsync(CancellationToken cancellationToken) => Probe.WaitAsync(Check, Release, cancellationToken);
}

using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>What happens after the images of a promotion are in place.</summary>
public sealed record DeploymentPlan
{
    /// <summary>Nothing, for an environment that declares nothing.</summary>
    public static DeploymentPlan Empty { get; } = new() { Targets = [], Steps = [] };

    /// <summary>The registries that hosts take the images from.</summary>
    public required IReadOnlyList<DeploymentTarget> Targets { get; init; }

    /// <summary>The steps: the deployments and health checks of the first target, then those of the next, then health checks of all.</summary>
    public required IReadOnlyList<DeploymentStep> Steps { get; init; }

    /// <summary>Whether any host is told something that it does not have already.</summary>
    public bool HasChanges => Steps.OfType<DeployHostStep>().Any(step => step.HasChange);

    internal bool HasChangesAt(int target) => Steps.OfType<DeployHostStep>().Any(step => step.HasChange && step.TargetNumber == target);
}

/// <summary>One step after a promotion.</summary>
public abstract record DeploymentStep
{
    private protected DeploymentStep()
    {
    }

    /// <summary>Which of <see cref="PromotionRequest.Targets"/> it belongs to; null when it comes after all of them.</summary>
    public int? TargetNumber { get; init; }

    /// <summary>Why it is not done; null when it is.</summary>
    public string? SkippedReason { get; init; }

    /// <summary>What a person reads.</summary>
    public abstract string Description { get; }
}

/// <summary>A host is told.</summary>
/// <param name="Order">What it is told.</param>
/// <param name="Deployer">Who tells it.</param>
/// <param name="State">What it is set to now.</param>
public sealed record DeployHostStep(DeploymentOrder Order, IDeployer Deployer, HostState State) : DeploymentStep
{
    /// <summary>Whether the host is told something that it does not have already.</summary>
    public bool HasChange => SkippedReason is null && !State.IsCurrent;

    /// <inheritdoc/>
    public override string Description => Order.Deployment.Description;
}

/// <summary>A host must be healthy.</summary>
/// <param name="Check">The check.</param>
/// <param name="Release">The release that it must run.</param>
/// <param name="Probe">Who asks.</param>
public sealed record HealthCheckStep(HealthCheck Check, Release Release, HealthProbe Probe) : DeploymentStep
{
    /// <inheritdoc/>
    public override string Description => Check.Description;
}

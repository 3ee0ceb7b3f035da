using Gantry.Promotion;

namespace Gantry.Deployments;

/// <summary>What happens after the images of a promotion are in place.</summary>
public sealed record DeploymentPlan
{
    /// <summary>Nothing.</summary>
    public static DeploymentPlan Empty { get; } = new() { Steps = [] };

    /// <summary>The steps: the deployments and health checks of the first target, then those of the next, then health checks of all.</summary>
    public required IReadOnlyList<DeploymentStep> Steps { get; init; }

    /// <summary>Whether there is anything to do or to wait for.</summary>
    public bool IsEmpty => Steps.All(step => step.LeftOut is not null);
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
    public string? LeftOut { get; init; }

    /// <summary>What a person reads.</summary>
    public abstract string Description { get; }
}

/// <summary>A host is told.</summary>
/// <param name="Order">What it is told.</param>
/// <param name="Deployer">Who tells it.</param>
/// <param name="State">What it is set to now.</param>
public sealed record HostDeployment(DeploymentOrder Order, IDeployer Deployer, HostState State) : DeploymentStep
{
    /// <inheritdoc/>
    public override string Description => Order.Deployment.Description;
}

/// <summary>A host must be healthy.</summary>
/// <param name="Check">The check.</param>
/// <param name="Release">The release that it must run.</param>
public sealed record HealthWait(HealthCheck Check, Release Release) : DeploymentStep
{
    /// <inheritdoc/>
    public override string Description => Check.Description;
}

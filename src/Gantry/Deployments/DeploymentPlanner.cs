using Gantry.Environments;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>Plans the steps that follow a promotion, and finds what would make them fail. Changes nothing.</summary>
/// <param name="deployers">The deployers; the first one that accepts a deployment carries it out.</param>
/// <param name="probe">The client that runs health checks.</param>
/// <param name="variable">The environment variables that secrets are read from.</param>
public sealed class DeploymentPlanner(IReadOnlyList<IDeployer> deployers, HealthProbe probe, Func<string, string?> variable)
{
    private const string Local = "the registry is a folder or file on this machine, which other machines cannot reach";

    /// <summary>
    /// Creates a plan. Throws <c>GAN4072</c> when a deployment does not specify its image, <c>GAN4075</c> when no deployer accepts a
    /// deployment, and the errors of the deployers.
    /// </summary>
    /// <remarks>
    /// Images in a folder or file cannot be pulled, so only hosts on this machine are updated from there; others are skipped. A build
    /// without configuration works with folders and must not reach any host of an environment.
    /// </remarks>
    /// <param name="release">The release.</param>
    /// <param name="targets">The registries that are promoted to.</param>
    /// <param name="coversAll">True when all regions of the environment then have the release.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    internal async Task<DeploymentPlan> PlanAsync(
        Release release, IReadOnlyList<DeploymentTarget> targets, bool coversAll, CancellationToken cancellationToken)
    {
        var steps = new List<DeploymentStep>();
        foreach (var target in targets)
            steps.AddRange(await PlanTargetAsync(release, target, cancellationToken));
        var environment = targets[0].Target.Environment;
        if (environment.Regions.Count > 0)
        {
            steps.AddRange(environment.HealthChecks.Where(check => check.Region is null)
                .Select(check => PlanOverall(release, check, targets, coversAll)));
        }

        return new DeploymentPlan(targets, steps);
    }

    private async Task<IReadOnlyList<DeploymentStep>> PlanTargetAsync(
        Release release, DeploymentTarget target, CancellationToken cancellationToken)
    {
        var at = target.Target;
        var checks = at.Environment.HealthChecks.Where(check => check.Region == at.Region).ToList();
        var steps = new List<DeploymentStep>();
        foreach (var deployment in at.Environment.Deployments.Where(deployment =>
            deployment.Region is null || deployment.Region == at.Region))
        {
            foreach (var image in FindImages(deployment, release))
            {
                var order = new DeploymentOrder { Deployment = deployment, Target = at, Release = release, Image = image };
                steps.Add(await PlanHostAsync(order, target, checks, cancellationToken) with { Target = at });
            }
        }

        steps.AddRange(checks.Select(check => PlanHealth(release, check, target.IsLocal) with { Target = at }));
        return steps;
    }

    private async Task<DeployHostStep> PlanHostAsync(
        DeploymentOrder order, DeploymentTarget target, IReadOnlyList<HealthCheck> checks, CancellationToken cancellationToken)
    {
        var deployer = deployers.FirstOrDefault(deployer => deployer.Accepts(order.Deployment))
            ?? throw DeploymentErrors.NoDeployer(order.Deployment.Description);
        if (target.IsLocal && !order.Deployment.IsOnThisMachine(variable))
            return new DeployHostStep(order, deployer, HostState.Unknown) { SkippedReason = Local };

        var state = await deployer.InspectAsync(order, cancellationToken);
        var runs = !state.IsKnown && target.IsSettled && await ReportsVersionAsync(checks, order.Release, cancellationToken);
        return new DeployHostStep(order, deployer, state) { SkippedReason = runs ? "its health check reports the version already" : null };
    }

    private async Task<bool> ReportsVersionAsync(IReadOnlyList<HealthCheck> checks, Release release, CancellationToken cancellationToken)
    {
        var telling = checks.Where(check => check.Version is not null).ToList();
        foreach (var check in telling)
        {
            if (!await probe.PassesAsync(check, release, cancellationToken))
                return false;
        }

        return telling.Count > 0;
    }

    private HealthCheckStep PlanHealth(Release release, HealthCheck check, bool local)
    {
        if (local && !HookAddress.IsOnThisMachine(check.Url, variable))
            return new HealthCheckStep(check, release, probe) { SkippedReason = Local };
        probe.Prepare(check);
        return new HealthCheckStep(check, release, probe);
    }

    // The address in front of all regions answers from any of them.
    private HealthCheckStep PlanOverall(
        Release release, HealthCheck check, IReadOnlyList<DeploymentTarget> targets, bool coversAll) =>
        coversAll
            ? PlanHealth(release, check, targets.All(target => target.IsLocal))
            : new HealthCheckStep(check, release, probe) { SkippedReason = "not all regions are promoted to" };

    private static IReadOnlyList<ReleaseImage> FindImages(Deployment deployment, Release release) => deployment switch
    {
        { Image: { } name } =>
        [
            release.Images.FirstOrDefault(image => image.Name == name)
                ?? throw DeploymentErrors.ImageNotInRelease(deployment.Description, name, release),
        ],
        _ when deployment.IsForAll || release.Images.Count == 1 => release.Images,
        _ => throw DeploymentErrors.ImageNotSpecified(deployment.Description, release.Images.Select(image => image.Name)),
    };
}

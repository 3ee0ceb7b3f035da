using Gantry.Environments;
using Gantry.Oci;
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
    public async Task<DeploymentPlan> PlanAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        var steps = new List<DeploymentStep>();
        for (var number = 0; number < request.Targets.Count; number++)
            steps.AddRange(await PlanTargetAsync(request, request.Targets[number], number, cancellationToken));
        if (request.Environment.Regions.Count > 0)
            steps.AddRange(request.Environment.HealthChecks.Where(check => check.Region is null).Select(check => PlanOverall(request, check)));
        return new DeploymentPlan { Targets = request.Targets, Steps = steps };
    }

    private async Task<IReadOnlyList<DeploymentStep>> PlanTargetAsync(DeploymentRequest request, DeploymentTarget target, int number, CancellationToken cancellationToken)
    {
        var checks = request.Environment.HealthChecks.Where(check => check.Region == target.Region).ToList();
        var steps = new List<DeploymentStep>();
        foreach (var deployment in request.Environment.Deployments.Where(deployment => deployment.Region is null || deployment.Region == target.Region))
        {
            foreach (var image in FindImages(deployment, request.Release))
            {
                var order = new DeploymentOrder
                {
                    Deployment = deployment,
                    Environment = request.Environment,
                    Release = request.Release,
                    Image = image,
                    Registry = target.Registry,
                };
                steps.Add(await PlanHostAsync(order, target.IsSettled ? checks : [], cancellationToken) with { TargetNumber = number });
            }
        }

        steps.AddRange(checks.Select(check => PlanHealth(request.Release, check, IsLocal(target)) with { TargetNumber = number }));
        return steps;
    }

    private async Task<DeployHostStep> PlanHostAsync(DeploymentOrder order, IReadOnlyList<HealthCheck> settled, CancellationToken cancellationToken)
    {
        var deployer = deployers.FirstOrDefault(deployer => deployer.Accepts(order.Deployment)) ?? throw DeploymentErrors.NoDeployer(order.Deployment.Description);
        if (order.Registry is not HostAddress && !(order.Deployment is WebhookDeployment webhook && HookAddress.IsOnThisMachine(webhook.Url, variable)))
            return new DeployHostStep(order, deployer, HostState.Unknown) { SkippedReason = Local };

        var state = await deployer.InspectAsync(order, cancellationToken);
        var runs = !state.IsKnown && await ReportsVersionAsync(settled, order.Release, cancellationToken);
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
    private HealthCheckStep PlanOverall(DeploymentRequest request, HealthCheck check) =>
        request.Targets.Count < request.Environment.Regions.Count
            ? new HealthCheckStep(check, request.Release, probe) { SkippedReason = "not all regions are promoted to" }
            : PlanHealth(request.Release, check, request.Targets.All(IsLocal));

    private static bool IsLocal(DeploymentTarget target) => target.Registry is not HostAddress;

    private static IReadOnlyList<ReleaseImage> FindImages(Deployment deployment, Release release) => deployment switch
    {
        { Image: { } name } => [release.Images.FirstOrDefault(image => image.Name == name) ?? throw DeploymentErrors.ImageNotInRelease(deployment.Description, name, release)],
        _ when deployment.IsForAll || release.Images.Count == 1 => release.Images,
        _ => throw DeploymentErrors.ImageNotSpecified(deployment.Description, release.Images.Select(image => image.Name)),
    };
}

using Gantry.Environments;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>Finds out what is to be done after a promotion, and what would make it fail. Changes nothing, anywhere.</summary>
/// <param name="deployers">Who tells hosts.</param>
/// <param name="probe">Asks hosts.</param>
/// <param name="variable">The environment that secrets are taken from.</param>
public sealed class DeploymentPlanner(IReadOnlyList<IDeployer> deployers, HealthProbe probe, Func<string, string?> variable)
{
    private const string Local = "the registry is a folder or file on this machine, which no other can reach";

    /// <summary>
    /// Makes a plan, or says why it cannot be: <c>GAN4072</c> a deployment that does not say for which image it is, <c>GAN4075</c> one that
    /// nobody can do, and what deployers say of their hosts.
    /// </summary>
    /// <remarks>
    /// From a folder or file nobody can pull, so there only hosts on this machine are told; the others are left out. A build with nothing
    /// configured works against folders and must reach no host of an environment.
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
        return new DeployHostStep(order, deployer, state) { SkippedReason = runs ? "its health check tells the version already" : null };
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

    // The address before all regions answers from any of them.
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

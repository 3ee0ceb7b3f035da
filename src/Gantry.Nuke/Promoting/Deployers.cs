using Gantry.Azure.Deployments;
using Gantry.Deployments;
using Gantry.Deployments.Git;
using Gantry.Deployments.Kubernetes;

namespace Gantry.Nuke.Promoting;

/// <summary>All deployers of a build.</summary>
internal static class Deployers
{
    /// <summary>Creates the planner for deployments, with the environment variables of this process.</summary>
    public static DeploymentPlanner Planner(INukeBuild build) => build.Once(() => new DeploymentPlanner(
        [
            new WebhookDeployer(TimeProvider.System, Variable),
            new GitCommitDeployer(TimeProvider.System, Variable),
            new KubectlDeployer(TimeProvider.System),
            new AppServiceDeployer(AzureRun.Session(build)),
            new ContainerAppDeployer(AzureRun.Session(build), TimeProvider.System),
        ],
        new HealthProbe(TimeProvider.System, Variable),
        Variable));

    private static string? Variable(string name) => EnvironmentInfo.Variables.GetValueOrDefault(name);
}

using Gantry.Azure.Deployments;
using Gantry.Deployments;
using Gantry.Deployments.Git;
using Gantry.Deployments.Kubernetes;

namespace Gantry.Nuke.Promoting;

/// <summary>Everybody who can tell hosts what to run.</summary>
internal static class Deployers
{
    /// <summary>Finds out what hosts have to be told, with the variables of this process.</summary>
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

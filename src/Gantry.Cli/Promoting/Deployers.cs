using Gantry.Deployments;
using Gantry.Deployments.Git;
using Gantry.Deployments.Kubernetes;
using Gantry.Differences;
using Gantry.Promotion.Runs;

namespace Gantry.Cli.Promoting;

/// <summary>The hosts that can be deployed to without the build, and the clone in this folder.</summary>
internal static class Deployers
{
    /// <summary>Creates the planner of deployments. Secrets are in environment variables, as for the build.</summary>
    public static DeploymentPlanner Planner(TimeProvider time)
    {
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        return new DeploymentPlanner(
            [
                new WebhookDeployer(time, variable), new GitCommitDeployer(time, variable), new KubectlDeployer(time), new NamedDeployer(),
            ],
            new HealthProbe(time, variable),
            variable);
    }

    /// <summary>Returns the history of the clone in this folder; null when there is none.</summary>
    public static ICommitLog? FindCommits() => Path.Exists(".git") ? new GitCommitLog(".") : null;
}

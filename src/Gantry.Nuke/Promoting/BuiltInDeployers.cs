using Gantry.Azure.Deployments;
using Gantry.Nuke.Execution;
using Gantry.Deployments.Git;
using Gantry.Deployments.Kubernetes;
using Gantry.Deployments;
using Gantry.Notifications;
using Gantry.Nuke.Environments;

namespace Gantry.Nuke.Promoting;

/// <summary>The deployers of the packages.</summary>
internal static class BuiltInDeployers
{
    /// <summary>Creates them, with the environment variables of this process.</summary>
    public static IReadOnlyList<IDeployer> Of(INukeBuild build) =>
    [
        new WebhookDeployer(TimeProvider.System, Variable) { Log = VerboseLog.Write },
        new GitCommitDeployer(TimeProvider.System, Variable) { Log = VerboseLog.Write },
        new KubectlDeployer(TimeProvider.System) { Log = VerboseLog.Write },
        new AppServiceDeployer(AzureSessions.Of(build)),
        new ContainerAppDeployer(AzureSessions.Of(build), TimeProvider.System),
    ];

    /// <summary>Creates the planner for deployments by these or other deployers.</summary>
    public static DeploymentPlanner Planner(IReadOnlyList<IDeployer> deployers) =>
        new(deployers, Probe(), Variable);

    /// <summary>Creates the client for health checks.</summary>
    public static HealthProbe Probe() => new(TimeProvider.System, Variable) { Log = VerboseLog.Write };

    /// <summary>Creates the client for messages to channels.</summary>
    public static Notifier Notifier() => new(TimeProvider.System, Variable) { Log = VerboseLog.Write };

    /// <summary>Returns the value of an environment variable; null when it is not set.</summary>
    public static string? Variable(string name) => EnvironmentInfo.Variables.GetValueOrDefault(name);
}

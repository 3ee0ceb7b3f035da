using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The logins of a promotion to the hosts that it deploys to, and the repositories that it commits to.</summary>
internal static class HostLogins
{
    private const string Kubeconfig = "$(Agent.TempDirectory)/kubeconfig";

    /// <summary>Returns the deployments of a job.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="region">The only region that the job promotes to; null for all.</param>
    public static IEnumerable<Deployment> Deployments(PipelineEnvironment environment, string? region) =>
        environment.Environment.Deployments.Where(deployment => region is null || deployment.Region is null || deployment.Region == region);

    /// <summary>Returns the logins of a job.</summary>
    /// <param name="commands">The commands that call the build.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="region">The only region that the job promotes to; null for all.</param>
    /// <param name="connection">The Azure Resource Manager service connection of the job; null for none.</param>
    public static JobLogins Of(BuildCommands commands, PipelineEnvironment environment, string? region, string? connection)
    {
        var deployments = Deployments(environment, region).ToList();
        var logins = deployments.Select(deployment => deployment.Login).OfType<HostLogin>().ToList();
        var path = DeclarationPath.For(environment) + ".Deployments";
        var clusters = deployments.Where(deployment => deployment.Login is AksLogin).ToList();
        return new()
        {
            LogIn =
            [
                .. JobLogins.Distinct(logins.OfType<KubernetesLogin>().Select(login => Kubernetes(login, "login", "Sign in with"))),
                .. clusters.Count > 0 ? [Kubelogin()] : Array.Empty<Step>(),
                .. JobLogins.Distinct(clusters.Select(deployment => Credentials(commands, deployment, connection ?? ""))),
                .. JobLogins.Distinct(logins.OfType<OwnHostLogin>().SelectMany(login => OwnSteps.At(login.LogIn, path + ".Login.LogIn"))),
            ],
            LogOut =
            [
                .. JobLogins.Distinct(logins.OfType<OwnHostLogin>().SelectMany(login => OwnSteps.At(login.LogOut, path + ".Login.LogOut")))
                    .Select(JobLogins.InAnyCase),
                .. JobLogins.Distinct(logins.OfType<KubernetesLogin>().Select(login =>
                    JobLogins.InAnyCase(Kubernetes(login, "logout", "Sign out of")))),
            ],
            Variables = clusters.Count > 0 ? [new("KUBECONFIG", Kubeconfig)] : [],
        };
    }

    private static TaskStep Kubelogin() => new("KubeloginInstaller@0") { DisplayName = "Install kubelogin", IsRepeatable = true };

    private static TaskStep Kubernetes(KubernetesLogin login, string command, string what) => new TaskStep("Kubernetes@1")
    {
        DisplayName = $"{what} {login.ServiceConnection}",
        IsRepeatable = true,
        Inputs =
        [
            BuildSteps.Input("connectionType", "Kubernetes Service Connection"),
            BuildSteps.Input("kubernetesServiceEndpoint", login.ServiceConnection),
            BuildSteps.Input("command", command),
        ],
    };

    // Tokens are asked for when kubectl runs, in the promotion: the Azure CLI is signed in there, with the same service connection.
    private static TaskStep Credentials(BuildCommands commands, Deployment deployment, string connection)
    {
        var login = (AksLogin)deployment.Login!;
        var context = (deployment as KubectlDeployment)?.Context ?? login.Cluster;
        return new TaskStep("AzureCLI@2")
        {
            DisplayName = $"Get the kubeconfig of {login.Cluster}",
            IsRepeatable = true,
            Inputs =
            [
                BuildSteps.Input("azureSubscription", connection),
                BuildSteps.Input("scriptType", commands.Shell == ScriptShell.Bash ? "bash" : "pscore"),
                BuildSteps.Input("scriptLocation", "inlineScript"),
                BuildSteps.Input(
                    "inlineScript",
                    $"az aks get-credentials --resource-group '{login.ResourceGroup}' --name '{login.Cluster}' --context '{context}' "
                        + $"--file '{Kubeconfig}' --overwrite-existing\n"
                        + $"kubelogin convert-kubeconfig --login azurecli --kubeconfig '{Kubeconfig}'\n"),
            ],
        };
    }
}

using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Checks that jobs have a credential for the hosts that they deploy to and the repositories that they commit to.</summary>
internal static class HostRules
{
    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration) =>
    [
        .. declaration.Environments.SelectMany(Check),
        .. CheckOrganizations(declaration),
    ];

    private static IEnumerable<Diagnostic> Check(PipelineEnvironment environment)
    {
        var deployments = environment.Environment.Deployments;
        for (var i = 0; i < deployments.Count; i++)
        {
            var path = DeclarationPath.ForDeployment(environment, i);
            foreach (var diagnostic in Check(environment, deployments[i], path))
                yield return diagnostic;
        }

        foreach (var region in environment.JobRegions)
        {
            var kubeconfigs = HostLogins.Deployments(environment, region)
                .Where(deployment => deployment.Login is KubernetesLogin or AksLogin)
                .DistinctBy(deployment => deployment.Login is KubernetesLogin kubernetes ? kubernetes.ServiceConnection : "")
                .ToList();
            if (kubeconfigs.Count > 1)
                yield return LoginErrors.SeveralClusterLogins(
                    DeclarationPath.For(environment) + ".Deployments",
                    environment.Environment.Name,
                    kubeconfigs.Select(deployment => deployment.Description));
        }
    }

    private static IEnumerable<Diagnostic> Check(PipelineEnvironment environment, Deployment deployment, string path)
    {
        if (Validate(deployment) is { } reason)
            yield return LoginErrors.UnusableLogin(path, $"the host '{deployment.Description}'", reason, "complete it");
        switch (deployment)
        {
            case KubectlDeployment { Login: null }:
                yield return LoginErrors.NoClusterLogin(path, deployment.Description);
                break;
            case { Login: AksLogin } when !HasConnection(environment, deployment.Region):
                yield return LoginErrors.NoClusterConnection(path, deployment.Description);
                break;
            case GitCommitDeployment { Login: null, Token: null } commit when !IsOnThisMachine(commit):
                yield return LoginErrors.NoRepositoryCredential(path, deployment.Description);
                break;
            case GitCommitDeployment commit when GitOpsRepositories.UsesJobToken(commit)
                && !IsOnThisMachine(commit) && AzureReposRepository.Find(commit.Repository) is null:
                yield return LoginErrors.JobTokenElsewhere(path, deployment.Description);
                break;
        }
    }

    private static IEnumerable<Diagnostic> CheckOrganizations(PipelineDeclaration declaration)
    {
        var repositories =
            from environment in declaration.Environments
            from deployment in environment.Environment.Deployments.Select((deployment, i) => (Deployment: deployment, Number: i))
            let commit = deployment.Deployment as GitCommitDeployment
            where commit is not null && GitOpsRepositories.UsesJobToken(commit)
            let found = AzureReposRepository.Find(commit.Repository)
            where found is not null
            select (found.Organization, Path: DeclarationPath.ForDeployment(environment, deployment.Number));
        var organizations = repositories.DistinctBy(found => found.Organization).ToList();
        return organizations.Skip(1).Select(other =>
            LoginErrors.SeveralOrganizations(other.Path, organizations[0].Organization, other.Organization));
    }

    private static string? Validate(Deployment deployment) => deployment.Login switch
    {
        KubernetesLogin login => LoginRules.ValidateConnection(login.ServiceConnection),
        AksLogin login when !IsArgument(login.ResourceGroup) => $"'{login.ResourceGroup}' is not the name of a resource group",
        AksLogin login when !IsArgument(login.Cluster) => $"'{login.Cluster}' is not the name of a cluster",
        AksLogin when deployment is KubectlDeployment { Context: var context } && !IsArgument(context) =>
            $"'{context}' is not the name of a context",
        OwnHostLogin { LogIn.Count: 0 } => "it has no steps",
        _ => null,
    };

    // The characters of names in Azure, none of which has a meaning in a shell between single quotes.
    private static bool IsArgument(string text) =>
        text.Length > 0 && text[0] != '-' && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '(' or ')');

    private static bool HasConnection(PipelineEnvironment environment, string? region)
    {
        if (environment.ServiceConnection is not null)
            return true;
        if (!environment.JobPerRegion)
            return false;
        var regions = environment.Environment.Regions.ToList();
        return environment.Registries
            .Where((_, i) => region is null || i == regions.IndexOf(region))
            .All(registry => registry.ServiceConnection is not null);
    }

    private static bool IsOnThisMachine(GitCommitDeployment commit) =>
        Uri.TryCreate(commit.Repository, UriKind.Absolute, out var uri) && (uri.IsFile || uri.IsLoopback);
}

namespace Gantry.AzurePipelines;

/// <summary>GAN8046, GAN8082 to GAN8089 and GAN8094: logins to registries, hosts and key vaults.</summary>
internal static class LoginErrors
{
    public static Diagnostic UnauthorizedRegistry(string path, PipelineRegistry registry, string use, bool isAzure) => Warning(
        "GAN8046",
        $"the registry '{registry.Parameter}' is '{registry.Address}', but {use} it has no credential",
        isAzure
            ? "name an Azure Resource Manager service connection, or declare a Login"
            : "declare its Login: RegistryLogin.Docker(\"service connection\"), .Password(), .Steps(…) or .Anonymous",
        path);

    public static Diagnostic NoKeyVaultLogin(string path, string who) => Warning(
        "GAN8094",
        $"{who} signs with a key in Azure Key Vault, and its job does not sign in to Azure",
        "name an Azure Resource Manager service connection; agents with a managed identity need none",
        path);

    public static Diagnostic UnusableLogin(string path, string owner, string reason, string remedy) =>
        Error("GAN8082", $"the login of {owner} cannot be used: {reason}", remedy, path);

    public static Diagnostic NoClusterLogin(string path, string host) => Warning(
        "GAN8083",
        $"the job that deploys to '{host}' does not sign in to the cluster",
        "declare its Login: HostLogin.Kubernetes(…), .Aks(…) or .Steps(…), or HostLogin.None when the agents have a kubeconfig",
        path);

    public static Diagnostic NoClusterConnection(string path, string host) => Error(
        "GAN8084",
        $"the login of '{host}' takes its tokens from the service connection of the promotion, which has none",
        "name an Azure Resource Manager service connection for the environment, or use HostLogin.Kubernetes",
        path);

    public static Diagnostic SeveralClusterLogins(string path, string environment, IEnumerable<string> hosts) => Error(
        "GAN8085",
        $"one job of the environment '{environment}' would sign in to {string.Join(" and ", hosts.Select(host => $"'{host}'"))}, "
            + "and only the last kubeconfig would count",
        "set JobPerRegion, name a service connection whose kubeconfig has all contexts, or use HostLogin.Aks for all",
        path);

    public static Diagnostic NoRepositoryCredential(string path, string host) => Warning(
        "GAN8086",
        $"the job has no credential for '{host}'",
        "give it a Token ($(System.AccessToken) for Azure Repos, a secret variable for others), a Login, or HostLogin.None when the agents "
            + "have one",
        path);

    public static Diagnostic JobTokenElsewhere(string path, string host) => Error(
        "GAN8087",
        $"'{host}' is not in Azure Repos, which alone accepts the token of the job",
        "name a secret variable with a token of that host: Token = \"$(GITOPS_TOKEN)\"",
        path);

    public static Diagnostic SeveralOrganizations(string path, string organization, string other) => Error(
        "GAN8088",
        $"deployments commit to repositories in '{organization}' and '{other}' with the token of the job, which only one of them accepts",
        "name a secret variable with a personal access token for the one that the pipeline is not in",
        path);

    public static GantryException UnknownRegistry(string parameter, IEnumerable<string> known) => new(
        "GAN8089", $"the declaration has no registry '{parameter}'", Format.Choice(known, "declare it first"));

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);

    private static Diagnostic Warning(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Warning, problem, remedy, path);
}

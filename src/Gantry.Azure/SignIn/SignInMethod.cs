using Azure.Core;
using Azure.Identity;

namespace Gantry.Azure.SignIn;

/// <summary>A method to sign in.</summary>
/// <param name="Name">The name for messages: <c>Azure CLI</c>.</param>
/// <param name="Credential">The credential; null when the method is known to be unavailable.</param>
internal sealed record SignInMethod(string Name, TokenCredential? Credential)
{
    /// <summary>The reason why there is no credential.</summary>
    public string UnavailableReason { get; init; } = "";

    /// <summary>True when the method was configured explicitly: when it fails, no other method is tried.</summary>
    public bool IsExplicit { get; init; }
}

/// <summary>The sign-in methods, in order.</summary>
internal static class SignInMethods
{
    public const string ServiceConnectionName = "service connection";
    private const string PrincipalName = "service principal";

    public static IReadOnlyList<SignInMethod> Find(
        AzureIdentity identity, AzureCloud cloud, AzureSessionOptions options, ServiceConnection connection)
    {
        var methods = new List<SignInMethod> { Pipeline(cloud, options, connection), GitHub(cloud, options, identity) };
        if (identity.ClientId is null || identity.ClientId.Equals(options.Variable("AZURE_CLIENT_ID"), StringComparison.OrdinalIgnoreCase))
            methods.Add(Principal());
        methods.Add(new("workload identity", new WorkloadIdentityCredential(Workload())) { IsExplicit = true });

        var cli = new SignInMethod(
            "Azure CLI", new AzureCliCredential(With<AzureCliCredentialOptions>(o => o.TenantId = identity.TenantId)));
        var managed = new SignInMethod("managed identity", ManagedIdentity());

        // In a task, the Azure CLI is signed in with the task's service connection. That takes precedence over the agent's own identity.
        methods.AddRange(connection.IsPresent ? [cli, managed] : [managed, cli]);
        methods.Add(new(
            "Azure Developer CLI",
            new AzureDeveloperCliCredential(With<AzureDeveloperCliCredentialOptions>(o => o.TenantId = identity.TenantId))));
        methods.Add(new(
            "Azure PowerShell",
            new AzurePowerShellCredential(With<AzurePowerShellCredentialOptions>(o => o.TenantId = identity.TenantId))));
        methods.Add(
            new("Visual Studio", new VisualStudioCredential(With<VisualStudioCredentialOptions>(o => o.TenantId = identity.TenantId))));
        return methods;

        // This credential always uses the tenant of its variable, so it must not be used when another tenant is declared.
        SignInMethod Principal() => identity.TenantId is { } tenant
            && options.Variable("AZURE_TENANT_ID") is { Length: > 0 } there
            && !there.Equals(tenant, StringComparison.OrdinalIgnoreCase)
                ? new(PrincipalName, null) { UnavailableReason = $"AZURE_TENANT_ID is not the declared tenant {tenant}" }
                : new(PrincipalName, new EnvironmentCredential(With<EnvironmentCredentialOptions>())) { IsExplicit = true };

        WorkloadIdentityCredentialOptions Workload() => With<WorkloadIdentityCredentialOptions>(o =>
        {
            o.ClientId = identity.ClientId ?? o.ClientId;
            o.TenantId = identity.TenantId ?? o.TenantId;
        });

        // Only this class checks first whether a metadata service exists, instead of waiting a minute for one.
        DefaultAzureCredential ManagedIdentity() => new(With<DefaultAzureCredentialOptions>(o =>
        {
            o.ManagedIdentityClientId = identity.ClientId ?? o.ManagedIdentityClientId;
            o.ExcludeEnvironmentCredential = true;
            o.ExcludeWorkloadIdentityCredential = true;
            o.ExcludeAzureCliCredential = true;
            o.ExcludeAzureDeveloperCliCredential = true;
            o.ExcludeAzurePowerShellCredential = true;
            o.ExcludeVisualStudioCredential = true;
            o.ExcludeVisualStudioCodeCredential = true;
            o.ExcludeBrokerCredential = true;
            o.ExcludeInteractiveBrowserCredential = true;
        }));

        T With<T>(Action<T>? more = null)
            where T : TokenCredentialOptions, new() => Create(cloud, options, more);
    }

    private static SignInMethod Pipeline(AzureCloud cloud, AzureSessionOptions options, ServiceConnection connection) =>
        connection.IsComplete
            ? new(ServiceConnectionName, new AzurePipelinesCredential(
                connection.TenantId!, connection.ClientId!, connection.ConnectionId!, connection.AccessToken!,
                Create<AzurePipelinesCredentialOptions>(cloud, options))) { IsExplicit = true }
            : new(ServiceConnectionName, null)
            {
                UnavailableReason = connection.IsPresent
                    ? $"{string.Join(", ", connection.Missing)} not set"
                    : "not in an Azure Pipelines task with a service connection",
            };

    // Also here a secret in a variable says that it is meant instead.
    private static SignInMethod GitHub(AzureCloud cloud, AzureSessionOptions options, AzureIdentity identity)
    {
        var job = GitHubIdentity.Read(options.Variable, identity);
        var reason = options.Variable("AZURE_CLIENT_SECRET") is { Length: > 0 } ? "AZURE_CLIENT_SECRET is set" : job.UnavailableReason;
        return reason is not null
            ? new(GitHubIdentity.Name, null) { UnavailableReason = reason }
            : new(GitHubIdentity.Name, job.CreateCredential(cloud, Create<ClientAssertionCredentialOptions>(cloud, options)))
            {
                IsExplicit = true,
            };
    }

    private static T Create<T>(AzureCloud cloud, AzureSessionOptions options, Action<T>? more = null)
        where T : TokenCredentialOptions, new()
    {
        var created = new T { AuthorityHost = cloud.Authority };
        options.Configure(created);
        more?.Invoke(created);
        return created;
    }
}

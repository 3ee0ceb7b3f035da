using Azure.Core;
using Azure.Identity;

namespace Gantry.Azure;

/// <summary>Who is signed in to Azure on this machine. Never asks a person.</summary>
/// <seealso href="https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains">Credential chains in the Azure Identity library</seealso>
public static class AzureSignIn
{
    /// <summary>
    /// The first of these that is there: the service connection of the running Azure Pipelines task, the service principal of the
    /// environment variables, a workload identity, the Azure CLI, the machine's managed identity.
    /// </summary>
    /// <remarks>
    /// The Azure CLI comes before the managed identity: on an agent in Azure, the task's service connection is meant and not the
    /// agent's own identity.
    /// </remarks>
    public static TokenCredential Find() => Find(Environment.GetEnvironmentVariable);

    internal static TokenCredential Find(Func<string, string?> variable)
    {
        var chain = new List<TokenCredential>();
        if (PipelineTask(variable) is { } task)
            chain.Add(task);
        chain.Add(new EnvironmentCredential());
        chain.Add(new WorkloadIdentityCredential());
        chain.Add(new AzureCliCredential());
        chain.Add(ManagedIdentity());
        return new ChainedTokenCredential([.. chain]);
    }

    /// <summary>
    /// The service connection of the AzureCLI@2 or AzurePowerShell@5 task that runs this, by workload identity federation. Its
    /// tokens can be renewed for as long as the job runs; those of the Azure CLI only until the task's first assertion ends.
    /// </summary>
    internal static TokenCredential? PipelineTask(Func<string, string?> variable) =>
        (variable("AZURESUBSCRIPTION_TENANT_ID"), variable("AZURESUBSCRIPTION_CLIENT_ID"),
            variable("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"), variable("SYSTEM_ACCESSTOKEN"), variable("SYSTEM_OIDCREQUESTURI"))
            is ({ Length: > 0 } tenant, { Length: > 0 } client, { Length: > 0 } connection, { Length: > 0 } token, { Length: > 0 })
            ? new AzurePipelinesCredential(tenant, client, connection, token)
            : null;

    // Only within this class does the library probe first whether there is a metadata service, and not wait a minute for none.
    private static DefaultAzureCredential ManagedIdentity() => new(new DefaultAzureCredentialOptions
    {
        ExcludeEnvironmentCredential = true,
        ExcludeWorkloadIdentityCredential = true,
        ExcludeAzureCliCredential = true,
        ExcludeAzureDeveloperCliCredential = true,
        ExcludeAzurePowerShellCredential = true,
        ExcludeVisualStudioCredential = true,
        ExcludeVisualStudioCodeCredential = true,
        ExcludeBrokerCredential = true,
        ExcludeInteractiveBrowserCredential = true,
    });
}

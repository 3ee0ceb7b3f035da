namespace Gantry.Azure.SignIn;

/// <summary>
/// The service connection of the Azure Pipelines task that runs this, or the one that is declared, by workload identity federation.
/// Its tokens can be renewed for as long as the job runs; those of the Azure CLI only until the task's first assertion ends.
/// </summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/release/azure-rm-endpoint">Connect to Azure by using an Azure Resource Manager service connection</seealso>
internal sealed record ServiceConnection
{
    private const string ClientVariable = "AZURESUBSCRIPTION_CLIENT_ID";
    private const string TenantVariable = "AZURESUBSCRIPTION_TENANT_ID";
    private const string ConnectionVariable = "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID";
    private const string TokenVariable = "SYSTEM_ACCESSTOKEN";
    private const string OidcVariable = "SYSTEM_OIDCREQUESTURI";

    public required string? ClientId { get; init; }

    public required string? TenantId { get; init; }

    public required string? ConnectionId { get; init; }

    public required string? AccessToken { get; init; }

    /// <summary>Whether this is a pipeline's task that has a connection, or a pipeline for which one is declared.</summary>
    public required bool IsPresent { get; init; }

    /// <summary>The variables without which it cannot sign in.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    public bool IsComplete => IsPresent && Missing.Count == 0;

    public bool IsIncomplete => IsPresent && Missing.Count > 0;

    /// <summary>Reads what the task gave; <c>GAN9008</c> when it runs under another application than the declared one.</summary>
    public static ServiceConnection Read(Func<string, string?> variable, AzureIdentity identity)
    {
        var client = Find(ClientVariable);
        if (identity.ServiceConnectionId is null && identity.ClientId is { } declared && client is not null && !declared.Equals(client, StringComparison.OrdinalIgnoreCase))
            throw AzureErrors.OtherConnection(client, declared);

        var isDeclared = identity.ServiceConnectionId is not null;
        string[] needed = isDeclared ? [TokenVariable, OidcVariable] : [ClientVariable, TenantVariable, ConnectionVariable, TokenVariable, OidcVariable];
        return new ServiceConnection
        {
            ClientId = isDeclared ? identity.ClientId : client,
            TenantId = identity.TenantId ?? Find(TenantVariable),
            ConnectionId = identity.ServiceConnectionId ?? Find(ConnectionVariable),
            AccessToken = Find(TokenVariable),
            IsPresent = isDeclared ? Find(OidcVariable) is not null : client is not null || Find(TenantVariable) is not null || Find(ConnectionVariable) is not null,
            Missing = [.. needed.Where(name => Find(name) is null)],
        };

        // An unset variable of a pipeline arrives as the text that asks for it.
        string? Find(string name) => variable(name) is { Length: > 0 } value && !value.StartsWith("$(", StringComparison.Ordinal) ? value : null;
    }

    /// <summary>Never printed.</summary>
    public override string ToString() => $"service connection {ConnectionId}";
}

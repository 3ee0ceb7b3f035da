namespace Gantry.Azure.SignIn;

/// <summary>
/// The service connection of the current Azure Pipelines task, or the declared one, with workload identity federation. Its tokens can be
/// renewed while the job runs; those of the Azure CLI only until the first assertion of the task expires.
/// </summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/release/azure-rm-endpoint">
/// Connect to Azure by using an Azure Resource Manager service connection
/// </seealso>
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

    /// <summary>True in a pipeline task with a service connection, and in a pipeline with a declared one.</summary>
    public required bool IsPresent { get; init; }

    /// <summary>The required variables that are not set.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    public bool IsComplete => IsPresent && Missing.Count == 0;

    public bool IsIncomplete => IsPresent && Missing.Count > 0;

    /// <summary>
    /// Reads the variables of the task, or throws <c>GAN9008</c> when its service connection uses another application than the declared
    /// one.
    /// </summary>
    public static ServiceConnection Read(Func<string, string?> variable, AzureIdentity identity)
    {
        var client = Find(ClientVariable);
        if (identity.ServiceConnectionId is null
            && identity.ClientId is { } declared
            && client is not null
            && !declared.Equals(client, StringComparison.OrdinalIgnoreCase))
            throw AzureErrors.OtherConnection(client, declared);

        var isDeclared = identity.ServiceConnectionId is not null;
        string[] needed = isDeclared
            ? [TokenVariable, OidcVariable]
            : [ClientVariable, TenantVariable, ConnectionVariable, TokenVariable, OidcVariable];
        return new ServiceConnection
        {
            ClientId = isDeclared ? identity.ClientId : client,
            TenantId = identity.TenantId ?? Find(TenantVariable),
            ConnectionId = identity.ServiceConnectionId ?? Find(ConnectionVariable),
            AccessToken = Find(TokenVariable),
            IsPresent = isDeclared
                ? Find(OidcVariable) is not null
                : client is not null || Find(TenantVariable) is not null || Find(ConnectionVariable) is not null,
            Missing = [.. needed.Where(name => Find(name) is null)],
        };

        // An unset pipeline variable arrives as its own macro.
        string? Find(string name) =>
            variable(name) is { Length: > 0 } value && !value.StartsWith("$(", StringComparison.Ordinal) ? value : null;
    }

    /// <summary>Returns a text without the secret.</summary>
    public override string ToString() => $"service connection {ConnectionId}";
}

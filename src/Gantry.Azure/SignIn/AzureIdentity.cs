using System.Text.RegularExpressions;
using Gantry.Environments;

namespace Gantry.Azure.SignIn;

/// <summary>
/// As whom Azure is spoken to: <c>Identity = new AzureIdentity { ClientId = "…", TenantId = "…" }</c>. Every part that is not given is
/// taken from where the build runs.
/// </summary>
/// <remarks>There is no secret in it, and no place for one.</remarks>
public sealed partial record AzureIdentity : EnvironmentIdentity
{
    /// <summary>
    /// The client id of the application or managed identity. In a pipeline it must be that of the task's service connection, or come with
    /// a <see cref="ServiceConnectionId"/>; a person who is signed in to the Azure CLI signs in as themselves.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>The tenant: its id or one of its domains.</summary>
    public string? TenantId { get; init; }

    /// <summary>
    /// The id of the service connection whose federated credential signs in, when it is not the one of the task; with
    /// <see cref="ClientId"/> and <see cref="TenantId"/>. The pipeline must be permitted to use it.
    /// </summary>
    public string? ServiceConnectionId { get; init; }

    /// <summary>The cloud; null: the one that a registry's domain says, and the public one for everything else.</summary>
    public AzureCloud? Cloud { get; init; }

    /// <summary>Whether nothing is said in it.</summary>
    public bool IsEmpty => this == new AzureIdentity();

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9010</c>: an id that is none, or a service connection without the rest.</exception>
    public override void Check(string owner)
    {
        if (ClientId is not null && !Guid.TryParse(ClientId, out _))
            throw AzureErrors.UnusableIdentity(owner, $"the client id '{ClientId}' is not a GUID");
        if (ServiceConnectionId is not null && !Guid.TryParse(ServiceConnectionId, out _))
            throw AzureErrors.UnusableIdentity(owner, $"the service connection id '{ServiceConnectionId}' is not a GUID: it stands in the address of the connection's page, and is not its name");
        if (TenantId is not null && !Tenant().IsMatch(TenantId))
            throw AzureErrors.UnusableIdentity(owner, $"the tenant '{TenantId}' is neither a GUID nor a domain");
        if (ServiceConnectionId is not null && (ClientId is null || TenantId is null))
            throw AzureErrors.UnusableIdentity(owner, "a service connection id says nothing without the client id and the tenant id of its application");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tenant();
}

using System.Text.RegularExpressions;
using Gantry.Environments;

namespace Gantry.Azure.SignIn;

/// <summary>
/// The identity for Azure: <c>Identity = new AzureIdentity { ClientId = "…", TenantId = "…" }</c>. Parts that are not given come from the
/// machine or pipeline on which the build runs.
/// </summary>
/// <remarks>It contains no secret and has no property for one.</remarks>
public sealed partial record AzureIdentity : EnvironmentIdentity
{
    /// <summary>
    /// The client id of the application or managed identity. In a pipeline it must be that of the task's service connection, or be given
    /// with a <see cref="ServiceConnectionId"/>; a person who is signed in to the Azure CLI keeps their own identity.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>The id of the tenant or one of its domains.</summary>
    public string? TenantId { get; init; }

    /// <summary>
    /// The id of the service connection whose federated credential signs in, when it is not that of the task. Requires
    /// <see cref="ClientId"/> and <see cref="TenantId"/>. The pipeline must be permitted to use it.
    /// </summary>
    public string? ServiceConnectionId { get; init; }

    /// <summary>The cloud; null for the cloud of a registry's domain, and for the public cloud otherwise.</summary>
    public AzureCloud? Cloud { get; init; }

    /// <summary>True when no part of the identity is given.</summary>
    public bool IsEmpty => this == new AzureIdentity();

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9010</c>: an id that is not valid, or a service connection without the other
    /// ids.</exception>
    public override void Check(string owner)
    {
        if (ClientId is not null && !Guid.TryParse(ClientId, out _))
            throw AzureErrors.UnusableIdentity(owner, $"the client id '{ClientId}' is not a GUID");
        if (ServiceConnectionId is not null && !Guid.TryParse(ServiceConnectionId, out _))
            throw AzureErrors.UnusableIdentity(
                owner,
                $"the service connection id '{ServiceConnectionId}' is not a GUID: "
                    + "it is in the address of the connection's page, and is not its name");
        if (TenantId is not null && !Tenant().IsMatch(TenantId))
            throw AzureErrors.UnusableIdentity(owner, $"the tenant '{TenantId}' is neither a GUID nor a domain");
        if (ServiceConnectionId is not null && (ClientId is null || TenantId is null))
            throw AzureErrors.UnusableIdentity(
                owner, "a service connection id needs the client id and the tenant id of its application as well");
    }

    [GeneratedRegex(
        @"\A[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tenant();
}

using Gantry.Registries;

namespace Gantry.Testing;

/// <summary>Returns the same credential for every host, or for one.</summary>
public sealed class FixedCredentialSource(RegistryCredential credential, string? onlyHost = null) : ICredentialSource
{
    public ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken) =>
        ValueTask.FromResult(onlyHost is null || onlyHost == host ? credential : null);
}

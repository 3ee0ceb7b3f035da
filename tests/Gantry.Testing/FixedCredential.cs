using Gantry.Registries;

namespace Gantry.Testing;

/// <summary>The same credential for every host, or for one.</summary>
public sealed class FixedCredential(RegistryCredential credential, string? onlyHost = null) : ICredentialSource
{
    public ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken) =>
        ValueTask.FromResult(onlyHost is null || onlyHost == host ? credential : null);
}

using System.Collections.Concurrent;
using Gantry.Azure;
using Gantry.Azure.Registries;
using Gantry.Azure.SignIn;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary>
/// Credentials for Azure registries, by the Azure sign-in of this machine, as a build has them. Without a sign-in access is anonymous,
/// which is sufficient for public repositories; a refusal then says what is missing.
/// </summary>
/// <param name="options">Returns the options of the sign-in, whose libraries are loaded when the first Azure registry is used.</param>
internal sealed class AzureRegistryCredentials(Func<AzureSessionOptions> options) : ICredentialSource
{
    private readonly ConcurrentDictionary<string, GantryException> _missing = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<AcrCredentialSource> _source = new(() => new AcrCredentialSource(new AzureSession(options())));

    public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken) =>
        AcrHost.FindDomain(host) is null ? null : await SignInAsync(host, cancellationToken);

    public void OnRefused(string host)
    {
        if (_source.IsValueCreated)
            _source.Value.OnRefused(host);
    }

    public string? Advise(string host, string scopes) =>
        _missing.TryGetValue(host, out var error) ? $"{error.Remedy} ({error.Problem})"
        : _source.IsValueCreated ? _source.Value.Advise(host, scopes)
        : null;

    private async Task<RegistryCredential?> SignInAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await _source.Value.FindAsync(host, cancellationToken);
        }
        catch (GantryException error) when (error.Kind == ErrorKind.NotSignedIn)
        {
            _missing[host] = error;
            return null;
        }
    }
}

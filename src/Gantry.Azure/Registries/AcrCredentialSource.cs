using System.Collections.Concurrent;
using Gantry.Azure.SignIn;
using Gantry.Registries;

namespace Gantry.Azure.Registries;

/// <summary>
/// Credentials for Azure Container Registry: an access token of Microsoft Entra ID, exchanged for a refresh token of the registry. Returns
/// no credentials for other registries.
/// </summary>
/// <remarks>
/// The sign-in libraries are loaded when the first Azure registry is used, and not before. Safe for concurrent use: all requests for one
/// registry share one exchange and its result while that is valid.
/// </remarks>
/// <seealso href="https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md">
/// Azure Container Registry, integration with Microsoft Entra ID
/// </seealso>
public sealed class AcrCredentialSource : ICredentialSource, IDisposable
{
    // A token is valid for three hours. An operation that begins with one should not outlast it.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Lazy<Task<AcrToken>>> _tokens = new(StringComparer.OrdinalIgnoreCase);
    private readonly AzureSession _azure;
    private readonly AcrTokenExchange _exchange;

    /// <summary>Creates a source. The sign-in happens when the first Azure registry is used.</summary>
    public AcrCredentialSource(AzureSession azure)
    {
        _azure = azure;
        _exchange = new AcrTokenExchange(azure.Options);
    }

    /// <summary>Returns the identity for a registry, by host; null for the default sign-in.</summary>
    public Func<string, AzureIdentity?> IdentityOf { get; init; } = _ => null;

    /// <summary>Custom domains of Azure registries, which cannot be recognized by their name. Empty by default.</summary>
    public IReadOnlySet<string> CustomDomains { get; init; } = new HashSet<string>();

    /// <summary>True when a host is an Azure Container Registry, in the public cloud or a sovereign one.</summary>
    public static bool IsAzureRegistry(string host) => AzureCloud.OfRegistry(host) is not null;

    /// <inheritdoc/>
    /// <exception cref="GantryException">GAN9001 to GAN9006: there is no Azure sign-in, or the registry refuses it.</exception>
    public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken) =>
        IsOurs(host) ? new RefreshTokenCredential(await GetTokenAsync(host, cancellationToken)) : null;

    /// <inheritdoc/>
    public void OnRefused(string host) => _tokens.TryRemove(host, out _);

    /// <inheritdoc/>
    public string? Advise(string host, string scopes) => IsOurs(host) ? AcrRoles.Advise(host, scopes) : null;

    /// <inheritdoc/>
    public void Dispose() => _exchange.Dispose();

    private bool IsOurs(string host) => IsAzureRegistry(host) || CustomDomains.Contains(host);

    private async Task<string> GetTokenAsync(string host, CancellationToken cancellationToken)
    {
        await ForgetExpiredAsync(host);
        var pending = _tokens.GetOrAdd(host, Start);
        try
        {
            // A cancelled caller does not stop the exchange that others wait for.
            return (await pending.Value.WaitAsync(cancellationToken)).RefreshToken;
        }
        catch
        {
            if (pending.Value.IsFaulted)
                Forget(host, pending);
            throw;
        }
    }

    private async Task ForgetExpiredAsync(string host)
    {
        if (_tokens.TryGetValue(host, out var known)
            && known.Value.IsCompletedSuccessfully
            && (await known.Value).ExpiresOn - RenewBefore <= _azure.Options.TimeProvider.GetUtcNow())
            Forget(host, known);
    }

    private Lazy<Task<AcrToken>> Start(string host) => new(() =>
    {
        var identity = IdentityOf(host);
        var cloud = identity?.Cloud ?? AzureCloud.OfRegistry(host) ?? AzureCloud.Public;
        return _exchange.ExchangeAsync(host, _azure.Credential(identity, cloud), cloud);
    });

    private void Forget(string host, Lazy<Task<AcrToken>> token) =>
        _tokens.TryRemove(new KeyValuePair<string, Lazy<Task<AcrToken>>>(host, token));
}

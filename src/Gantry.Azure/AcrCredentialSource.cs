using System.Collections.Concurrent;
using Azure.Core;
using Gantry.Registries;

namespace Gantry.Azure;

/// <summary>
/// Credentials for Azure Container Registry: an access token of Microsoft Entra ID, exchanged for a refresh token of the
/// registry. Other registries are none of its business.
/// </summary>
/// <remarks>
/// The libraries that sign in are loaded when the first registry of Azure is asked for, not before. Safe for concurrent use: all who ask
/// for one registry share one exchange, and its result for as long as it is valid.
/// </remarks>
/// <seealso href="https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md">Azure Container Registry, integration with Microsoft Entra ID</seealso>
public sealed class AcrCredentialSource : ICredentialSource, IDisposable
{
    // A token is valid for three hours. What begins with one should not outlive it.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(10);
    private static readonly string[] Domains = [".azurecr.io", ".azurecr.cn", ".azurecr.us"];

    private readonly ConcurrentDictionary<string, Lazy<Task<AcrToken>>> _tokens = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<AcrTokenExchange> _exchange;
    private readonly TimeProvider _time;

    /// <summary>Creates a source for whoever is signed in: <see cref="AzureSignIn.Find()"/>.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="handler">Carries the requests; null for the usual one. It must not follow redirects.</param>
    public AcrCredentialSource(TimeProvider time, HttpMessageHandler? handler = null)
    {
        _time = time;
        _exchange = new Lazy<AcrTokenExchange>(() => new AcrTokenExchange(AzureSignIn.Find(), time, handler));
    }

    /// <summary>Creates a source for another identity.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="signIn">Gives the identity. Called once, when the first registry of Azure is asked for.</param>
    /// <param name="handler">Carries the requests; null for the usual one. It must not follow redirects.</param>
    public AcrCredentialSource(TimeProvider time, Func<TokenCredential> signIn, HttpMessageHandler? handler = null)
    {
        _time = time;
        _exchange = new Lazy<AcrTokenExchange>(() => new AcrTokenExchange(signIn(), time, handler));
    }

    /// <summary>Whether a host is an Azure Container Registry, of the public cloud or of a sovereign one.</summary>
    public static bool IsAzureRegistry(string host)
    {
        var colon = host.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? host : host[..colon];
        return Domains.Any(domain => name.Length > domain.Length && name.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException">GAN9001 to GAN9006: nobody is signed in, or the registry refuses.</exception>
    public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken) =>
        IsAzureRegistry(host) ? new RefreshTokenCredential(await GetTokenAsync(host, cancellationToken)) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_exchange.IsValueCreated)
            _exchange.Value.Dispose();
    }

    private async Task<string> GetTokenAsync(string host, CancellationToken cancellationToken)
    {
        await ForgetExpiredAsync(host);
        var pending = _tokens.GetOrAdd(host, Start);
        try
        {
            // One who gives up waiting does not stop the others' exchange.
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
            && (await known.Value).ExpiresOn - RenewBefore <= _time.GetUtcNow())
            Forget(host, known);
    }

    private Lazy<Task<AcrToken>> Start(string host) => new(() => _exchange.Value.ExchangeAsync(host));

    private void Forget(string host, Lazy<Task<AcrToken>> token) =>
        _tokens.TryRemove(new KeyValuePair<string, Lazy<Task<AcrToken>>>(host, token));
}

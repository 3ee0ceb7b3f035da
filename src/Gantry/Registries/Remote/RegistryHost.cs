using System.Collections.Concurrent;
using System.Net;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>One registry: how it is spoken to, and what was learnt of its abilities.</summary>
internal sealed class RegistryHost(string name, Uri root, RegistryTransport transport, HostAuthentication authentication, RegistrySessionOptions options)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Digest, Descriptor>> _unlistedReferrers = new(StringComparer.Ordinal);
    private Task<string?>? _foreign;

    public string Name => name;

    public RegistrySessionOptions Options => options;

    public RegistryRetry Retry => transport.Retry;

    /// <summary>Whether the registry lists referrers itself; null until it was asked.</summary>
    public bool? HasReferrersApi { get; set; }

    /// <summary>
    /// Whether a mount of a blob from the repository that it is in says that it is there; null until one did, or one failed for a blob
    /// that is there.
    /// </summary>
    public bool? MountsFromSelf { get; set; }

    /// <summary>The repositories, from and to, between which a mount was refused as a whole: it would be for every blob. With the error's code.</summary>
    public ConcurrentDictionary<(string From, string To), string> RefusedMounts { get; } = new();

    /// <summary>Waits until nobody else in this session changes the same thing; the turn ends with the result's disposal.</summary>
    public async Task<IDisposable> AcquireLockAsync(string key, CancellationToken cancellationToken)
    {
        var turns = _turns.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        await turns.WaitAsync(cancellationToken);
        return new Turn(turns);
    }

    /// <summary>Referrers that are stored and wait to be added to the index that is known by this key.</summary>
    public ConcurrentDictionary<Digest, Descriptor> UnlistedReferrers(string key) => _unlistedReferrers.GetOrAdd(key, _ => new());

    public Uri Address(string path) => new(root, path);

    /// <summary>Makes a request complete with what this registry wants to see.</summary>
    public RegistryRequest Authenticated(RegistryRequest request, params IReadOnlyList<TokenScope> scopes) =>
        IsOwn(request.Uri) ? request with { Authentication = authentication, Scopes = scopes } : request;

    public Task<T> SendAsync<T>(RegistryRequest request, Func<RegistryResponse, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        transport.SendAsync(request, read, cancellationToken);

    public Task<T> AttemptAsync<T>(RegistryRequest request, Func<RegistryResponse, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        transport.AttemptAsync(request, read, cancellationToken);

    /// <summary>
    /// The address that an upload goes on at. It may be on another host, which then gets no credential. A registry behind a proxy
    /// that ends TLS often calls itself by <c>http</c>: its own host is spoken to as before.
    /// </summary>
    public Uri Continue(Uri location)
    {
        if (location.Host.Equals(root.Host, StringComparison.OrdinalIgnoreCase) && location.Scheme == "http" && root.Scheme == "https")
            return new UriBuilder(location) { Scheme = "https", Port = location.IsDefaultPort ? root.Port : location.Port }.Uri;
        if (location.Scheme is not ("http" or "https") || (location.Scheme == "http" && !transport.AllowsPlainHttp(location.Authority)))
            throw RegistryErrors.PlainHttp(name, location.WithoutSecrets());
        return location;
    }

    /// <summary>
    /// Called when something is not found: a web server that knows nothing of registries answers that to everything. So when the answer
    /// is a page for people, the registry is asked, once, whether it is one.
    /// </summary>
    public async Task ThrowIfNotARegistryAsync(RegistryResponse response, CancellationToken cancellationToken)
    {
        if (response.IsHtml && await (_foreign ??= DescribeForeignAsync(cancellationToken)) is { } answer)
            throw RegistryErrors.NotARegistry(name, answer);
    }

    /// <summary>The error that a refusal is: by its status, and by what the registry says in its body.</summary>
    public async Task<GantryException> CreateErrorAsync(RegistryResponse response, string location, string what, CancellationToken cancellationToken)
    {
        var (_, reason) = await ErrorReader.ReadAsync(response, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => RegistryErrors.Unauthorized(location, what, reason, response.Advice),
            _ when response.IsHtml => RegistryErrors.NotARegistry(name, $"a page with status {(int)response.StatusCode}"),
            _ => RegistryErrors.UnexpectedAnswer(location, what, reason),
        };
    }

    private bool IsOwn(Uri uri) => uri.Authority == root.Authority && uri.Scheme == root.Scheme;

    private async Task<string?> DescribeForeignAsync(CancellationToken cancellationToken)
    {
        var request = new RegistryRequest { Method = HttpMethod.Get, Uri = root, What = "asking whether it is a registry" };
        return await SendAsync(
            request,
            (response, _) => Task.FromResult(
                response.Header("Docker-Distribution-Api-Version") is null && response.IsHtml ? $"a page with status {(int)response.StatusCode}" : null),
            cancellationToken);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}

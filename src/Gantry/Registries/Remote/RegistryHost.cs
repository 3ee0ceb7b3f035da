using System.Collections.Concurrent;
using System.Net;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>One registry: its connection and its known capabilities.</summary>
internal sealed class RegistryHost(
    string name, Uri root, HttpTransport transport, HostAuthentication authentication, RegistrySessionOptions options)
{
    // Longer than any registry takes until all of its nodes show what was written.
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Digest, Descriptor>> _unlistedReferrers =
        new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Repository, string Reference), (Digest Digest, long At)> _writes = new();
    private readonly ConcurrentDictionary<string, byte> _warnings = new(StringComparer.Ordinal);
    private Task<string?>? _foreign;

    public string Name => name;

    public RegistrySessionOptions Options => options;

    public Retry Retry => transport.Retry;

    /// <summary>True when the registry has a referrers API; null until it is known.</summary>
    public bool? HasReferrersApi { get; set; }

    /// <summary>The repositories whose referrers this identity may not list although it may read, with the refusal.</summary>
    public ConcurrentDictionary<string, GantryException> DeniedReferrers { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// True when it reads the fallback tag of a manifest as its digest, so that it keeps no list under it. Null until it is known.
    /// </summary>
    public bool? ReadsTagsAsDigests { get; set; }

    /// <summary>
    /// True when mounting a blob from the repository that it is in reports that it exists. Null until such a mount succeeded, or failed for
    /// a blob that exists.
    /// </summary>
    public bool? MountsFromSelf { get; set; }

    /// <summary>
    /// The pairs of repositories, from and to, between which nothing is mounted: it was refused, or reported and not done.
    /// </summary>
    public ConcurrentDictionary<(string From, string To), bool> RefusedMounts { get; } = new();

    /// <summary>
    /// Acquires the lock for a key, so that only one caller in this session changes the same thing; disposing of the result releases it.
    /// </summary>
    public async Task<IDisposable> AcquireLockAsync(string key, CancellationToken cancellationToken)
    {
        var turns = _turns.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        await turns.WaitAsync(cancellationToken);
        return new Turn(turns);
    }

    /// <summary>Gets the referrers that are stored and still have to be added to the index with this key.</summary>
    public ConcurrentDictionary<Digest, Descriptor> UnlistedReferrers(string key) => _unlistedReferrers.GetOrAdd(key, _ => new());

    /// <summary>Notes that a tag or a manifest was written.</summary>
    public void NoteWrite(string repository, string reference, Digest digest) =>
        _writes[(repository, reference)] = (digest, options.TimeProvider.GetTimestamp());

    /// <summary>Forgets the writes of a manifest and of the tags that pointed to it: it was deleted.</summary>
    public void NoteDeletion(string repository, Digest digest)
    {
        foreach (var write in _writes.Where(write => write.Key.Repository == repository && write.Value.Digest == digest))
            _writes.TryRemove(write.Key, out _);
    }

    /// <summary>Returns the digest that was written here a moment ago; null when nothing was.</summary>
    public Digest? FindRecentWrite(string repository, string reference)
    {
        if (!_writes.TryGetValue((repository, reference), out var write))
            return null;
        if (options.TimeProvider.GetElapsedTime(write.At) < s_settling)
            return write.Digest;
        _writes.TryRemove((repository, reference), out _);
        return null;
    }

    /// <summary>Reports what the session goes on without, once.</summary>
    public void Warn(GantryException warning)
    {
        if (_warnings.TryAdd(warning.Message, 0))
            options.Warn?.Invoke(warning);
    }

    public Uri Address(string path) => new(root, path);

    /// <summary>Creates a request with the authentication of this registry; one to another host gets none.</summary>
    public HttpCall Request(HttpMethod method, Uri uri, string what, IReadOnlyList<TokenScope> scopes) => new()
    {
        Method = method,
        Uri = uri,
        What = what,
        Failed = RegistryErrors.Of,
        Authentication = IsOwn(uri) ? new ScopedAuthentication(authentication, scopes) : null,
    };

    public Task<T> SendAsync<T>(HttpCall request, Func<HttpAnswer, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        transport.SendAsync(request, read, cancellationToken);

    public Task<T> AttemptAsync<T>(
        HttpCall request, Func<HttpAnswer, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        transport.AttemptAsync(request, read, cancellationToken);

    /// <summary>Starts the time without progress of an operation with several requests; the caller disposes of it.</summary>
    public ProgressDeadline CreateDeadline(TimeSpan? patience = null) => transport.CreateDeadline(patience);

    /// <summary>
    /// Returns the address where an upload continues. It may be on another host, which then gets no credential. A registry behind a proxy
    /// that terminates TLS often returns its own address with <c>http</c>: https is used all the same. What began with TLS never continues
    /// without it.
    /// </summary>
    public Uri Continue(Uri location)
    {
        if (location.Scheme != "http" || (root.Scheme == "http" && transport.AllowsPlainHttp(location.Authority)))
            return location;
        return root.Scheme == "https" && location.Host.Equals(root.Host, StringComparison.OrdinalIgnoreCase)
            ? HttpAddress.OverTls(location, location.IsDefaultPort ? root.Port : location.Port)
            : throw RegistryErrors.PlainHttp(name, location.WithoutSecrets());
    }

    /// <summary>
    /// Throws when the host is not a registry. Called when something is not found, because an ordinary web server answers that to
    /// everything: when the answer is an HTML page, the host is asked once whether it is a registry.
    /// </summary>
    public async Task ThrowIfNotARegistryAsync(HttpAnswer response, CancellationToken cancellationToken)
    {
        if (response.IsHtml && await (_foreign ??= DescribeForeignAsync(cancellationToken)) is { } answer)
            throw RegistryErrors.NotARegistry(name, answer);
    }

    /// <summary>Creates the error for a refusal, from its status and its body.</summary>
    public async Task<GantryException> CreateErrorAsync(
        HttpAnswer response, string location, string what, CancellationToken cancellationToken)
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
        var request = new HttpCall
        {
            Method = HttpMethod.Get,
            Uri = root,
            What = "asking whether it is a registry",
            Failed = RegistryErrors.Of,
        };
        return await SendAsync(
            request,
            (response, _) => Task.FromResult(
                response.Header("Docker-Distribution-Api-Version") is null && response.IsHtml
                    ? $"a page with status {(int)response.StatusCode}"
                    : null),
            cancellationToken);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}

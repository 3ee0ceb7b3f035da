using System.Collections.Concurrent;

namespace Gantry.Registries.Remote;

/// <summary>
/// Queries the credential sources in their order, once per host, so that a credential helper is not started for every request.
/// </summary>
internal sealed class CredentialFinder(IReadOnlyList<ICredentialSource> sources)
{
    private readonly ConcurrentDictionary<string, RegistryCredential?> _found = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    public async Task<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (_found.TryGetValue(host, out var known))
            return known;

        // Single-flight: concurrent callers share one lookup.
        var turn = _turns.GetOrAdd(host, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            return _found.TryGetValue(host, out known) ? known : _found[host] = await AskAsync(host, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<RegistryCredential?> AskAsync(string host, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            if (await source.FindAsync(host, cancellationToken) is { } credential)
                return credential;
        }

        return null;
    }

    /// <summary>Returns advice for a person after a refusal, from the first source that has any.</summary>
    public string? Advise(string host, IReadOnlyList<TokenScope> scopes)
    {
        var text = string.Join(' ', TokenScope.Merge(scopes));
        return sources.Select(source => source.Advise(host, text)).FirstOrDefault(advice => advice is not null);
    }

    /// <summary>Forgets the credential of a host: it was refused, and may have been renewed meanwhile.</summary>
    public void Forget(string host)
    {
        _found.TryRemove(host, out _);
        foreach (var source in sources)
            source.OnRefused(host);
    }
}

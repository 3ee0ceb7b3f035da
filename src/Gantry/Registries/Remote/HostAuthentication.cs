using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;

namespace Gantry.Registries.Remote;

/// <summary>
/// The authentication for one registry. It learns the scheme from the first refusal; after that, requests carry the required header, and a
/// token is requested once, however many requests need it.
/// </summary>
internal sealed class HostAuthentication(string host, TokenServer tokens, CredentialFinder credentials, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _requesting = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<AccessToken> _tokens = [];
    private volatile Challenge? _challenge;

    /// <summary>Returns the header for a request that needs these scopes; null until the registry has required one.</summary>
    public async Task<AuthenticationHeaderValue?> AuthorizeAsync(IReadOnlyList<TokenScope> scopes, CancellationToken cancellationToken)
    {
        if (_challenge is not { } challenge)
            return null;
        if (!challenge.Is("Bearer"))
            return await BasicAsync(cancellationToken);
        return new AuthenticationHeaderValue(
            "Bearer", (FindToken(scopes) ?? await RefreshAsync(challenge, scopes, cancellationToken)).Value);
    }

    /// <summary>
    /// Handles a refusal (401). A token that was refused is forgotten, however long it is still valid, so that it is not sent again.
    /// </summary>
    /// <returns>The additional scopes that the registry requires; null when its challenge cannot be answered.</returns>
    public IReadOnlyList<TokenScope>? HandleChallenge(IEnumerable<string> headers, AuthenticationHeaderValue? sent)
    {
        var challenges = headers.SelectMany(Challenge.Parse).ToList();
        var challenge = challenges.Find(offer => offer.Is("Bearer") && offer["realm"] is not null)
            ?? challenges.Find(offer => offer.Is("Basic"));
        if (challenge is null || (challenge.Is("Basic") && sent?.Scheme == "Basic"))
            return null;

        if (sent?.Scheme == "Bearer")
        {
            lock (_gate)
                _tokens.RemoveAll(token => token.Value == sent.Parameter);
        }

        _challenge = challenge;
        return [.. TokenScope.Parse(challenge["scope"] ?? "")];
    }

    /// <summary>The advice for a person after a refusal; null when there is none.</summary>
    public string? Advise(IReadOnlyList<TokenScope> scopes) => credentials.Advise(host, scopes);

    private async Task<AuthenticationHeaderValue> BasicAsync(CancellationToken cancellationToken)
    {
        var credential = await credentials.FindAsync(host, cancellationToken);
        return credential switch
        {
            PasswordCredential password => Basic(password),
            null => throw RegistryErrors.Unauthorized(host, "every request", "it requires a user name and a password, and none are known"),
            _ => throw RegistryErrors.Unauthorized(
                host, "every request", "it requires a user name and a password, and only a token is known"),
        };
    }

    public static AuthenticationHeaderValue Basic(PasswordCredential password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{password.UserName}:{password.Password}")));

    private AccessToken? FindToken(IReadOnlyList<TokenScope> scopes)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            _tokens.RemoveAll(token => token.Expires <= now);
            return _tokens.Find(token => TokenScope.Covers(token.Scopes, scopes));
        }
    }

    private async Task<AccessToken> RefreshAsync(Challenge challenge, IReadOnlyList<TokenScope> scopes, CancellationToken cancellationToken)
    {
        var wanted = TokenScope.Merge(scopes);
        var requesting = _requesting.GetOrAdd(string.Join(' ', wanted), _ => new SemaphoreSlim(1, 1));
        await requesting.WaitAsync(cancellationToken);
        try
        {
            if (FindToken(scopes) is { } found)
                return found;
            var token = await tokens.RequestAsync(host, challenge, wanted, cancellationToken);
            lock (_gate)
            {
                _tokens.RemoveAll(other => TokenScope.Covers(token.Scopes, other.Scopes));
                _tokens.Add(token);
            }

            return token;
        }
        finally
        {
            requesting.Release();
        }
    }
}

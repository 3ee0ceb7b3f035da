using System.Net.Http.Headers;
using Gantry.Http;

namespace Gantry.Registries.Remote;

/// <summary>The authentication of one request: that of its registry, for the scopes that it needs and those that a refusal adds.</summary>
internal sealed class ScopedAuthentication(HostAuthentication host, IReadOnlyList<TokenScope> scopes) : IHttpAuthentication
{
    private IReadOnlyList<TokenScope> _more = [];

    private IReadOnlyList<TokenScope> Scopes => _more.Count == 0 ? scopes : [.. scopes, .. _more];

    public string? Advice => host.Advise(scopes);

    public Task<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancellationToken) =>
        host.AuthorizeAsync(Scopes, cancellationToken);

    public bool HandleChallenge(IEnumerable<string> headers, AuthenticationHeaderValue? sent)
    {
        if (host.HandleChallenge(headers, sent) is not { } more)
            return false;
        _more = more;
        return true;
    }

    public GantryException CreateError(string location, string what, string reason, string? advice) =>
        RegistryErrors.Unauthorized(location, what, reason, advice);
}

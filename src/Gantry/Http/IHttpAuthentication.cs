using System.Net.Http.Headers;

namespace Gantry.Http;

/// <summary>The authentication of one request, which learns from refusals what the server requires.</summary>
internal interface IHttpAuthentication
{
    /// <summary>Advice for a person after a refusal; null when there is none.</summary>
    string? Advice { get; }

    /// <summary>Returns the header; null until the server has required one.</summary>
    Task<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancellationToken);

    /// <summary>Handles a refusal (401); returns false when it cannot be answered.</summary>
    bool HandleChallenge(IEnumerable<string> headers, AuthenticationHeaderValue? sent);

    /// <summary>Creates the error for a refusal that cannot be answered.</summary>
    GantryException CreateError(string host, string what, string reason, string? advice);
}

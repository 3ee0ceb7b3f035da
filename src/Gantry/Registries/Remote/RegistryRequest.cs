using System.Net.Http.Headers;

namespace Gantry.Registries.Remote;

/// <summary>A request as it is sent in every attempt.</summary>
internal sealed record RegistryRequest
{
    public required HttpMethod Method { get; init; }

    public required Uri Uri { get; init; }

    /// <summary>What this is about, for messages: <c>reading the manifest sha256:…</c>.</summary>
    public required string What { get; init; }

    public string? Accept { get; init; }

    /// <summary>Where to begin, for the rest of a body.</summary>
    public long Offset { get; init; }

    /// <summary>Makes the body of an attempt.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Whether the body can be sent only once, so that a refusal cannot be answered by sending it again.</summary>
    public bool Once { get; init; }

    /// <summary>Whether the body holds a credential, which no other host may see.</summary>
    public bool HoldsSecret { get; init; }

    /// <summary>Who knows what the registry wants to see; null for those that are told by <see cref="Authorization"/>, or nothing.</summary>
    public HostAuthentication? Authentication { get; init; }

    public IReadOnlyList<TokenScope> Scopes { get; init; } = [];

    public AuthenticationHeaderValue? Authorization { get; init; }

    public HttpRequestMessage CreateMessage(Uri uri, AuthenticationHeaderValue? authorization)
    {
        var message = new HttpRequestMessage(Method, uri) { Version = System.Net.HttpVersion.Version11, Content = Content?.Invoke() };
        message.Headers.Authorization = authorization;
        message.Headers.TryAddWithoutValidation("User-Agent", "gantry");
        if (Accept is not null)
            message.Headers.TryAddWithoutValidation("Accept", Accept);
        if (Offset > 0)
            message.Headers.Range = new RangeHeaderValue(Offset, null);
        return message;
    }

    /// <summary>Without what could be secret.</summary>
    public override string ToString() => $"{Method} {Uri.GetLeftPart(UriPartial.Path)}";
}

using System.Net.Http.Headers;

namespace Gantry.Http;

/// <summary>A request, as it is sent in every attempt.</summary>
internal sealed record HttpCall
{
    public required HttpMethod Method { get; init; }

    public required Uri Uri { get; init; }

    /// <summary>A description for messages: <c>reading the manifest sha256:…</c>.</summary>
    public required string What { get; init; }

    /// <summary>Creates the error for a failure: a <see cref="TransientException"/> when it may succeed when retried.</summary>
    public required Func<HttpFailure, Exception> Failed { get; init; }

    public string? Accept { get; init; }

    /// <summary>The offset to begin at, to read the rest of a body.</summary>
    public long Offset { get; init; }

    /// <summary>Creates the body for an attempt.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>True when the body can be sent only once, so that the request cannot be repeated after a refusal.</summary>
    public bool Once { get; init; }

    /// <summary>The time without progress of the operation that this request belongs to; null when it is one of its own.</summary>
    public ProgressDeadline? Deadline { get; init; }

    /// <summary>A shorter time without progress for what can do without the answer; null for that of the transport.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>
    /// True when the caller goes on without an answer. A pause that is asked for then does not delay other requests, which may be welcome.
    /// </summary>
    public bool Optional { get; init; }

    /// <summary>True when the body holds a credential, which must not be sent to another host.</summary>
    public bool HoldsSecret { get; init; }

    /// <summary>The authentication; null when <see cref="Authorization"/> is used, or none.</summary>
    public IHttpAuthentication? Authentication { get; init; }

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

    /// <summary>Returns the method and the address without parts that could be secret.</summary>
    public override string ToString() => $"{Method} {Uri.WithoutSecrets()}";
}

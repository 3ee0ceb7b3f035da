namespace Gantry.Http;

/// <summary>The kinds of failures of a request, apart from answers that its sender reads.</summary>
public enum HttpFailureKind
{
    /// <summary>No connection could be made: nothing was sent.</summary>
    Unreachable,

    /// <summary>No secure connection could be made.</summary>
    Untrusted,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>There was no answer, or no progress, within the time limit.</summary>
    Stalled,

    /// <summary>The answer is larger than its reader accepts.</summary>
    TooLarge,

    /// <summary>The answer redirects to another address that is not allowed.</summary>
    Redirect,

    /// <summary>The answer redirects to an address without TLS.</summary>
    InsecureRedirect,

    /// <summary>There were too many redirects.</summary>
    EndlessRedirect,

    /// <summary>There are too many requests.</summary>
    RateLimited,

    /// <summary>The server failed.</summary>
    ServerFailed,
}

/// <summary>A failure of a request, from which its sender creates an error.</summary>
public sealed class HttpFailure
{
    internal HttpFailure(HttpFailureKind kind, string host, string what, string reason)
    {
        Kind = kind;
        Host = host;
        What = what;
        Reason = reason;
    }

    /// <summary>The kind.</summary>
    public HttpFailureKind Kind { get; }

    /// <summary>The host, with its port.</summary>
    public string Host { get; }

    /// <summary>The reason, for people: <c>connection refused</c>. It contains no address.</summary>
    public string Reason { get; }

    /// <summary>The technical cause.</summary>
    public Exception? Exception { get; internal init; }

    /// <summary>The action of the request, for messages; for an answer that is too large, the kind of document.</summary>
    internal string What { get; }

    /// <summary>The time limit that was exceeded.</summary>
    internal TimeSpan Limit { get; init; }

    /// <summary>The pause that the server asks for.</summary>
    internal TimeSpan? Pause { get; init; }

    /// <summary>The status of the answer, or the maximum number of bytes.</summary>
    internal int Number { get; init; }
}

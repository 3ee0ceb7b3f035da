namespace Gantry;

/// <summary>The kinds of errors that a program may decide on. The code of an error says more, to people.</summary>
public enum ErrorKind
{
    /// <summary>None of the others: retrying or choosing another way does not help.</summary>
    Other,

    /// <summary>A server cannot be reached.</summary>
    Unreachable,

    /// <summary>A server answers that is not a registry: a web server, or a proxy in between.</summary>
    NotARegistry,

    /// <summary>A connection made no progress.</summary>
    Stalled,

    /// <summary>A connection broke, in every attempt.</summary>
    Broken,

    /// <summary>A server failed, in every attempt.</summary>
    ServerFailed,

    /// <summary>There are too many requests.</summary>
    RateLimited,

    /// <summary>The credential is missing, not accepted, or lacks a permission.</summary>
    Unauthorized,

    /// <summary>No method of signing in is available.</summary>
    NotSignedIn,

    /// <summary>The requested content does not exist.</summary>
    NotFound,

    /// <summary>The server does not accept what is written.</summary>
    Refused,

    /// <summary>The server answers in a way that its specification does not allow.</summary>
    UnexpectedAnswer,

    /// <summary>The content does not match its digest or its size.</summary>
    DigestMismatch,

    /// <summary>Only a Docker engine can build this image.</summary>
    EngineRequired,

    /// <summary>A gate does not let the release pass, or a person has said no; nothing was written.</summary>
    NotAllowed,
}

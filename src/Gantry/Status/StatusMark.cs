namespace Gantry.Status;

/// <summary>Something in an environment that a person should look at.</summary>
public sealed record StatusMark
{
    /// <summary>The kind.</summary>
    public required StatusMarkKind Kind { get; init; }

    /// <summary>The code in docs/diagnostics.md: <c>GAN4056</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The place, for people: <c>prod, west-europe</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The name of the image; null when it concerns the whole registry.</summary>
    public string? Image { get; init; }

    /// <summary>The problem, as one sentence without a full stop.</summary>
    public required string Problem { get; init; }

    /// <summary>The remedy, as one sentence; null when the command says it all.</summary>
    public string? Remedy { get; init; }

    /// <summary>The command that mends it: <c>./build.sh PromoteProd --release 1.4.2</c>; null when there is none.</summary>
    public string? Command { get; init; }

    /// <summary>The error, where something could not be read, or is not as it was promoted; null for everything else.</summary>
    public GantryException? Error { get; init; }
}

/// <summary>The kinds of what a person should look at, the gravest first.</summary>
public enum StatusMarkKind
{
    /// <summary>A registry or a record could not be read.</summary>
    Unreadable,

    /// <summary>A tag points to another image than the one that was promoted.</summary>
    MovedTag,

    /// <summary>There is an image whose promotion no attestation proves.</summary>
    Unattested,

    /// <summary>A release is in an environment, and was not in the one before.</summary>
    BrokenOrder,

    /// <summary>The hosts run something else than what was promoted.</summary>
    OtherOnHosts,

    /// <summary>Images or regions of the environment have different releases.</summary>
    Incomplete,

    /// <summary>A person has let the release pass a check, and it has not come the normal way since.</summary>
    OpenBypass,

    /// <summary>The environment is held.</summary>
    Held,

    /// <summary>The previous environment has newer releases.</summary>
    Behind,

    /// <summary>The base image of the release has moved on.</summary>
    OldBaseImage,
}

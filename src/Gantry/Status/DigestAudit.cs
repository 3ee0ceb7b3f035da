using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;

namespace Gantry.Status;

/// <summary>Everything that the registries know about one digest, in the order of time, verified.</summary>
public sealed record DigestAudit
{
    /// <summary>The time of the read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The name of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The digest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The base registry, and then the registries of the environments: whether the image is there.</summary>
    public required IReadOnlyList<AuditPlace> Places { get; init; }

    /// <summary>What is known, the earliest first. What has no time comes last.</summary>
    public required IReadOnlyList<AuditEntry> Entries { get; init; }

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<AuditProblem> Problems { get; init; } = [];

    /// <summary>The version of the release, as the latest promotion or the record of the release says; null when it is not known.</summary>
    public string? Version => Entries
        .LastOrDefault(entry => entry is { Version: not null, State: not AuditState.Ignored, IsHold: false })?.Version;

    /// <summary>Returns the way of the image alone: how it was built and published, and how it came to each place.</summary>
    public DigestAudit WayOnly() => this with
    {
        Entries = [.. Entries.Where(entry => entry.State != AuditState.Ignored && entry.Kind <= AuditKind.Withdrawal)],
    };
}

/// <summary>A place of an image.</summary>
/// <param name="Name">The place, for people: <c>base</c>, <c>prod, west-europe</c>.</param>
/// <param name="Location">The repository.</param>
/// <param name="IsThere">True when the image is there; null when that could not be read.</param>
public sealed record AuditPlace(string Name, string Location, bool? IsThere)
{
    /// <summary>The registry of an environment; null for the base registry.</summary>
    public PromotionTarget? Target { get; init; }
}

/// <summary>One thing that is known about a digest.</summary>
public sealed record AuditEntry
{
    /// <summary>The kind.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>The time that it names; null when it names none.</summary>
    public required DateTimeOffset? Time { get; init; }

    /// <summary>The place, for people.</summary>
    public required string Place { get; init; }

    /// <summary>What it says, as one sentence without a full stop.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it counts.</summary>
    public required AuditState State { get; init; }

    /// <summary>The version of the release; null when it names none.</summary>
    public string? Version { get; init; }

    /// <summary>The person or run; null when it names none.</summary>
    public string? By { get; init; }

    /// <summary>The name of the key that has signed it; null when nothing is signed, or with no trusted key.</summary>
    public string? Key { get; init; }

    /// <summary>The digest of the manifest that holds it; null when there is none.</summary>
    public Digest? Document { get; init; }

    /// <summary>The other places to which it was copied with the image.</summary>
    public IReadOnlyList<string> Copies { get; init; } = [];

    /// <summary>The record, for promotions.</summary>
    public PromotionRecord? Promotion { get; init; }

    /// <summary>Why it does not count, or is not verified; null when it counts.</summary>
    public GantryException? Error { get; init; }

    // A hold may name any release.
    internal bool IsHold => Kind is AuditKind.Hold or AuditKind.HoldReleased;
}

/// <summary>Whether something that is known counts.</summary>
public enum AuditState
{
    /// <summary>A trusted key has signed it.</summary>
    Verified,

    /// <summary>It counts as it is, and is not signed: the place has no key.</summary>
    Unsigned,

    /// <summary>It is listed, and nothing here can verify it.</summary>
    Unverified,

    /// <summary>It does not count, and the error says why.</summary>
    Ignored,
}

/// <summary>The kinds of what is known about a digest: first those that are its way.</summary>
public enum AuditKind
{
    /// <summary>It was built.</summary>
    Build,

    /// <summary>It was published as a part of a release.</summary>
    Release,

    /// <summary>It was promoted.</summary>
    Promotion,

    /// <summary>It was promoted back, over a newer release.</summary>
    Return,

    /// <summary>It was promoted, and a person has let it pass a check.</summary>
    Bypass,

    /// <summary>Its promotions to a place were withdrawn.</summary>
    Withdrawal,

    /// <summary>A promotion was signed again with another key.</summary>
    Renewal,

    /// <summary>A list of what it contains.</summary>
    Sbom,

    /// <summary>A report of vulnerabilities.</summary>
    Scan,

    /// <summary>A person lets it into an environment, or no longer does.</summary>
    Approval,

    /// <summary>It was built again.</summary>
    Rebuild,

    /// <summary>The environment was held.</summary>
    Hold,

    /// <summary>The hold of the environment was ended.</summary>
    HoldReleased,

    /// <summary>A signature of another tool, or for one.</summary>
    Signature,

    /// <summary>Something else beside it.</summary>
    Other,
}

/// <summary>What could not be read.</summary>
/// <param name="Place">The place, for people.</param>
/// <param name="Error">The error.</param>
public sealed record AuditProblem(string Place, GantryException Error);

namespace Gantry.Drift;

/// <summary>The hosts of all environments, compared with what was promoted.</summary>
/// <param name="Hosts">Each host with each of its images.</param>
/// <param name="Findings">What differs, and what could not be read.</param>
public sealed record HostVerification(IReadOnlyList<HostComparison> Hosts, IReadOnlyList<DriftFinding> Findings);

/// <summary>A host with one of its images, compared with what was promoted.</summary>
public sealed record HostComparison
{
    /// <summary>The place, for people: <c>prod, west-europe</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The host, for people: <c>App Service contoso-prod</c>.</summary>
    public required string Host { get; init; }

    /// <summary>The name of the image; null for a health check, and for a host of all images.</summary>
    public string? Image { get; init; }

    /// <summary>The result.</summary>
    public required HostAgreement Agreement { get; init; }

    /// <summary>What was promoted: a reference, or a version; null when nothing was, or when that is not known.</summary>
    public string? Expected { get; init; }

    /// <summary>What the host runs: references as it has them, or the answer of a health check. Empty when it was not read.</summary>
    public IReadOnlyList<string> Found { get; init; } = [];

    /// <summary>The time since which it runs that; null when the host does not say.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>A remark, as part of a sentence: why it was not read, or that a change is in progress; null without one.</summary>
    public string? Note { get; init; }
}

/// <summary>The results of comparing a host.</summary>
public enum HostAgreement
{
    /// <summary>The host runs what was promoted.</summary>
    AsPromoted,

    /// <summary>The host runs something else.</summary>
    Different,

    /// <summary>The host could not be read, because of an error.</summary>
    Unreadable,

    /// <summary>The host was not read: there is no way to ask it, or nothing to compare it with.</summary>
    NotRead,
}

using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Pruning;

/// <summary>
/// Names releases and images that are kept beside those that the registries show: what hosts run, what a hold keeps. An error means that
/// nothing is deleted.
/// </summary>
public interface IKeepSource
{
    /// <summary>Finds what is kept at one registry of an environment.</summary>
    /// <param name="target">The registry.</param>
    /// <param name="images">The names of the images that were promoted there.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<IReadOnlyList<NamedKeep>> FindAsync(PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken);
}

/// <summary>A release or an image that is kept for a reason outside of the registries.</summary>
/// <param name="Kind">The kind of the reason.</param>
/// <param name="Reason">The reason, as a part of a sentence: <c>a hold of prod by Anna</c>.</param>
public sealed record NamedKeep(KeepReasonKind Kind, string Reason)
{
    /// <summary>The version of the release; null when the digest or the tag names what is kept.</summary>
    public string? Version { get; init; }

    /// <summary>The digest of the image, or of a part of it: one of its platforms; null when it is not known.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The tag of the image, where no digest is known; null otherwise.</summary>
    public string? Tag { get; init; }

    /// <summary>
    /// The repository that the digest or the tag is in, beside those of the registry that is asked about:
    /// <c>contoso.azurecr.io/app</c>; null for no other one.
    /// </summary>
    public string? Repository { get; init; }
}

/// <summary>The kinds of reasons for which something is kept.</summary>
public enum KeepReasonKind
{
    /// <summary>It is the release of an environment.</summary>
    Environment,

    /// <summary>It is the release that an environment goes back to.</summary>
    RollbackTarget,

    /// <summary>It is among the releases that were promoted or published last.</summary>
    Newest,

    /// <summary>A hold keeps it.</summary>
    Hold,

    /// <summary>A host runs it.</summary>
    Host,

    /// <summary>It is locked in the registry.</summary>
    Lock,

    /// <summary>It is younger than the minimum age.</summary>
    Age,

    /// <summary>It was written or promoted a moment ago: a promotion may be in progress.</summary>
    InProgress,

    /// <summary>Its tag matches a rule.</summary>
    Rule,

    /// <summary>An environment that comes after this one keeps it.</summary>
    Later,

    /// <summary>It has a tag that is of no release which is recorded there.</summary>
    Tag,

    /// <summary>It was promoted to an environment that the build does not declare.</summary>
    Undeclared,

    /// <summary>It has no tag and no record, and its age is not known.</summary>
    Unknown,

    /// <summary>Something else of the same image is kept: an index, a subject.</summary>
    Part,
}

/// <summary>A reason for which something is kept.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Text">The reason, as a part of a sentence.</param>
public sealed record KeepReason(KeepReasonKind Kind, string Text);

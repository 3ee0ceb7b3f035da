using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>The release in one registry of an environment, as it was read from it.</summary>
public sealed record EnvironmentStatus
{
    /// <summary>The registry.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>
    /// The release that was looked for; without one the current release, which is the one promoted last. If no promotion is recorded there,
    /// the highest version. Null when there is none, or none could be read.
    /// </summary>
    public required PromotedRelease? Release { get; init; }

    /// <summary>The promotions of all releases that are recorded there, the latest first.</summary>
    public IReadOnlyList<RecordedPromotion> History { get; init; } = [];

    /// <summary>The other versions under whose tag there is an image without a promotion record, the highest first.</summary>
    public IReadOnlyList<string> UnrecordedVersions { get; init; } = [];

    /// <summary>The number of versions that were skipped because there are too many; they are lower than those that were read.</summary>
    public int SkippedVersions { get; init; }

    /// <summary>The places that ignored records name: a record counts only at its place, and copies bring it to others.</summary>
    public IReadOnlyList<string> IgnoredPlaces { get; init; } = [];

    /// <summary>
    /// The errors that occurred while reading, and the differences: <c>GAN4056</c> from the base registry, <c>GAN4057</c> from the records,
    /// <c>GAN4058</c> from other regions, <c>GAN4059</c> for records that cannot be true, <c>GAN5014</c> for skipped versions. The
    /// environment is as it was promoted only when there are none.
    /// </summary>
    public IReadOnlyList<GantryException> Problems { get; init; } = [];

    /// <summary>Those of the problems that concern one image, each with its name.</summary>
    internal IReadOnlyList<ImageProblem> ImageProblems { get; init; } = [];
}

/// <summary>A problem of one image in an environment.</summary>
/// <param name="Image">The name of the image.</param>
/// <param name="Error">The error.</param>
internal sealed record ImageProblem(string Image, GantryException Error);

/// <summary>A release that is in an environment.</summary>
public sealed record PromotedRelease
{
    /// <summary>The version.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// The time since which it is the release of the environment: its first promotion after that of any other release. Null without a
    /// promotion record.
    /// </summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>The promotion of another release that followed; null for the current release.</summary>
    public RecordedPromotion? Superseded { get; init; }

    /// <summary>The images of the release in this environment.</summary>
    public required IReadOnlyList<PromotedImage> Images { get; init; }

    /// <summary>The images of the release that the environment does not have under this version.</summary>
    public IReadOnlyList<string> MissingImages { get; init; } = [];

    /// <summary>The record of the promotion since which it is there, beside the first image that has one.</summary>
    public PromotionRecord? Record { get; init; }

    /// <summary>
    /// What let the release in past the normal way (<see cref="PromotionRecord.Bypass"/>); null when it came the normal way, then or since.
    /// </summary>
    public string? OpenBypass { get; init; }

    /// <summary>True when a record confirms that the hosts of the environment run it.</summary>
    public bool HostsConfirmed { get; init; }
}

/// <summary>An image of a release that is in an environment.</summary>
/// <param name="Name">The name of the image.</param>
/// <param name="Digest">The digest that the tag of the image points to.</param>
public sealed record PromotedImage(string Name, Digest Digest)
{
    /// <summary>The record of the promotion since which the image is there; null when none counts.</summary>
    public PromotionRecord? Record { get; init; }

    /// <summary>
    /// What let the image in past the normal way (<see cref="PromotionRecord.Bypass"/>); null when it came the normal way, then or since.
    /// </summary>
    public string? OpenBypass { get; init; }
}

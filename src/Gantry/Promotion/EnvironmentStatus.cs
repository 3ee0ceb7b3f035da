using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>The releases in one registry of an environment, as they were read from it.</summary>
public sealed class EnvironmentStatus
{
    /// <summary>The registry.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The releases, the latest first, followed by those without a promotion record, the highest version first.</summary>
    public required IReadOnlyList<PromotedRelease> Releases { get; init; }

    /// <summary>The number of versions that were skipped because there are too many; they are lower than those that were read.</summary>
    public int SkippedVersions { get; init; }

    /// <summary>The errors that occurred while reading.</summary>
    public IReadOnlyList<GantryException> Problems { get; init; } = [];

    /// <summary>The release of the environment: the latest one. Null when there is none, or none could be read.</summary>
    public PromotedRelease? Current => Releases.Count > 0 ? Releases[0] : null;
}

/// <summary>A release that is in an environment.</summary>
public sealed record PromotedRelease
{
    /// <summary>The version; without a promotion record, the tag.</summary>
    public required string Version { get; init; }

    /// <summary>The time of the latest promotion, of the last of its images; null without a promotion record.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>The images of the release in this environment.</summary>
    public required IReadOnlyList<PromotedImage> Images { get; init; }

    /// <summary>The images of the build that the environment does not have under this version.</summary>
    public IReadOnlyList<string> MissingImages { get; init; } = [];

    /// <summary>
    /// The promotion record beside the first image. Read only for the current release of the environment, and for a requested one.
    /// </summary>
    public PromotionRecord? Record { get; init; }
}

/// <summary>An image of a release that is in an environment.</summary>
/// <param name="Name">The name of the image.</param>
/// <param name="Digest">The digest that the tag of the image points to.</param>
public sealed record PromotedImage(string Name, Digest Digest);

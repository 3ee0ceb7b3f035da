using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>One registry of an environment.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="Region">The region that the registry belongs to; null when the environment has none.</param>
/// <param name="Address">The registry.</param>
public sealed record EnvironmentPlace(PromotionEnvironment Environment, string? Region, RegistryAddress Address);

/// <summary>Which releases are in one registry of an environment, as it was read back from there.</summary>
public sealed record EnvironmentStatus
{
    /// <summary>The place.</summary>
    public required EnvironmentPlace Place { get; init; }

    /// <summary>The releases, the one that came last first; behind them those that nobody recorded, the highest version first.</summary>
    public required IReadOnlyList<PromotedRelease> Releases { get; init; }

    /// <summary>How many versions were not looked at because there are too many; they are lower than those that were.</summary>
    public int SkippedVersions { get; init; }

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<GantryException> Problems { get; init; } = [];

    /// <summary>The release of the environment: the one that came last. Null when there is none, or none could be read.</summary>
    public PromotedRelease? Current => Releases.Count > 0 ? Releases[0] : null;
}

/// <summary>A release that is in an environment.</summary>
public sealed record PromotedRelease
{
    /// <summary>The version; the tag, where nobody recorded one.</summary>
    public required string Version { get; init; }

    /// <summary>When it came, the last time, with the last of its images; null when nobody recorded it.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>Its images that are here.</summary>
    public required IReadOnlyList<PromotedImage> Images { get; init; }

    /// <summary>The images of the build that are not here under this version.</summary>
    public IReadOnlyList<string> MissingImages { get; init; } = [];

    /// <summary>How it came: the record beside its first image. Only read of the release of the environment, and of one that was asked for.</summary>
    public PromotionRecord? Record { get; init; }
}

/// <summary>An image of a release that is in an environment.</summary>
/// <param name="Name">The name of the image.</param>
/// <param name="Digest">What its tag points to.</param>
public sealed record PromotedImage(string Name, Digest Digest);

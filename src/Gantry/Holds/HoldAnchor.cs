using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Holds;

/// <summary>
/// The artifact in the repository of each image that stands for an environment, and that its holds refer to. Its digest follows from the
/// name of the environment alone, so one request finds the holds, whatever release is there and wherever its tag points.
/// </summary>
public static class HoldAnchor
{
    /// <summary>The type of the artifact.</summary>
    public const string ArtifactType = "application/vnd.gantry.environment.v1+json";

    private const string EnvironmentAnnotation = "vnd.gantry.environment";
    private const string RegionAnnotation = "vnd.gantry.region";

    /// <summary>Returns the digest of the artifact of an environment.</summary>
    /// <param name="environment">The name of the environment.</param>
    /// <param name="region">The region of the environment; null when it has none.</param>
    public static Digest DigestOf(string environment, string? region) => Create(environment, region).Descriptor.Digest;

    /// <summary>
    /// Returns the tag of the artifact, which keeps it from being deleted as untagged: <c>sha256-….hold</c>. Its digest is in its name.
    /// </summary>
    /// <param name="digest">The digest of the artifact.</param>
    public static string TagOf(Digest digest) => $"{digest.Algorithm}-{digest.Hex}.hold";

    internal static Digest DigestOf(PromotionTarget target) => DigestOf(target.Environment.Name, target.Region);

    /// <summary>Stores the artifact with its tag, if it is not there.</summary>
    internal static async Task<Descriptor> EnsureAsync(
        IImageRepository image, PromotionTarget target, CancellationToken cancellationToken)
    {
        var anchor = Create(target.Environment.Name, target.Region);
        await AnchorArtifact.EnsureAsync(image, anchor, TagOf(anchor.Descriptor.Digest), cancellationToken);
        return anchor.Descriptor;
    }

    private static ManifestContent Create(string environment, string? region)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { [EnvironmentAnnotation] = environment };
        if (region is not null)
            annotations[RegionAnnotation] = region;
        return AnchorArtifact.Create(ArtifactType, annotations);
    }
}

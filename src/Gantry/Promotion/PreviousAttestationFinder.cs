using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Finds the attestation of the promotion before, of any release of an image to the same registry, so that a promotion names it and a gap
/// shows. It looks beside the image itself, and beside those of the nearest releases: the next lower one, and higher ones.
/// </summary>
/// <param name="scope">The environment, whose keys verify what is found.</param>
internal sealed class PreviousAttestationFinder(RecordScope scope)
{
    // Where an environment went back, the release before is a higher one.
    private const int HigherVersions = 3;

    /// <summary>Finds the attestation; null when there is none.</summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="version">The version that is promoted.</param>
    /// <param name="own">The promotions of this version beside the image, the latest first.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<Digest?> FindAsync(
        IImageRepository image, string version, IReadOnlyList<PromotionRecord> own, CancellationToken cancellationToken)
    {
        var tags = await image.TryListTagsInOnePageAsync(cancellationToken) ?? await image.ListTagsAsync(cancellationToken);
        var latest = own.Count > 0 ? own[0] : null;
        foreach (var tag in NearestTo(version, tags))
        {
            if (await image.FindTagAsync(tag, cancellationToken) is not { } tagged)
                continue;
            var found = await PromotionReferrer.FindAsync(image, tagged.Digest, scope, ReleaseTag.VersionOf(tag), cancellationToken);
            if (found.Records is [var last, ..] && (latest is null || last.Promoted > latest.Promoted))
                latest = last;
        }

        return latest?.Signature?.Attestation;
    }

    private static IEnumerable<string> NearestTo(string version, IReadOnlyList<string> tags)
    {
        var others = tags
            .Where(tag => !DigestTags.IsDigestTag(tag) && ReleaseTag.IsVersion(ReleaseTag.VersionOf(tag)))
            .Where(tag => ReleaseTag.VersionOf(tag) != version)
            .ToLookup(tag => VersionComparer.ComparePrecedence(ReleaseTag.VersionOf(tag), version) < 0);
        return others[true].OrderDescending(VersionComparer.Instance).Take(1)
            .Concat(others[false].OrderDescending(VersionComparer.Instance).Take(HigherVersions));
    }
}

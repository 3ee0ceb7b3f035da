using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>Chooses platforms of an index: the one place where a copy has another digest than its source.</summary>
internal static class PlatformFilter
{
    /// <summary>
    /// The image for these platforms: the image itself when it has no others, the manifest of a single one, or an index of several.
    /// Attestations of what is chosen stay. <c>GAN4036</c> when one is not there.
    /// </summary>
    public static async Task<(ManifestContent Root, Digest? ChosenFrom)> ApplyAsync(
        ImageSource source, ManifestContent root, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        if (platforms.Count == 0)
            return (root, null);
        if (!root.IsIndex)
            throw CopyErrors.NotAnIndex(source.Repository.Location, root.Descriptor.Digest);

        var index = root.ReadIndex();
        var images = index.Manifests.Where(entry => entry.Platform is { Os: not "unknown" }).ToList();
        var chosen = platforms
            .Select(wanted => images.FirstOrDefault(entry => entry.Platform!.Satisfies(wanted))
                ?? throw CopyErrors.NoSuchPlatform(source.Repository.Location, root.Descriptor.Digest, wanted, images.Select(entry => entry.Platform!)))
            .Select(entry => entry.Digest)
            .ToHashSet();
        var kept = index.Manifests.Where(entry => chosen.Contains(entry.Digest) || IsAbout(entry, chosen)).ToList();

        if (kept.Count == index.Manifests.Count)
            return (root, null);
        var choice = kept.Count == 1
            ? await source.ReadManifestAsync(kept[0].Digest, cancellationToken)
            : ManifestContent.Create(index with { MediaType = root.Descriptor.MediaType, Manifests = kept });
        return (choice, root.Descriptor.Digest);
    }

    // BuildKit puts attestations beside the images of an index, and says by an annotation which they are about.
    private static bool IsAbout(Descriptor entry, HashSet<Digest> images) =>
        entry.Annotations?.GetValueOrDefault("vnd.docker.reference.digest") is { } about
        && Digest.TryParse(about, out var digest) && images.Contains(digest);
}

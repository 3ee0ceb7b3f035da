using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Selects platforms of an index: the only case in which a copy has another digest than its source.</summary>
internal static class PlatformFilter
{
    /// <summary>
    /// Returns the image for these platforms: the image itself when it has no others, the manifest of a single platform, or an index of
    /// several. Attestations of the selected images are kept. Throws <c>GAN4036</c> when a platform is missing, and <c>GAN4037</c> for what
    /// is no image.
    /// </summary>
    public static async Task<(ManifestContent Root, Digest? ChosenFrom)> ApplyAsync(
        ImageSource source, ManifestContent root, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        if (platforms.Count == 0)
            return (root, null);
        if (!root.IsIndex)
            return (await RequireAsync(source.Repository, root, platforms, cancellationToken), null);

        var index = root.ReadIndex();
        var images = index.Manifests.Where(entry => entry.Platform is { Os: not "unknown" }).ToList();
        var chosen = platforms
            .Select(wanted => images.FirstOrDefault(entry => entry.Platform!.Satisfies(wanted))
                ?? throw CopyErrors.NoSuchPlatform(
                    source.Repository.Location, root.Descriptor.Digest, wanted, images.Select(entry => entry.Platform!)))
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

    // An image of one platform names it in its configuration only.
    private static async Task<ManifestContent> RequireAsync(
        IImageRepository repository, ManifestContent root, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        if (await ImagePlatform.FindAsync(repository, root, cancellationToken) is not { } platform)
            throw CopyErrors.NotAnImage(repository.Location, root.Descriptor.Digest);
        return platforms.FirstOrDefault(wanted => !platform.Satisfies(wanted)) is { } missing
            ? throw CopyErrors.NoSuchPlatform(repository.Location, root.Descriptor.Digest, missing, [platform])
            : root;
    }

    // BuildKit puts attestations beside the images of an index, and an annotation names the image that they belong to.
    private static bool IsAbout(Descriptor entry, HashSet<Digest> images) =>
        entry.Annotations?.GetValueOrDefault("vnd.docker.reference.digest") is { } about
        && Digest.TryParse(about, out var digest) && images.Contains(digest);
}

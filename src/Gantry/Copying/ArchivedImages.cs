using Gantry.Oci;
using Gantry.Registries;
using Gantry.Registries.Archives;
using Gantry.Registries.Layout;

namespace Gantry.Copying;

/// <summary>Finds images in archives without a name: most archives hold one image.</summary>
public static class ArchivedImages
{
    /// <summary>
    /// Returns the location with the tag and digest of its image: for an archive without a name, those of its only image.
    /// </summary>
    public static async Task<ImageLocation> ResolveAsync(
        ImageLocation location, IRegistryClient registries, CancellationToken cancellationToken)
    {
        if (location is { Address: not ArchiveAddress } or { Reference: not null })
            return location;
        var (digest, tag) = await FindSingleAsync(registries.Open(location.Address, location.Repository), cancellationToken);
        return location.At(tag, digest);
    }

    /// <summary>Finds the only image of an archive, and its tag when it has exactly one.</summary>
    /// <param name="archive">A repository that was opened by an <see cref="ArchiveAddress"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN2033</c>: the archive holds several images or none; <c>GAN2030</c>: there is no such
    /// file.</exception>
    public static async Task<(Digest Digest, string? Tag)> FindSingleAsync(IImageRepository archive, CancellationToken cancellationToken)
    {
        if (archive is not LayoutRepository { ShowsWritesImmediately: false } layout)
            throw new ArgumentException("Only archives may be read without saying which image is meant.", nameof(archive));

        // cosign's tags belong to an image but are not images themselves.
        var images = (await layout.ListImagesAsync(cancellationToken))
            .Where(image => image.Tag is null || !DigestTags.IsDigestTag(image.Tag))
            .ToList();
        if (images.Count == 0)
            throw ArchiveErrors.NoImages(archive.Location);
        if (images.DistinctBy(image => image.Image.Digest).Skip(1).Any())
            throw ArchiveErrors.SeveralImages(
                archive.Location, images.Select(image => NameOf(image.Image, image.Tag)).Distinct().Order(StringComparer.Ordinal));

        var tags = images.Select(image => image.Tag).OfType<string>().Distinct().ToList();
        return (images[0].Image.Digest, tags is [var tag] ? tag : null);
    }

    private static string NameOf(Descriptor image, string? tag) =>
        image.Annotations?.GetValueOrDefault(RefNames.Annotation) is { } name && name.Contains(':', StringComparison.Ordinal)
            ? name
            : tag ?? image.Digest.ToString();
}

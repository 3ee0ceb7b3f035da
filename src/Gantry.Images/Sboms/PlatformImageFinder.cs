using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Sboms;

/// <summary>Finds the images of all platforms. What else an index lists (attestations, artifacts) has no file system.</summary>
/// <param name="repository">The repository that holds the image.</param>
/// <param name="name">The image in errors.</param>
internal sealed class PlatformImageFinder(IImageRepository repository, string name)
{
    private readonly List<PlatformImage> _found = [];
    private readonly HashSet<Digest> _seen = [];
    private long _bytes;

    /// <summary>Returns the images, in the order of the index; throws <c>GAN4301</c> when there is none.</summary>
    public async Task<IReadOnlyList<PlatformImage>> FindAsync(ManifestContent root, CancellationToken cancellationToken)
    {
        await AddAsync(root, 0, cancellationToken);
        return _found.Count > 0
            ? _found
            : throw SbomErrors.NoImage(name, root.IsIndex ? "its index lists no image" : "it is not an image but another artifact");
    }

    private async Task AddAsync(ManifestContent content, int depth, CancellationToken cancellationToken)
    {
        if (!_seen.Add(content.Descriptor.Digest))
            return;
        if (_seen.Count > Limits.ImageManifests)
            throw SbomErrors.TooLarge(
                name, $"it has more than {Format.Count(Limits.ImageManifests, "manifest")}", nameof(Limits.ImageManifests));
        if ((_bytes += content.Bytes.Length) > Limits.ImageManifestBytes)
            throw SbomErrors.TooLarge(
                name, $"its manifests have more than {Format.Bytes(Limits.ImageManifestBytes)}", nameof(Limits.ImageManifestBytes));
        if (!content.IsIndex)
        {
            AddImage(content);
            return;
        }

        if (depth == Limits.IndexDepth)
            throw SbomErrors.TooLarge(
                name, $"its indexes have more than {Format.Count(Limits.IndexDepth, "level")}", nameof(Limits.IndexDepth));
        foreach (var entry in content.ReadIndex().Manifests.Where(MayBeImage))
        {
            if (_seen.Contains(entry.Digest))
                continue;
            var child = await repository.FindManifestAsync(entry.Digest, cancellationToken)
                ?? throw SbomErrors.Unreadable(name, $"its manifest {entry.Digest} is missing in {repository.Location}");
            if (child.FindMismatch(entry) is { } difference)
                throw SbomErrors.Unreadable(name, $"its index lists the manifest {entry.Digest} wrongly: {difference}");
            await AddAsync(child, depth + 1, cancellationToken);
        }
    }

    private void AddImage(ManifestContent content)
    {
        if (content.Descriptor.MediaType == MediaTypes.OciArtifact)
            return;
        var manifest = content.ReadManifest();
        if (manifest.ArtifactType is null && manifest.Config.MediaType is MediaTypes.OciConfig or MediaTypes.DockerConfig)
            _found.Add(new PlatformImage(content, manifest));
    }

    // BuildKit lists attestations as images of an unknown platform.
    private static bool MayBeImage(Descriptor entry) =>
        (MediaTypes.IsManifest(entry.MediaType) || MediaTypes.IsIndex(entry.MediaType)) && entry.Platform?.Os != "unknown";
}

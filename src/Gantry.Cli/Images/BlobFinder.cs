using Gantry.Oci;

namespace Gantry.Cli.Images;

/// <summary>Finds a blob in the manifests of an image: what lists it says its size and type.</summary>
internal static class BlobFinder
{
    /// <summary>Finds a blob below an image, or in what refers to it; null when no manifest lists it.</summary>
    public static async Task<Descriptor?> FindAsync(FoundImage image, Digest digest, CancellationToken cancellationToken)
    {
        var seen = new HashSet<Digest>();
        var below = new Queue<ManifestContent>([image.Root]);
        while (below.TryDequeue(out var manifest))
        {
            if (!seen.Add(manifest.Descriptor.Digest))
                continue;
            if (BlobsOf(manifest).FirstOrDefault(blob => blob.Digest == digest) is { } blob)
                return blob;
            foreach (var entry in manifest.IsIndex ? manifest.ReadIndex().Manifests : [])
                await AddAsync(entry.Digest);
        }

        var referrers = await ListedReferrer.ReadAsync(image.Repository, image.Root, nested: true, cancellationToken);
        foreach (var referrer in referrers)
        {
            if (await image.Repository.FindManifestAsync(referrer.Descriptor.Digest, cancellationToken) is { } manifest
                && BlobsOf(manifest).FirstOrDefault(blob => blob.Digest == digest) is { } blob)
                return blob;
        }

        return null;

        async Task AddAsync(Digest entry)
        {
            if (seen.Count + below.Count >= Limits.ImageManifests)
                throw CliErrors.TooManyReferrers(image.Repository.Location, image.Digest, Limits.ImageManifests);
            if (await image.Repository.FindManifestAsync(entry, cancellationToken) is { } manifest)
                below.Enqueue(manifest);
        }
    }

    private static IEnumerable<Descriptor> BlobsOf(ManifestContent manifest) =>
        manifest.FindManifest() is { } document ? [document.Config, .. document.Layers] : [];
}

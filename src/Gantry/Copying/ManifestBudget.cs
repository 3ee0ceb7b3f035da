using System.Collections.Concurrent;
using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>Counts what is read of one image, or of everything that refers to it, so that no image fills the memory.</summary>
internal sealed class ManifestBudget(string location)
{
    private readonly ConcurrentDictionary<Digest, byte> _counted = new();
    private long _bytes;
    private int _links;

    /// <summary>Counts a manifest, once; throws <c>GAN4034</c> when there are too many, or too many bytes of them.</summary>
    public void Take(ManifestContent content)
    {
        if (!_counted.TryAdd(content.Descriptor.Digest, 0))
            return;
        if (_counted.Count > Limits.ImageManifests)
            throw CopyErrors.TooManyManifests(location, Format.Count(Limits.ImageManifests, "manifest"), nameof(Limits.ImageManifests));
        if (Interlocked.Add(ref _bytes, content.Bytes.Length) > Limits.ImageManifestBytes)
            throw CopyErrors.TooManyManifests(
                location, $"{Format.Bytes(Limits.ImageManifestBytes)} of manifests", nameof(Limits.ImageManifestBytes));
    }

    /// <summary>Counts what a manifest lists; throws <c>GAN4034</c> when it is too much.</summary>
    public void TakeLinks(int links)
    {
        if (Interlocked.Add(ref _links, links) > Limits.ImageLinks)
            throw CopyErrors.TooManyManifests(location, Format.Count(Limits.ImageLinks, "blob"), nameof(Limits.ImageLinks));
    }
}

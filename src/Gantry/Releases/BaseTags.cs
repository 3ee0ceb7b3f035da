using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>Ensures that what was built is what is deployed: the tag in the base registry must point to the released digest.</summary>
internal static class BaseTags
{
    /// <summary>
    /// Reads the image of a release through its tag; throws <c>GAN4021</c> when the tag does not point to the released digest.
    /// </summary>
    public static async Task<ManifestContent> RequireBaseTagAsync(
        IImageRepository source, string tag, Digest released, CancellationToken cancellationToken)
    {
        var tagged = await source.FindManifestAsync(tag, cancellationToken);
        return tagged?.Descriptor.Digest == released ? tagged : throw Moved(source, tag, tagged?.Descriptor, released);
    }

    /// <summary>Throws <c>GAN4021</c> when the tag does not point to the released digest.</summary>
    public static async Task EnsureUnmovedAsync(IImageRepository source, string tag, Digest released, CancellationToken cancellationToken)
    {
        var tagged = await source.ReadTagAsync(tag, cancellationToken);
        if (tagged?.Digest != released)
            throw Moved(source, tag, tagged, released);
    }

    private static GantryException Moved(IImageRepository source, string tag, Descriptor? there, Digest released) =>
        ReleaseErrors.BaseTagMoved(source.Location, tag, there?.Digest, released);
}

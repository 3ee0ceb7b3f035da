using Gantry.Oci;

namespace Gantry.Cli.Images;

/// <summary>Reads manifests that may be something else than an image.</summary>
internal static class ManifestExtensions
{
    /// <summary>
    /// Parses a manifest with configuration and layers; null for an index, and for what names no configuration.
    /// </summary>
    public static Manifest? FindManifest(this ManifestContent content) =>
        content.IsIndex || !content.NamesConfig ? null : content.ReadManifest();
}

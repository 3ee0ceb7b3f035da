using Gantry.Oci;

namespace Gantry.Images.Sboms;

/// <summary>An image for one platform.</summary>
/// <param name="Content">The manifest as it is stored.</param>
/// <param name="Manifest">The manifest.</param>
internal sealed record PlatformImage(ManifestContent Content, Manifest Manifest);

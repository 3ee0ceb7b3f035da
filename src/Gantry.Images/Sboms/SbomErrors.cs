using Gantry.Images.BaseImages;

namespace Gantry.Images.Sboms;

/// <summary>GAN4301 to GAN4303: images that an SBOM is made of.</summary>
internal static class SbomErrors
{
    public static GantryException NoImage(string image, string reason) =>
        new("GAN4301", $"no SBOM can be made of {image}: {reason}", "name an image, or an index of images");

    public static GantryException TooLarge(string image, string reason, string limit) =>
        new(
            "GAN4302",
            $"no SBOM can be made of {image}, which exceeds a limit: {reason} (limit {limit})",
            "make the image smaller, or make its SBOM with another tool");

    public static GantryException Unreadable(string image, string reason, Exception? inner = null) =>
        new(
            "GAN4303",
            $"no SBOM can be made of {image}: {reason}",
            "push the image again with a tool that follows the OCI image specification",
            inner);

    /// <summary>Returns the errors for the layers of an image.</summary>
    public static LayerFailures ForLayersOf(string image) => new(
        (reason, inner) => Unreadable(image, reason, inner),
        (reason, limit) => TooLarge(image, reason, limit));
}

using Gantry.Images.Dockerfiles;
using Gantry.Oci;

namespace Gantry.Images.BaseImages;

/// <summary>GAN3007 to GAN3009, GAN3030: base images.</summary>
internal static class BaseImageErrors
{
    public static GantryException BaseImageNotFound(SourceLine location, ImageReference image) =>
        new(
            "GAN3007",
            $"{location}: the base image {image} does not exist",
            "correct the name, the tag or the digest, or sign in to its registry");

    public static GantryException NoSuchPlatform(
        SourceLine location, string image, Platform platform, IReadOnlyCollection<Platform> offered) =>
        new(
            "GAN3008",
            $"{location}: the base image {image} does not run on {platform}, "
                + (offered.Count == 0 ? "and its index names no image of any platform" : $"only on {string.Join(", ", offered)}"),
            "choose another base image or other platforms");

    public static GantryException UnusableBaseImage(string image, string reason, Exception? inner = null) =>
        new(
            "GAN3009",
            $"the base image {image} cannot be used: {reason}",
            "choose another base image, or build it with a Docker engine",
            inner)
        {
            Actions = [RemedyAction.BuildWithEngine],
        };

    public static GantryException TooLarge(string image, string reason, string limit) =>
        new(
            "GAN3030",
            $"the base image {image} exceeds a limit: {reason} (limit {limit})",
            "choose another base image, or build it with a Docker engine")
        {
            Actions = [RemedyAction.BuildWithEngine],
        };

    /// <summary>Returns the errors for the layers of a base image.</summary>
    public static LayerFailures ForLayersOf(string image) => new(
        (reason, inner) => UnusableBaseImage(image, reason, inner),
        (reason, limit) => TooLarge(image, reason, limit));

    /// <summary>Returns true when there is no connection, another server answers instead (a proxy), or nothing answers.</summary>
    public static bool IsUnreachable(GantryException exception) =>
        exception.Kind is ErrorKind.Unreachable or ErrorKind.NotARegistry or ErrorKind.Stalled;
}

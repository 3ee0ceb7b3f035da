using Gantry.Environments;
using Gantry.Images.Context;

namespace Gantry.Nuke.Building;

/// <summary>GAN7097: what <c>.dockerignore</c> keeps from an image.</summary>
internal static class IgnoredSourceErrors
{
    public static GantryException Ignored(ContainerImage image, IgnoredSource ignored, string included) =>
        new(
            "GAN7097",
            $"{ignored.Line}: '{ignored.Rule}' excludes {ignored.Path}, which {image.Dockerfile} copies for the image '{image.Name}'",
            $"add the line !{included} below it");
}

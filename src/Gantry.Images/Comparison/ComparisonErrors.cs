using Gantry.Oci;

namespace Gantry.Images.Comparison;

/// <summary>GAN3040 to GAN3042: images that are compared.</summary>
internal static class ComparisonErrors
{
    public static GantryException Missing(string location, Digest digest) =>
        new(
            "GAN3040",
            $"{digest} is to be compared, and is not in {location}",
            "build or publish the image again");

    public static GantryException Malformed(string what, string location, string reason, Exception? inner = null) =>
        new("GAN3041", $"{what} in {location} cannot be compared: {reason}", "find out who wrote the image, and build it again", inner);

    public static GantryException TooLarge(string what, string location, string reason, string limit) =>
        new(
            "GAN3042",
            $"{what} in {location} exceeds a limit: {reason} (limit {limit})",
            "find out who wrote the image; images that Gantry builds stay far below");
}

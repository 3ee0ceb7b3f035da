namespace Gantry.Sboms;

/// <summary>GAN4304, GAN4305: SBOM documents.</summary>
internal static class SbomDocumentErrors
{
    public static GantryException Malformed(string origin, string reason, Exception? inner = null) =>
        new("GAN4304", $"the SBOM {origin} cannot be read: {reason}", "make it again with a tool that writes CycloneDX 1.x as JSON", inner);

    public static GantryException TooLarge(string origin, string reason, string limit) =>
        new(
            "GAN4305",
            $"the SBOM {origin} exceeds a limit: {reason} (limit {limit})",
            "make an SBOM of one image, and of its packages instead of its files");
}

namespace Gantry.Images;

/// <summary>Remedies that several errors have.</summary>
internal static class ImageRemedies
{
    public const string UseEngine = "build it with --image-builder docker";
}

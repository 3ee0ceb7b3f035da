namespace Gantry.Images;

/// <summary>Remedies that name what a front end offers.</summary>
internal static class ImageRemedies
{
    public const string UseEngine = "build it with --image-builder docker";
}

namespace Gantry.Images.Configuration;

/// <summary>What the histories of images have in common that are built in process.</summary>
internal static class ImageHistory
{
    /// <summary>The comment of each entry that the builder here writes.</summary>
    public const string BuiltBy = "gantry";
}

using Gantry.IO;

namespace Gantry.Images;

/// <summary>GAN3005: files that an image is built from.</summary>
internal static class ImageErrors
{
    public static GantryException UnreadableFile(string path, string reason, Exception? inner = null) =>
        LimitOf(inner, path) ?? new("GAN3005", $"{path} cannot be read: {reason}", "check the file and its permissions", inner);

    /// <summary>Returns <c>GAN3036</c> when a file could not be opened because too many are open; else null.</summary>
    public static GantryException? LimitOf(Exception? cause, string path) => cause is null ? null : ResourceLimits.Find(cause, path);
}

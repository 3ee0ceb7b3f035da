namespace Gantry.Images;

/// <summary>GAN3005: files that an image is built from.</summary>
internal static class ImageErrors
{
    public static GantryException UnreadableFile(string path, string reason, Exception? inner = null) =>
        new("GAN3005", $"{path} cannot be read: {reason}", "check the file and its permissions", inner);
}

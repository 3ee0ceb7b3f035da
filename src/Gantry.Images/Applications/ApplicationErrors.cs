namespace Gantry.Images.Applications;

/// <summary>GAN3027: the layers of a published application.</summary>
internal static class ApplicationErrors
{
    public static GantryException CannotArrange(string path, string reason, Exception? inner = null) =>
        new(
            "GAN3027",
            $"{path} cannot be put into the folder of its layer: {reason.TrimEnd('.')}",
            "correct what the project publishes, or free the file",
            inner);
}

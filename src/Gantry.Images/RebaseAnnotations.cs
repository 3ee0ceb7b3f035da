namespace Gantry.Images;

/// <summary>
/// The annotations of the manifests of a rebased image: the release that it was made from. The configuration has none of them, so it is
/// that of a build on the new base image.
/// </summary>
public static class RebaseAnnotations
{
    /// <summary>The version of the release that it was made from.</summary>
    public const string Version = "dev.gantry.rebase.version";

    /// <summary>The digest of the image that it was made from: of its index, when it has several platforms.</summary>
    public const string Digest = "dev.gantry.rebase.digest";
}

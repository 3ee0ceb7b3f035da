namespace Gantry.Images;

/// <summary>
/// The label, and annotation of the manifest, that marks an image whose base was assembled from the machine that built it. Such an
/// image is for folders on that machine; promotion to a registry refuses it.
/// </summary>
public static class StandInLabel
{
    /// <summary>The name of the label.</summary>
    public const string Name = "dev.gantry.base.stand-in";

    /// <summary>The value of the label.</summary>
    public const string Value = "true";
}

namespace Gantry.Images;

/// <summary>How <see cref="OciImageBuilder"/> works; nothing here has an influence on what is built, but for the stand-in.</summary>
public sealed record OciImageBuilderOptions
{
    /// <summary>
    /// A folder for what makes the next build faster (indexes of base layers, the stand-in), such as one below the temporary folder of a
    /// build. It can be removed at any time. Null keeps nothing.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// Whether a base image whose registry cannot be reached may be replaced by one that is assembled from this machine. Only for images
    /// that stay in folders on this machine.
    /// </summary>
    public bool AllowStandIn { get; init; }
}

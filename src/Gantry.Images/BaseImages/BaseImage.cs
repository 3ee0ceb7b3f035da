using Gantry.Images.Configuration;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.BaseImages;

/// <summary>The base image for one platform.</summary>
internal sealed record BaseImage
{
    /// <summary>The platform.</summary>
    public required Platform Platform { get; init; }

    /// <summary>The image by its digest; null for <c>scratch</c> and for the stand-in.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>True when this is the stand-in, assembled from the machine that builds.</summary>
    public bool StandIn { get; init; }

    /// <summary>The configuration.</summary>
    public required ImageConfig Config { get; init; }

    /// <summary>The layers, the lowest first.</summary>
    public required IReadOnlyList<BaseLayer> Layers { get; init; }

    /// <summary>
    /// Creates the empty base image, <c>FROM scratch</c>. Like Docker, it has a search path and a working directory all the same.
    /// </summary>
    public static BaseImage Scratch(Platform platform) => new()
    {
        Platform = platform,
        Config = new ImageConfig
        {
            Architecture = platform.Architecture,
            Os = platform.Os,
            Variant = platform.Variant,
            Config = new ContainerConfig { Env = ["PATH=" + DefaultPath], WorkingDir = "/" },
            RootFs = new RootFileSystem { DiffIds = [] },
        },
        Layers = [],
    };

    /// <summary>
    /// Returns the history. Readers expect one entry that is not empty per layer, so an inconsistent one is replaced.
    /// </summary>
    public IEnumerable<HistoryEntry> ConsistentHistory()
    {
        var history = Config.History ?? [];
        return history.Count(entry => entry.EmptyLayer is not true) == Layers.Count
            ? history
            : Layers.Select(_ => new HistoryEntry { CreatedBy = $"FROM {Reference}" });
    }

    /// <summary>The search path of an image that sets none.</summary>
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

/// <summary>A layer of a base image. Its bytes are never recompressed.</summary>
/// <param name="Blob">The descriptor, with the OCI media type.</param>
/// <param name="DiffId">The digest of the uncompressed layer.</param>
/// <param name="Open">Opens the compressed bytes; the stream ends with an error when they do not match the descriptor.</param>
/// <param name="Repository">The repository that holds the layer, when it is in one: it can be mounted from there.</param>
internal sealed record BaseLayer(
    Descriptor Blob,
    Digest DiffId,
    Func<CancellationToken, Task<Stream>> Open,
    IImageRepository? Repository);

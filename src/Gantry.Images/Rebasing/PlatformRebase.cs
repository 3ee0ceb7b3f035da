using System.Text.Json;
using Gantry.Images.BaseImages;
using Gantry.Images.Configuration;
using Gantry.Oci;

namespace Gantry.Images.Rebasing;

/// <summary>The image of one platform, its base image, and the one that it gets.</summary>
internal sealed record PlatformRebase
{
    /// <summary>The name of the image, for errors.</summary>
    public required string Image { get; init; }

    /// <summary>The platform.</summary>
    public required Platform Platform { get; init; }

    /// <summary>The manifest of the image.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>Its configuration.</summary>
    public required ImageConfig Config { get; init; }

    /// <summary>The instructions of its Dockerfile.</summary>
    public required IReadOnlyList<RecordedStep> Steps { get; init; }

    /// <summary>The base image that it was built on.</summary>
    public required BaseImage Old { get; init; }

    /// <summary>The base image that it gets.</summary>
    public required BaseImage New { get; init; }

    /// <summary>The time of the image; null when it does not say so.</summary>
    public required DateTimeOffset? Created { get; init; }

    /// <summary>The time of the new base image; null when it does not say so.</summary>
    public required DateTimeOffset? NewCreated { get; init; }

    /// <summary>The layers of the image that are not those of its base image.</summary>
    public IEnumerable<Descriptor> OwnLayers => Manifest.Layers.Skip(Old.Layers.Count);

    /// <summary>The annotations of the manifest that are labels of the image, too.</summary>
    public IReadOnlyDictionary<string, string> OwnLabels => (Manifest.Annotations ?? new Dictionary<string, string>())
        .Where(annotation => annotation.Key is not (RebaseAnnotations.Version or RebaseAnnotations.Digest))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>True when the new base image differs for this platform: its index may have changed for others only.</summary>
    public bool HasMoved =>
        !Old.Layers.Select(layer => layer.Blob.Digest).SequenceEqual(New.Layers.Select(layer => layer.Blob.Digest))
        || !Serialize(Old.Config).AsSpan().SequenceEqual(Serialize(New.Config));

    /// <summary>Derives the configuration on a base image.</summary>
    public ImageConfig Derive(BaseImage baseImage, IReadOnlyDictionary<string, string> labels, string created) =>
        new RebasedConfig(Image, Config, Old, Steps).Derive(baseImage, labels, created);

    /// <summary>Creates the manifest on the new base image, and makes all its parts readable.</summary>
    /// <param name="origin">What the image says of itself.</param>
    /// <param name="source">Receives the parts.</param>
    public ManifestContent Create(RebaseOrigin origin, RebasedRepository source)
    {
        var config = Serialize(Derive(New, origin.Annotate(Manifest.Annotations, New.Reference, withOrigin: false), origin.Created));
        var descriptor = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Digest.Of(config), Size = config.Length };
        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = descriptor,
            Layers = [.. New.Layers.Select(layer => layer.Blob), .. OwnLayers],
            Annotations = origin.Annotate(Manifest.Annotations, New.Reference, withOrigin: true),
        });
        source.Add(descriptor, config);
        foreach (var layer in New.Layers)
            source.Add(layer);
        source.Add(manifest);
        return manifest;
    }

    /// <summary>Serializes a configuration as the builder does.</summary>
    public static byte[] Serialize(ImageConfig config) =>
        JsonSerializer.SerializeToUtf8Bytes(config, ImageConfigJson.Writing.ImageConfig);
}

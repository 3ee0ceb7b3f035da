using System.Text.Json;
using Gantry.Images.BaseImages;
using Gantry.Images.Configuration;
using Gantry.Images.Dockerfiles;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Images.Delivery;

/// <summary>An image for one platform, ready for delivery.</summary>
internal sealed record AssembledImage(
    Platform Platform, BaseImage Base, IReadOnlyList<LayerFile> Layers, Descriptor Config, byte[] ConfigBytes, ManifestContent Manifest);

/// <summary>Creates the configuration and the manifest of an image.</summary>
internal static class ImageAssembler
{
    /// <summary>Combines a base image, an evaluated Dockerfile and its layers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="baseImage">The base image.</param>
    /// <param name="config">The configuration of containers.</param>
    /// <param name="steps">The steps, each with the layer that it created, if any.</param>
    public static AssembledImage Assemble(
        ImageBuildRequest request, BaseImage baseImage, ContainerConfig config, IReadOnlyList<(BuildStep Step, LayerFile? Layer)> steps)
    {
        var layers = steps.Select(step => step.Layer).OfType<LayerFile>().ToArray();
        var annotations = StandardLabels.For(request, baseImage.Reference, baseImage.StandIn);
        var created = Format.Rfc3339(request.SourceDate);

        var document = new ImageConfig
        {
            Created = created,
            Author = baseImage.Config.Author,
            Architecture = baseImage.Config.Architecture,
            Os = baseImage.Config.Os,
            OsVersion = baseImage.Config.OsVersion,
            Variant = baseImage.Config.Variant,
            Config = config with { Labels = Merge(config.Labels, annotations), OnBuild = null },
            RootFs = new RootFileSystem
            {
                DiffIds = [.. baseImage.Layers.Select(layer => layer.DiffId), .. layers.Select(layer => layer.DiffId)],
            },
            History = [.. baseImage.ConsistentHistory(), .. steps.Select(step => ToHistory(step.Step, step.Layer, created))],
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, ImageConfigJson.Writing.ImageConfig);
        var descriptor = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Digest.Of(bytes), Size = bytes.Length };

        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = descriptor,
            Layers = [.. baseImage.Layers.Select(layer => layer.Blob), .. layers.Select(layer => layer.Blob)],
            Annotations = annotations,
        });
        return new AssembledImage(baseImage.Platform, baseImage, layers, descriptor, bytes, manifest);
    }

    /// <summary>Returns the manifest of a single image, or creates an index of several, in the order given.</summary>
    public static ManifestContent AssembleRoot(ImageBuildRequest request, IReadOnlyList<AssembledImage> images)
    {
        if (images is [var single])
            return single.Manifest;

        return ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. images.Select(image => image.Manifest.Descriptor with { Platform = image.Platform })],
            Annotations = StandardLabels.For(request, CommonBase(images), images.Any(image => image.Base.StandIn)),
        });
    }

    /// <summary>Returns the base image of all platforms; null when they have different ones, or none.</summary>
    public static ImageReference? CommonBase(IReadOnlyList<AssembledImage> images) =>
        images.Select(image => image.Base.Reference).Distinct().ToArray() is [var common] ? common : null;

    private static HistoryEntry ToHistory(BuildStep step, LayerFile? layer, string created) => new()
    {
        Created = created,
        CreatedBy = step.History,
        Comment = ImageHistory.BuiltBy,
        EmptyLayer = layer is null ? true : null,
    };

    /// <summary>Returns the labels of an image: those of its base image and its Dockerfile, then the standard ones.</summary>
    public static SortedDictionary<string, string> Merge(
        IReadOnlyDictionary<string, string>? labels,
        SortedDictionary<string, string> standard)
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels ?? new Dictionary<string, string>())
            merged[name] = value;
        foreach (var (name, value) in standard)
            merged[name] = value;
        return merged;
    }
}

using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>The description of an image, read without its blobs.</summary>
public sealed class ImageInspection
{
    /// <summary>The registry or repository that holds the image.</summary>
    public required string Location { get; init; }

    /// <summary>The manifest or index.</summary>
    public required ManifestContent Root { get; init; }

    /// <summary>The manifests of images and artifacts below the root, or the root itself.</summary>
    public required IReadOnlyList<InspectedManifest> Manifests { get; init; }

    /// <summary>The annotations of the root, by name.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Annotations { get; init; }

    /// <summary>The referrers of the root.</summary>
    public required IReadOnlyList<Descriptor> Referrers { get; init; }

    /// <summary>Reads an image by its digest, or else by its tag; throws <c>GAN4030</c> when it does not exist.</summary>
    public static async Task<ImageInspection> ReadAsync(
        IImageRepository repository, string? tag, Digest? digest, CancellationToken cancellationToken)
    {
        var source = new SourceImage(
            new ImageSource(repository, new CopyOptions()),
            new CopyRequest { Source = repository, Tag = tag, Digest = digest, Targets = [] },
            new CopyOptions { Referrers = false, CosignTags = false },
            cancellationToken);
        var (root, _) = await source.ReadRootAsync();
        return await ReadAsync(repository, root, cancellationToken);
    }

    /// <summary>Reads an image whose manifest or index was read before: that one is described, whatever a tag points to by now.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="root">The manifest or index.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<ImageInspection> ReadAsync(
        IImageRepository repository, ManifestContent root, CancellationToken cancellationToken)
    {
        var graph = await new ImageSource(repository, new CopyOptions()).ReadAsync(root, cancellationToken);
        var platforms = graph.Manifests
            .SelectMany(node => node.Children)
            .DistinctBy(child => child.Digest)
            .ToDictionary(child => child.Digest, child => child.Platform);
        return new ImageInspection
        {
            Location = repository.Location,
            Root = root,
            Manifests =
            [
                .. graph.Manifests.Where(node => node.Children.Count == 0).Select(node => new InspectedManifest(
                    platforms.GetValueOrDefault(node.Content.Descriptor.Digest)?.ToString() is { Length: > 0 } platform
                        ? platform
                        : node.Content.Descriptor.MediaType,
                    node.Content,
                    ManifestLinks.Read(node.Content).Entries.Count,
                    node.Blobs.Concat(node.SkippedLayers).Sum(blob => blob.Size))),
            ],
            Annotations = [.. ReadAnnotations(root).OrderBy(annotation => annotation.Key, StringComparer.Ordinal)],
            Referrers = await repository.ListReferrersAsync(root.Descriptor.Digest, cancellationToken),
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadAnnotations(ManifestContent root) =>
        root.Read("manifest", ReferrerJson.Default.ReferrerDocument).Annotations?.AsEnumerable() ?? [];
}

/// <summary>A manifest of an image.</summary>
public sealed class InspectedManifest
{
    internal InspectedManifest(string name, ManifestContent content, int layers, long bytes)
    {
        Name = name;
        Content = content;
        Layers = layers;
        Bytes = bytes;
    }

    /// <summary>The platform, or the media type when there is no platform.</summary>
    public string Name { get; }

    /// <summary>Media type, digest and size of the manifest.</summary>
    public Descriptor Descriptor => Content.Descriptor;

    /// <summary>The manifest as it is stored.</summary>
    public ManifestContent Content { get; }

    /// <summary>The number of layers.</summary>
    public int Layers { get; }

    /// <summary>The size of the configuration and the layers as they are stored, in bytes.</summary>
    public long Bytes { get; }
}

using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary>A tag, and what is known about its image.</summary>
/// <param name="Tag">The tag.</param>
internal sealed record ListedTag(string Tag)
{
    private const string CreatedAnnotation = "org.opencontainers.image.created";

    /// <summary>The digest; null when it was not read.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The media type of the manifest or index.</summary>
    public string? MediaType { get; init; }

    /// <summary>The time at which the image was made; null when it is not known.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The platforms.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>The size of configuration and layers in bytes; null for an index, whose manifests were not read.</summary>
    public long? Bytes { get; init; }

    /// <summary>The reason why it was not read; null when it was.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads what a tag points to. One image that cannot be read does not hide the others.</summary>
    public static async Task<ListedTag> ReadAsync(IImageRepository repository, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return await repository.FindManifestAsync(tag, cancellationToken) is { } found
                ? await ReadAsync(repository, tag, found, cancellationToken)
                : new ListedTag(tag) { Problem = "it is gone" };
        }
        catch (GantryException exception) when (exception.Kind != ErrorKind.Unauthorized)
        {
            return new ListedTag(tag) { Problem = $"{exception.Code}: {exception.Problem}" };
        }
    }

    private static async Task<ListedTag> ReadAsync(
        IImageRepository repository, string tag, ManifestContent found, CancellationToken cancellationToken)
    {
        var listed = new ListedTag(tag) { Digest = found.Descriptor.Digest, MediaType = found.Descriptor.MediaType };
        if (!found.IsIndex)
        {
            var manifest = found.FindManifest();
            var config = await ImageConfiguration.ReadAsync(repository, found, cancellationToken);
            return listed with
            {
                Created = TimeOf(manifest?.Annotations) ?? config?.Created,
                Platforms = config is null ? [] : [config.Platform.ToString()],
                Bytes = manifest?.Layers.Sum(layer => layer.Size) + manifest?.Config.Size,
            };
        }

        var index = found.ReadIndex();
        var images = index.Manifests.Where(entry => entry.Platform is { Os: not "unknown" }).ToList();
        return listed with
        {
            Created = TimeOf(index.Annotations) ?? await FindTimeAsync(repository, images, cancellationToken),
            Platforms = [.. images.Select(entry => entry.Platform!.ToString()).Distinct()],
        };
    }

    // The images of an index are made together: the first one says when.
    private static async Task<DateTimeOffset?> FindTimeAsync(
        IImageRepository repository, List<Descriptor> images, CancellationToken cancellationToken)
    {
        if (images is not [var first, ..]
            || await repository.FindManifestAsync(first.Digest, cancellationToken) is not { IsIndex: false } image)
            return null;
        return TimeOf(image.FindManifest()?.Annotations)
            ?? (await ImageConfiguration.ReadAsync(repository, image, cancellationToken))?.Created;
    }

    private static DateTimeOffset? TimeOf(IReadOnlyDictionary<string, string>? annotations) =>
        ImageConfiguration.ParseTime(annotations?.GetValueOrDefault(CreatedAnnotation));
}

using System.Text.Json;
using Gantry.Images.Configuration;
using Gantry.Images.Dockerfiles;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.BaseImages;

/// <summary>Finds base images in their registries. Each tag is resolved once, so every platform is built on the same image.</summary>
internal sealed class BaseImageResolver
{
    private readonly IRegistryClient _registries;
    private readonly Dictionary<ImageReference, (IImageRepository Repository, ManifestContent Root)> _found = [];

    private readonly IReadOnlyList<ImageReference> _pinned;

    /// <param name="registries">The client for the registries.</param>
    /// <param name="pinned">The base images whose digests are fixed.</param>
    public BaseImageResolver(IRegistryClient registries, IReadOnlyList<ImageReference> pinned)
    {
        _registries = registries;
        _pinned = pinned;
    }

    /// <summary>Finds the digest that is fixed for a reference by its tag; null when there is none.</summary>
    public Digest? FindPin(ImageReference reference) =>
        _pinned.FirstOrDefault(pin => pin with { Digest = null } == reference)?.Digest;

    /// <summary>
    /// Finds the image for one platform. Throws <c>GAN3003</c> (only a Docker engine can build on it), <c>GAN3007</c> (it does not exist),
    /// <c>GAN3008</c> (not for this platform) or <c>GAN3009</c> (it cannot be built on), and the errors of the registry.
    /// </summary>
    public async Task<BaseImage> ResolveAsync(
        ImageReference reference, Platform platform, SourceLine location, CancellationToken cancellationToken)
    {
        var (repository, root) = await FindRootAsync(reference, location, cancellationToken);
        var pinned = reference.At(root.Descriptor.Digest);
        var content = root.IsIndex ? await SelectAsync(repository, root, pinned, platform, location, cancellationToken) : root;
        var manifest = content.ReadManifest();
        if (manifest.ArtifactType is not null || manifest.Config.MediaType is not (MediaTypes.OciConfig or MediaTypes.DockerConfig))
            throw BaseImageErrors.UnusableBaseImage(
                pinned.ToString(), $"it is not an image but an artifact of type {manifest.ArtifactType ?? manifest.Config.MediaType}");

        var config = await ReadConfigAsync(repository, manifest.Config, pinned, cancellationToken);
        var offered = new Platform { Os = config.Os, Architecture = config.Architecture, Variant = config.Variant };
        if (!offered.Satisfies(platform))
            throw BaseImageErrors.NoSuchPlatform(location, pinned.ToString(), platform, [offered]);
        if (config.RootFs.DiffIds.Count != manifest.Layers.Count)
            throw BaseImageErrors.UnusableBaseImage(
                pinned.ToString(),
                $"its manifest has {Format.Count(manifest.Layers.Count, "layer")} and its configuration {config.RootFs.DiffIds.Count}");
        if (config.Config?.OnBuild is { Count: > 0 })
            throw DockerfileErrors.NeedsEngine(location, $"the base image {pinned} has ONBUILD instructions");

        return new BaseImage
        {
            Platform = platform,
            Reference = pinned,
            Config = config with { Os = platform.Os },
            Layers = [.. manifest.Layers.Zip(config.RootFs.DiffIds, (blob, diffId) => ToLayer(repository, blob, diffId))],
        };
    }

    private static BaseLayer ToLayer(IImageRepository repository, Descriptor blob, Digest diffId) => new(
        new Descriptor { MediaType = LayerMediaTypes.ToOci(blob.MediaType), Digest = blob.Digest, Size = blob.Size, Urls = blob.Urls },
        diffId,
        cancellationToken => repository.OpenBlobAsync(blob, cancellationToken),
        repository);

    private async Task<(IImageRepository Repository, ManifestContent Root)> FindRootAsync(
        ImageReference reference, SourceLine location, CancellationToken cancellationToken)
    {
        if (_found.TryGetValue(reference, out var known))
            return known;

        var repository = _registries.Open(reference.Registry, reference.Repository);
        var root = (reference.Digest ?? FindPin(reference)) is { } digest
            ? await repository.FindManifestAsync(digest, cancellationToken)
            : await repository.FindManifestAsync(reference.Tag!, cancellationToken);
        return _found[reference] = (repository, root ?? throw BaseImageErrors.BaseImageNotFound(location, reference));
    }

    private static async Task<ManifestContent> SelectAsync(
        IImageRepository repository, ManifestContent root, ImageReference pinned, Platform platform, SourceLine location,
        CancellationToken cancellationToken)
    {
        var images = root.ReadIndex()
            .Manifests.Where(entry => entry.Platform is not null && MediaTypes.IsManifest(entry.MediaType))
            .ToArray();
        var selected = Array.Find(images, entry => entry.Platform!.Satisfies(platform))
            ?? throw BaseImageErrors.NoSuchPlatform(
                location,
                pinned.ToString(),
                platform,
                [.. images.Select(entry => entry.Platform!).Where(offered => offered.Os != "unknown")]);

        var content = await repository.FindManifestAsync(selected.Digest, cancellationToken)
            ?? throw BaseImageErrors.UnusableBaseImage(
                pinned.ToString(), $"its manifest {selected.Digest} for {platform} is missing in {repository.Location}");
        return content.FindMismatch(selected) is { } difference
            ? throw BaseImageErrors.UnusableBaseImage(
                pinned.ToString(), $"its index lists the manifest {selected.Digest} for {platform} wrongly: {difference}")
            : content;
    }

    private static async Task<ImageConfig> ReadConfigAsync(
        IImageRepository repository, Descriptor descriptor, ImageReference image, CancellationToken cancellationToken)
    {
        if (descriptor.Size > Limits.ImageConfigBytes)
            throw BaseImageErrors.UnusableBaseImage(image.ToString(), $"its configuration has {Format.Count(descriptor.Size, "byte")}");

        var bytes = await repository.ReadBlobAsync(descriptor, cancellationToken);

        try
        {
            return JsonSerializer.Deserialize(bytes, ImageConfigJson.Default.ImageConfig)
                ?? throw BaseImageErrors.UnusableBaseImage(image.ToString(), "its configuration is null");
        }
        catch (JsonException exception)
        {
            throw BaseImageErrors.UnusableBaseImage(
                image.ToString(), $"its configuration is malformed: {exception.Message.TrimEnd('.')}", exception);
        }
    }
}

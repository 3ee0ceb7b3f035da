using System.Text.Json;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Finds the platform of images, and the image of a platform.</summary>
public static class ImagePlatform
{
    /// <summary>
    /// Finds the platform of an image, which its configuration names. Returns null for an index, and for an artifact that is no image.
    /// </summary>
    /// <param name="repository">The repository of the image.</param>
    /// <param name="image">The manifest of the image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN1005</c>, <c>GAN1009</c>: the configuration is malformed, or too large.</exception>
    public static async Task<Platform?> FindAsync(
        IImageRepository repository, ManifestContent image, CancellationToken cancellationToken)
    {
        if (image.IsIndex || !image.NamesConfig
            || image.ReadManifest() is not { Config: { MediaType: MediaTypes.OciConfig or MediaTypes.DockerConfig } config })
            return null;
        var origin = $"{config.Digest} in {repository.Location}";
        if (config.Size > Limits.ImageConfigBytes)
            throw OciErrors.DocumentTooLarge("configuration", origin, Limits.ImageConfigBytes);
        try
        {
            return JsonSerializer.Deserialize(
                await repository.ReadBlobAsync(config, cancellationToken), OciJson.Default.Platform);
        }
        catch (JsonException exception)
        {
            throw OciErrors.MalformedDocument("configuration", origin, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Selects the manifest of a platform: an entry of an index, or the image itself when it is for that platform.</summary>
    /// <param name="repository">The repository of the image.</param>
    /// <param name="image">The manifest or index.</param>
    /// <param name="platform">The platform.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException">
    /// <c>GAN4036</c>: the image is for other platforms; <c>GAN4037</c>: it is an artifact, and no image.
    /// </exception>
    public static async Task<ManifestContent> SelectAsync(
        IImageRepository repository, ManifestContent image, Platform platform, CancellationToken cancellationToken)
    {
        if (!image.IsIndex)
            return (await PlatformFilter.ApplyAsync(
                new ImageSource(repository, new CopyOptions()), image, [platform], cancellationToken)).Root;
        var images = image.ReadIndex().Manifests.Where(entry => entry.Platform is { Os: not "unknown" }).ToList();
        var chosen = images.FirstOrDefault(entry => entry.Platform!.Satisfies(platform))
            ?? throw CopyErrors.NoSuchPlatform(
                repository.Location, image.Descriptor.Digest, platform, images.Select(entry => entry.Platform!));
        return await repository.FindManifestAsync(chosen.Digest, cancellationToken)
            ?? throw CopyErrors.SourceIncomplete(repository.Location, chosen.Digest);
    }
}

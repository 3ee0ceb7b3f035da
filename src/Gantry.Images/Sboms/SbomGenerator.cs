using System.Text.Json;
using Gantry.Images.BaseImages;
using Gantry.Images.Configuration;
using Gantry.Images.Layers;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Sboms;

/// <summary>
/// Makes SBOMs from what is in an image: the libraries of .NET applications and frameworks, the packages of the operating system. It does
/// not matter who built the image, and with what.
/// </summary>
/// <param name="repository">The repository that holds the image.</param>
public sealed class SbomGenerator(IImageRepository repository)
{
    /// <summary>
    /// Creates an SBOM for each platform of an image; the same image and options give the same bytes. Throws <c>GAN4301</c> when there is
    /// no image, <c>GAN4302</c> when it exceeds a limit, <c>GAN4303</c> when its manifests or layers cannot be read, and the errors of the
    /// registry. Files in it that cannot be read become notes.
    /// </summary>
    /// <param name="root">The manifest of the image, or the index of all platforms.</param>
    /// <param name="options">The name, the time and the base image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Sbom>> CreateAsync(ManifestContent root, SbomOptions options, CancellationToken cancellationToken)
    {
        var images = await new PlatformImageFinder(repository, NameOf(root)).FindAsync(root, cancellationToken);
        var sboms = new List<Sbom>(images.Count);
        foreach (var image in images)
            sboms.Add(await CreateAsync(image, options, cancellationToken));
        return sboms;
    }

    private async Task<Sbom> CreateAsync(PlatformImage image, SbomOptions options, CancellationToken cancellationToken)
    {
        var name = NameOf(image.Content);
        var config = await ReadConfigAsync(image.Manifest.Config, name, cancellationToken);
        var platform = new Platform
        {
            Os = config.Os.Length == 0 ? "linux" : config.Os,
            Architecture = config.Architecture,
            OsVersion = config.OsVersion,
            Variant = string.IsNullOrEmpty(config.Variant) ? null : config.Variant,
        };

        var failures = SbomErrors.ForLayersOf(name);
        using var workspace = new BuildWorkspace();
        var tree = await new LayerIndexCache(options.CacheFolder, workspace).ReadTreeAsync(
            image.Manifest.Layers.Select(blob => (blob, OpenerOf(blob))), failures, cancellationToken);
        return new SbomAssembler(image, platform, options).Assemble(tree, failures, cancellationToken);
    }

    private Func<CancellationToken, Task<Stream>> OpenerOf(Descriptor blob) =>
        cancellationToken => repository.OpenBlobAsync(blob, cancellationToken);

    private async Task<ImageConfig> ReadConfigAsync(Descriptor descriptor, string name, CancellationToken cancellationToken)
    {
        if (descriptor.Size > Limits.ImageConfigBytes)
            throw SbomErrors.TooLarge(
                name, $"its configuration has {Format.Count(descriptor.Size, "byte")}", nameof(Limits.ImageConfigBytes));

        var bytes = await repository.ReadBlobAsync(descriptor, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(bytes, ImageConfigJson.Default.ImageConfig)
                ?? throw SbomErrors.Unreadable(name, "its configuration is null");
        }
        catch (JsonException exception)
        {
            throw SbomErrors.Unreadable(name, $"its configuration is malformed: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private string NameOf(ManifestContent content) => $"{repository.Location}@{content.Descriptor.Digest}";
}

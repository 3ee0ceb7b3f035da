using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>An image for several platforms, signed both by referrers and by a cosign tag.</summary>
internal sealed record SignedSampleIndex(
    ManifestContent Root, IReadOnlyList<SampleImage> Images, IReadOnlyList<SampleImage> Referrers, SampleImage CosignSignature)
{
    /// <summary>Gets the number of its referrers and cosign tags.</summary>
    public int AttachmentCount => Referrers.Count + 1;

    public static SignedSampleIndex Create(int platforms, int layerSize)
    {
        var images = Enumerable.Range(0, platforms)
            .Select(number => SampleImage.Create(100 * platforms + number, layerSize, layerSize / 2, 1000))
            .ToList();
        var root = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests =
                [.. images.Select((image, number) => image.Root.Descriptor with { Platform = Platform.Parse($"linux/arch{number}") })],
        });
        var sbom = SampleImage.CreateReferrer(root.Descriptor, "sbom");
        return new SignedSampleIndex(
            root,
            images,
            [
                sbom,
                SampleImage.CreateReferrer(sbom.Root.Descriptor, "signature of the sbom"),
                SampleImage.CreateReferrer(images[0].Root.Descriptor, "signature of a platform"),
            ],
            SampleImage.Create(platforms, 300));
    }

    public async Task PushAsync(IImageRepository repository, string tag)
    {
        foreach (var image in Images)
            await image.PushAsync(repository);
        await repository.PutTagAsync(tag, Root, default);
        foreach (var referrer in Referrers)
            await referrer.PushAsync(repository);
        await CosignSignature.PushAsync(repository);
        await repository.PutTagAsync($"sha256-{Root.Descriptor.Digest.Hex}.sig", CosignSignature.Root, default);
    }
}

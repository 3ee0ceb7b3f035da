using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>An image for several platforms, signed in both of the ways that there are.</summary>
internal sealed record SampleIndex(ManifestContent Root, IReadOnlyList<SampleImage> Images, IReadOnlyList<SampleImage> Referrers, SampleImage CosignSignature)
{
    /// <summary>How many referrers and cosign tags belong to it.</summary>
    public int Attachments => Referrers.Count + 1;

    public static SampleIndex Create(int platforms, int layerSize)
    {
        var images = Enumerable.Range(0, platforms).Select(number => SampleImage.Create(100 * platforms + number, layerSize, layerSize / 2, 1000)).ToList();
        var root = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. images.Select((image, number) => image.Root.Descriptor with { Platform = Platform.Parse($"linux/arch{number}") })],
        });
        var sbom = SampleImage.CreateReferrer(root.Descriptor, "sbom");
        return new SampleIndex(
            root,
            images,
            [sbom, SampleImage.CreateReferrer(sbom.Root.Descriptor, "signature of the sbom"), SampleImage.CreateReferrer(images[0].Root.Descriptor, "signature of a platform")],
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

using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

/// <summary>
/// The image of the scripted cases: an index of two platforms, one of them signed twice, and a signature of the signature.
/// </summary>
internal sealed class ScriptedImage
{
    private readonly SampleImage[] _images = [SampleImage.Create(21, 400_000, 30_000), SampleImage.Create(22, 20_000)];

    public ScriptedImage()
    {
        string[] platforms = ["linux/amd64", "linux/arm64"];
        Root = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. _images.Zip(platforms, (image, name) => image.Root.Descriptor with { Platform = Platform.Parse(name) })],
        });
        Signature = SampleImage.CreateReferrer(_images[0].Root.Descriptor, "signature");
        SecondSignature = SampleImage.CreateReferrer(_images[0].Root.Descriptor, "another signature");
        Countersignature = SampleImage.CreateReferrer(Signature.Root.Descriptor, "signature of the signature");
    }

    public ManifestContent Root { get; }

    public SampleImage Signature { get; }

    public SampleImage SecondSignature { get; }

    public SampleImage Countersignature { get; }

    /// <summary>The first platform.</summary>
    public SampleImage First => _images[0];

    /// <summary>Its large layer.</summary>
    public Descriptor Layer => First.BlobDescriptors.ElementAt(1);

    public int AttachmentCount => 3;

    /// <summary>Adds it to a registry, without a request.</summary>
    public void AddTo(RegistryStore store)
    {
        foreach (var image in _images)
            store.Add("app", image);
        store.Add("app", Signature);
        store.Add("app", SecondSignature);
        store.Add("app", Countersignature);
        store.Add("app", Root, "v1");
    }

    public async Task PushAsync(IImageRepository repository)
    {
        foreach (var image in _images)
            await image.PushAsync(repository);
        await repository.PutTagAsync("v1", Root, default);
        await Signature.PushAsync(repository);
        await SecondSignature.PushAsync(repository);
        await Countersignature.PushAsync(repository);
    }
}

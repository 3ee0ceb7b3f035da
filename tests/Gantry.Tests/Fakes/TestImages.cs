using System.Text;
using Gantry.Oci;

namespace Gantry.Tests.Fakes;

/// <summary>Adds images to a fake repository; the same text gives the same digests.</summary>
internal static class TestImages
{
    public const string SignatureAnnotation = "dev.cosignproject.cosign/signature";

    public static ManifestContent AddImage(this FakeRepository repository, string content, string? tag = null, int layers = 2)
    {
        var manifest = new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = repository.AddBlob(
                MediaTypes.OciConfig,
                $$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"author":"{{content}}"}"""),
            Layers =
                [.. Enumerable.Range(0, layers).Select(number => repository.AddBlob(MediaTypes.OciLayerGzip, $"{content} layer {number}"))],
        };
        return repository.Add(ManifestContent.Create(manifest), tag);
    }

    public static ManifestContent AddIndex(
        this FakeRepository repository, string? tag, params (Platform Platform, ManifestContent Manifest)[] entries) =>
        repository.Add(
            ManifestContent.Create(new ImageIndex
            {
                MediaType = MediaTypes.OciIndex,
                Manifests = [.. entries.Select(entry => entry.Manifest.Descriptor with { Platform = entry.Platform })],
            }),
            tag);

    public static ManifestContent AddArtifact(
        this FakeRepository repository, ManifestContent subject, string content, string type = "application/vnd.example.signature")
    {
        var manifest = new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            ArtifactType = type,
            Config = repository.AddBlob(MediaTypes.OciEmpty, "{}"),
            Layers = [repository.AddBlob(type, content)],
            Subject = subject.Descriptor,
        };
        return repository.Add(ManifestContent.Create(manifest), null);
    }

    /// <summary>
    /// Adds a tag as cosign writes it: all layers have the same payload, and only an annotation distinguishes the signatures.
    /// </summary>
    public static ManifestContent AddCosignTag(
        this FakeRepository repository, ManifestContent subject, string suffix, params string[] signatures)
    {
        var manifest = new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = repository.AddBlob(MediaTypes.OciConfig, $"config of {string.Join('+', signatures)}"),
            Layers =
            [
                .. signatures.Select(signature => repository.AddBlob(
                    "application/vnd.dev.cosign.simplesigning.v1+json",
                    $"payload about {subject.Descriptor.Digest}") with
                {
                    Annotations = new Dictionary<string, string> { [SignatureAnnotation] = signature },
                }),
            ],
        };
        return repository.Add(ManifestContent.Create(manifest), CosignTag(subject, suffix));
    }

    public static string CosignTag(ManifestContent subject, string suffix) => $"sha256-{subject.Descriptor.Digest.Hex}{suffix}";

    public static Descriptor AddBlob(this FakeRepository repository, string mediaType, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        repository.Blobs[Digest.Of(bytes)] = bytes;
        return new Descriptor { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length };
    }

    public static ManifestContent Add(this FakeRepository repository, ManifestContent manifest, string? tag)
    {
        repository.Manifests[manifest.Descriptor.Digest] = manifest;
        if (tag is not null)
            repository.Tags[tag] = manifest.Descriptor.Digest;
        return manifest;
    }
}

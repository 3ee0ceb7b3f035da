using System.Security.Cryptography;
using System.Text;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;

namespace Gantry.Tests.Seeing;

/// <summary>Signatures as cosign writes them without bundles: layers of a manifest under a tag.</summary>
internal static class CosignSamples
{
    public static async Task<Layer> SignAsync(
        Digest image, PemSigner signer, string? certificate = null, Func<byte[], byte[]>? ofSignature = null)
    {
        var payload = Encoding.UTF8.GetBytes(
            $$$"""
            {"critical":{"identity":{"docker-reference":"contoso.azurecr.io/app"},"image":{"docker-manifest-digest":"{{{image}}}"},
            "type":"cosign container image signature"},"optional":null}
            """.ReplaceLineEndings(""));
        var signature = (await signer.SignAsync(SHA256.HashData(payload), default)).ToArray();
        return new Layer(payload, Convert.ToBase64String(ofSignature?.Invoke(signature) ?? signature)) { Certificate = certificate };
    }

    public static async Task PutAsync(IImageRepository repository, Digest image, IReadOnlyList<Layer> layers)
    {
        var config = await PutBlobAsync(repository, MediaTypes.OciConfig, "{}"u8.ToArray(), annotations: null);
        var descriptors = new List<Descriptor>();
        foreach (var layer in layers)
            descriptors.Add(await PutBlobAsync(repository, layer.MediaType, layer.Payload, layer.Annotations));
        var manifest = ManifestContent.Create(new Manifest { MediaType = MediaTypes.OciManifest, Config = config, Layers = descriptors });
        await repository.PutTagAsync($"sha256-{image.Hex}.sig", manifest, default);
    }

    private static async Task<Descriptor> PutBlobAsync(
        IImageRepository repository, string mediaType, byte[] content, IReadOnlyDictionary<string, string>? annotations)
    {
        var blob = new Descriptor
        {
            MediaType = mediaType, Digest = Digest.Of(content), Size = content.Length, Annotations = annotations,
        };
        await repository.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content)), default);
        return blob;
    }

    public sealed record Layer(byte[] Payload, string? Signature)
    {
        public string MediaType { get; init; } = "application/vnd.dev.cosign.simplesigning.v1+json";

        public string? Certificate { get; init; }

        public IReadOnlyDictionary<string, string> Annotations => new (string Name, string? Value)[]
        {
            ("dev.cosignproject.cosign/signature", Signature), ("dev.sigstore.cosign/certificate", Certificate),
        }.Where(annotation => annotation.Value is not null).ToDictionary(annotation => annotation.Name, annotation => annotation.Value!);
    }
}

using System.Text;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Testing;

/// <summary>An image whose content is derived from a seed: the same seed always gives the same digests.</summary>
public sealed record SampleImage(ManifestContent Root, IReadOnlyDictionary<Digest, byte[]> Blobs)
{
    public IEnumerable<Descriptor> BlobDescriptors => [Root.ReadManifest().Config, .. Root.ReadManifest().Layers];

    /// <summary>Creates an image with layers of random bytes in these sizes.</summary>
    public static SampleImage Create(int seed, params ReadOnlySpan<int> layerSizes)
    {
        var random = new Random(seed);
        var blobs = new Dictionary<Digest, byte[]>();
        var layers = new List<Descriptor>();
        foreach (var size in layerSizes)
        {
            var layer = new byte[size];
            random.NextBytes(layer);
            layers.Add(Add(blobs, MediaTypes.OciLayerGzip, layer));
        }

        var diffs = string.Join(',', layers.Select(layer => $"\"{layer.Digest}\""));
        var config = Add(blobs, MediaTypes.OciConfig, Encoding.UTF8.GetBytes(
            $$$"""{"author":"{{{seed}}}","architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[{{{diffs}}}]}}"""));
        return new SampleImage(
            ManifestContent.Create(new Manifest { MediaType = MediaTypes.OciManifest, Config = config, Layers = layers }), blobs);
    }

    /// <summary>Creates an artifact that refers to a manifest: a signature, for example.</summary>
    public static SampleImage CreateReferrer(Descriptor subject, string content, string artifactType = "application/vnd.example.signature")
    {
        var blobs = new Dictionary<Digest, byte[]>();
        var manifest = new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            ArtifactType = artifactType,
            Config = Add(blobs, MediaTypes.OciEmpty, "{}"u8.ToArray()),
            Layers = [Add(blobs, "text/plain", Encoding.UTF8.GetBytes(content))],
            Subject = new Descriptor { MediaType = subject.MediaType, Digest = subject.Digest, Size = subject.Size },
            Annotations = new Dictionary<string, string> { ["com.example.content"] = content },
        };
        return new SampleImage(ManifestContent.Create(manifest), blobs);
    }

    /// <summary>Writes everything except a tag.</summary>
    public async Task PushAsync(IImageRepository repository, CancellationToken cancellationToken = default)
    {
        foreach (var blob in BlobDescriptors)
            await repository.PutBlobAsync(
                blob, _ => Task.FromResult<Stream>(new MemoryStream(Blobs[blob.Digest], writable: false)), cancellationToken);
        await repository.PutManifestAsync(Root, cancellationToken);
    }

    private static Descriptor Add(Dictionary<Digest, byte[]> blobs, string mediaType, byte[] content)
    {
        var digest = Digest.Of(content);
        blobs[digest] = content;
        return new Descriptor { MediaType = mediaType, Digest = digest, Size = content.Length };
    }
}

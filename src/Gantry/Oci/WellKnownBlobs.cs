using System.Buffers.Text;

namespace Gantry.Oci;

/// <summary>Blobs whose content is known without a request: the empty JSON object, and content that is embedded in a descriptor.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#embedded-content">
/// OCI image-spec 1.1.1, embedded content
/// </seealso>
internal static class WellKnownBlobs
{
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();
    private static readonly Digest EmptyObjectDigest = Digest.Parse(
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");

    /// <summary>The descriptor of the empty JSON object, in place of a configuration or a layer that has no content.</summary>
    public static Descriptor Empty { get; } =
        new() { MediaType = MediaTypes.OciEmpty, Digest = EmptyObjectDigest, Size = EmptyObject.Length };

    /// <summary>Opens the content of <see cref="Empty"/>.</summary>
    public static Stream OpenEmpty() => new MemoryStream(EmptyObject, writable: false);

    /// <summary>Returns the content when it is known and matches the descriptor; null otherwise.</summary>
    public static byte[]? Find(Descriptor blob)
    {
        if (blob.Digest == EmptyObjectDigest)
            return blob.Size == EmptyObject.Length ? EmptyObject : null;
        if (blob.Data is not { Length: > 0 and <= ManifestContent.MaximumSize } data || !Base64.IsValid(data))
            return null;

        var content = Convert.FromBase64String(data);
        return content.Length == blob.Size && blob.Digest.OfSameAlgorithm(content) == blob.Digest ? content : null;
    }

    /// <summary>
    /// Returns true when a descriptor embeds content that is not the one that it describes: tools that use it read another blob.
    /// </summary>
    public static bool HasWrongData(Descriptor blob)
    {
        if (blob.Data is not { Length: > 0 } data)
            return false;
        if (!Base64.IsValid(data, out var length) || length != blob.Size)
            return true;
        return blob.Digest.OfSameAlgorithm(Convert.FromBase64String(data)) != blob.Digest;
    }
}

using System.IO.Compression;
using System.Security.Cryptography;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries.Archives;

/// <summary>
/// Determines the descriptor of a layer in a <c>docker save</c> archive: Docker engines write plain tars, other tools compressed ones.
/// </summary>
internal static class SavedLayer
{
    /// <summary>
    /// Returns the descriptor of the layer as it is in the archive. For a plain tar it comes from the configuration, and the content is
    /// verified when it is read.
    /// </summary>
    /// <exception cref="GantryException"><c>GAN2029</c>: the layer does not decompress to the content in the configuration; <c>GAN2005</c>:
    /// its content does not match its name.</exception>
    public static async Task<Descriptor> ReadAsync(
        ArchiveFile archive, ArchiveEntry entry, Digest diffId, CancellationToken cancellationToken)
    {
        await using var content = archive.OpenRead(entry);
        var format = await LayerFormats.ReadAsync(content, cancellationToken);
        if (format == LayerFormat.Tar)
            return new Descriptor { MediaType = MediaTypes.OciLayer, Digest = diffId, Size = entry.Size };

        content.Position = 0;
        var digest = Digest.FromSha256(await SHA256.HashDataAsync(content, cancellationToken));
        content.Position = 0;
        if (Digest.TryParse("sha256:" + System.IO.Path.GetFileName(entry.Name), out var named) && named != digest)
            throw RegistryErrors.DigestMismatch(archive.Name, named, digest.ToString());

        // zstd is not decompressed here; the container runtime verifies the content against the configuration.
        if (format == LayerFormat.Gzip && !await UnpacksToAsync(content, diffId, cancellationToken))
            throw ArchiveErrors.Malformed(archive.Name, $"its layer '{entry.Name}' does not unpack to {diffId}");
        return new Descriptor
        {
            MediaType = format == LayerFormat.Gzip ? MediaTypes.OciLayerGzip : MediaTypes.OciLayerZstd,
            Digest = digest,
            Size = entry.Size,
        };
    }

    /// <summary>
    /// Returns true when a layer that is compressed with gzip decompresses to the digest in the configuration of its image.
    /// </summary>
    public static async Task<bool> UnpacksToAsync(Stream packed, Digest diffId, CancellationToken cancellationToken)
    {
        try
        {
            // Nothing is written anywhere, so a layer of zeros is no danger, and as valid as any other.
            await using var plain = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
            using var hash = diffId.CreateHash();
            var buffer = new byte[128 * 1024];
            for (int read; (read = await plain.ReadAsync(buffer, cancellationToken)) > 0;)
                hash.AppendData(buffer, 0, read);
            return diffId.Matches(hash.GetCurrentHash());
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}

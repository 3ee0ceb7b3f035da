using System.IO.Compression;
using System.Security.Cryptography;
using Gantry.Oci;

namespace Gantry.Registries.Archives;

/// <summary>Finds out what a layer of a <c>docker save</c> archive is: engines write plain tars, other tools compressed ones.</summary>
internal static class SavedLayer
{
    /// <summary>The layer as it stands in the archive. One that is plain is named by the configuration already, and verified when it is read.</summary>
    /// <exception cref="GantryException">
    /// <c>GAN2029</c>: it does not unpack to what the configuration says; <c>GAN2005</c>: it is not what its name says.
    /// </exception>
    public static async Task<Descriptor> ReadAsync(ArchiveFile archive, ArchiveEntry entry, Digest diffId, CancellationToken cancellationToken)
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

        // Nothing here unpacks zstd; who runs the image holds it against the configuration.
        if (format == LayerFormat.Gzip && !await UnpacksToAsync(content, diffId, cancellationToken))
            throw ArchiveErrors.Malformed(archive.Name, $"its layer '{entry.Name}' does not unpack to {diffId}");
        return new Descriptor { MediaType = format == LayerFormat.Gzip ? MediaTypes.OciLayerGzip : MediaTypes.OciLayerZstd, Digest = digest, Size = entry.Size };
    }

    /// <summary>Whether a layer that is compressed with gzip is, unpacked, what the configuration of its image names.</summary>
    public static async Task<bool> UnpacksToAsync(Stream packed, Digest diffId, CancellationToken cancellationToken)
    {
        try
        {
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

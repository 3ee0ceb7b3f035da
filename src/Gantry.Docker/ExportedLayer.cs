using System.IO.Compression;
using System.Security.Cryptography;
using Gantry.Images;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Docker;

/// <summary>
/// Makes a layer that can be stored of one that an engine exported: keeps what the engine keeps compressed, and compresses anything
/// else. Either way, what it unpacks to is held against the digest in the image's configuration.
/// </summary>
internal static class ExportedLayer
{
    /// <summary>Prepares a layer, or throws <c>GAN6013</c> (not sound) or <c>GAN3019</c> (no room for it).</summary>
    public static async Task<LayerFile> PrepareAsync(SavedArchive archive, SavedFile layer, Digest diffId, string path, CancellationToken cancellationToken)
    {
        switch (await ReadFormatAsync(layer, cancellationToken))
        {
            case Format.Gzip:
                archive.RequireLayer(layer, diffId, await HashUnpackedAsync(layer, cancellationToken));
                return Keep(layer, MediaTypes.OciLayerGzip, diffId);
            case Format.Zstd:
                // Nothing here unpacks zstd; the file's name in the archive is its digest, and that was checked.
                return Keep(layer, MediaTypes.OciLayerZstd, diffId);
            default:
                archive.RequireLayer(layer, diffId, layer.Digest);
                return await CompressAsync(layer, path, cancellationToken);
        }
    }

    private static LayerFile Keep(SavedFile layer, string mediaType, Digest diffId) =>
        new(layer.Path, new Descriptor { MediaType = mediaType, Digest = layer.Digest, Size = layer.Size }, diffId);

    private static async Task<LayerFile> CompressAsync(SavedFile layer, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = File.OpenRead(layer.Path);
            await using var compressed = new LayerStream(path, GzipMembers.Compress);
            var buffer = new byte[128 * 1024];
            while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var count)
                await compressed.WriteAsync(buffer.AsMemory(0, count), cancellationToken);

            var (blob, diffId) = await compressed.CompleteAsync(cancellationToken);
            return new LayerFile(path, blob, diffId);
        }
        catch (IOException exception)
        {
            throw ImageErrors.CannotStoreLayer(Path.GetDirectoryName(path)!, exception);
        }
    }

    private static async Task<Digest?> HashUnpackedAsync(SavedFile layer, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(layer.Path);
            await using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            return Digest.FromSha256(await SHA256.HashDataAsync(unpacked, cancellationToken));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static async Task<Format> ReadFormatAsync(SavedFile layer, CancellationToken cancellationToken)
    {
        var magic = new byte[4];
        await using var file = File.OpenRead(layer.Path);
        var read = await file.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
        return magic[..read] switch
        {
            [0x1F, 0x8B, ..] => Format.Gzip,
            [0x28, 0xB5, 0x2F, 0xFD] => Format.Zstd,
            _ => Format.Tar,
        };
    }

    private enum Format
    {
        Tar,
        Gzip,
        Zstd,
    }
}

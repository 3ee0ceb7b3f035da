using System.IO.Compression;
using System.Security.Cryptography;
using Gantry.Oci;

namespace Gantry.Docker;

/// <summary>A layer, ready to be stored.</summary>
/// <param name="Path">The file with its bytes.</param>
/// <param name="Descriptor">What they are.</param>
internal sealed record LayerFile(string Path, Descriptor Descriptor)
{
    /// <summary>
    /// Keeps a layer that the engine keeps compressed, and compresses any other. Either way, what it unpacks to is held against
    /// the digest in the image's configuration.
    /// </summary>
    public static async Task<LayerFile> PrepareAsync(SavedArchive archive, SavedFile layer, Digest diffId, int index, CancellationToken cancellationToken)
    {
        switch (await ReadFormatAsync(layer, cancellationToken))
        {
            case Format.Gzip:
                archive.RequireLayer(layer, diffId, await HashUnpackedAsync(layer, cancellationToken));
                return Keep(layer, MediaTypes.OciLayerGzip);
            case Format.Zstd:
                // Nothing here unpacks zstd; the file's name in the archive is its digest, and that was checked.
                return Keep(layer, MediaTypes.OciLayerZstd);
            default:
                archive.RequireLayer(layer, diffId, layer.Digest);
                return await CompressAsync(archive, layer, index, cancellationToken);
        }
    }

    private static LayerFile Keep(SavedFile layer, string mediaType) =>
        new(layer.Path, new Descriptor { MediaType = mediaType, Digest = layer.Digest, Size = layer.Size });

    private static async Task<LayerFile> CompressAsync(SavedArchive archive, SavedFile layer, int index, CancellationToken cancellationToken)
    {
        var path = System.IO.Path.Combine(archive.Folder, $"{index}.tar.gz");
        try
        {
            await using var source = File.OpenRead(layer.Path);
            await using var file = File.Create(path);
            await using var gzip = new GZipStream(file, CompressionLevel.Optimal);
            await source.CopyToAsync(gzip, cancellationToken);
        }
        catch (IOException exception) when (DiskSpace.IsExhausted(exception))
        {
            throw DockerErrors.NoSpace(archive.Folder, exception);
        }

        await using var compressed = File.OpenRead(path);
        var digest = Digest.FromSha256(await SHA256.HashDataAsync(compressed, cancellationToken));
        return new LayerFile(path, new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = digest, Size = compressed.Length });
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

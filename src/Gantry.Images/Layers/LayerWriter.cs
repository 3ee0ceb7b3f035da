using Gantry.IO;
using Gantry.Images.Compression;
using Gantry.Images.Context;

namespace Gantry.Images.Layers;

/// <summary>Writes entries as a compressed tar.</summary>
internal static class LayerWriter
{
    // Two empty blocks end an archive.
    private static readonly ReadOnlyMemory<byte> End = new byte[2 * TarHeader.BlockSize];

    // The content of a file of this size is compressed by itself: it gives the same bytes wherever it is in a layer, and content that
    // did not change is found in the cache. Changing it changes every digest.
    private const int OwnMemberSize = 64 * 1024;

    /// <summary>
    /// Writes the entries in the order given; throws <c>GAN3017</c> when a file has changed meanwhile, and <c>GAN3019</c> when there is no
    /// space for the layer.
    /// </summary>
    public static async Task<LayerFile> WriteAsync(
        IEnumerable<LayerEntry> entries, string path, IMemberCompressor compressor, CancellationToken cancellationToken)
    {
        try
        {
            await using var layer = new LayerStream(path, compressor);
            foreach (var entry in entries)
                await WriteEntryAsync(layer, entry, cancellationToken);
            await layer.WriteAsync(End, cancellationToken);

            var (blob, diffId) = await layer.CompleteAsync(cancellationToken);
            return new LayerFile(path, blob, diffId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LayerErrors.CannotStoreLayer(Path.GetDirectoryName(path)!, exception);
        }
    }

    private static async Task WriteEntryAsync(LayerStream layer, LayerEntry entry, CancellationToken cancellationToken)
    {
        await layer.WriteAsync(entry.ToTarHeader(), cancellationToken);
        if (entry.Size == 0)
            return;

        var isAlone = entry.Size >= OwnMemberSize;
        if (isAlone)
            await layer.EndMemberAsync(cancellationToken);
        if (entry.SourceFile is { } file)
            await WriteFileAsync(layer, file, entry.Size, cancellationToken);
        else
            await layer.WriteAsync(entry.Content, cancellationToken);
        if (isAlone)
            await layer.EndMemberAsync(cancellationToken);
        await layer.WriteAsync(End[..(int)(TarHeader.Padded(entry.Size) - entry.Size)], cancellationToken);
    }

    private static async Task WriteFileAsync(LayerStream layer, string path, long size, CancellationToken cancellationToken)
    {
        await using var file = OpenSource(path);
        var buffer = new byte[128 * 1024];
        var remaining = size;
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            remaining -= count;
            if (remaining < 0)
                throw ContextErrors.FileChanged(path);
            await layer.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        if (remaining != 0)
            throw ContextErrors.FileChanged(path);
    }

    private static FileStream OpenSource(string path)
    {
        try
        {
            return RegularFile.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ImageErrors.UnreadableFile(path, exception.Message, exception);
        }
    }
}

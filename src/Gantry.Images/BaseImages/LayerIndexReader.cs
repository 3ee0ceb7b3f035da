using System.Formats.Tar;
using System.IO.Compression;
using System.Numerics;
using Gantry.Oci;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Gantry.Images.BaseImages;

/// <summary>Reads the index of a layer from its tar.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts">OCI image-spec 1.1.1, whiteouts</seealso>
internal static class LayerIndexReader
{
    private const string WhiteoutPrefix = ".wh.";
    private const string OpaqueWhiteout = ".wh..wh..opq";

    /// <summary>Reads a whole layer; throws when it cannot be read or exceeds a limit.</summary>
    /// <param name="stream">The layer as it is stored.</param>
    /// <param name="blob">The descriptor of the layer.</param>
    /// <param name="failures">Creates the errors.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<LayerIndex> ReadAsync(
        Stream stream, Descriptor blob, LayerFailures failures, CancellationToken cancellationToken)
    {
        try
        {
            await using var plain = new LayerTarStream(Decompress(stream, blob, failures), blob, failures);
            var budget = new TreeBudget(failures);
            await using var tar = new TarReader(plain, leaveOpen: true);
            var entries = new List<IndexedEntry>();
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                plain.IsInContent = true;
                var indexed = await ToIndexedAsync(entry, cancellationToken);
                if (entry.DataStream is { } rest)
                    await rest.CopyToAsync(Stream.Null, cancellationToken);
                plain.IsInContent = false;
                if (indexed is null)
                    continue;
                budget.Take(indexed.Path, (indexed.LinkTarget?.Length ?? 0) + (indexed.Content?.Length ?? 0));
                entries.Add(indexed);
            }

            return new LayerIndex { Entries = entries };
        }
        catch (OverflowException exception)
        {
            throw failures.Unusable(
                $"its layer {blob.Digest} has an owner or a size that is too large to be read here", exception);
        }
        // Out of memory, too: a header may claim more metadata than there is, and the reader allocates memory for it first.
        catch (Exception exception) when (exception is InvalidDataException or FormatException or EndOfStreamException
            or ArgumentException or InvalidOperationException or OutOfMemoryException or ZstdException)
        {
            throw failures.Unusable(
                $"its layer {blob.Digest} is malformed: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    /// <summary>Returns true when the media type of a layer is one that is read here.</summary>
    public static bool CanRead(Descriptor blob) => LayerMediaTypes.ToOci(blob.MediaType)
        is MediaTypes.OciLayer or MediaTypes.OciLayerGzip or MediaTypes.OciLayerZstd or LayerMediaTypes.OciForeignLayerGzip;

    /// <summary>Opens the tar of a layer; throws when its media type is none that is read here.</summary>
    public static Stream Decompress(Stream stream, Descriptor blob, LayerFailures failures) => LayerMediaTypes.ToOci(blob.MediaType) switch
    {
        MediaTypes.OciLayerGzip or LayerMediaTypes.OciForeignLayerGzip =>
            new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true),
        MediaTypes.OciLayerZstd => DecompressZstd(stream),
        MediaTypes.OciLayer => stream,
        _ => throw failures.Unusable(
            $"its layer {blob.Digest} is of type {blob.MediaType}, which cannot be read here", null),
    };

    private static DecompressionStream DecompressZstd(Stream stream)
    {
        var plain = new DecompressionStream(stream, leaveOpen: true);
        plain.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, BitOperations.Log2(Limits.ZstdWindowBytes));
        return plain;
    }

    private static async Task<IndexedEntry?> ToIndexedAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
            return null;
        if (entry.Name.Length > Limits.PathLength || entry.LinkName.Length > Limits.PathLength)
            throw new InvalidDataException($"it has a path of {Math.Max(entry.Name.Length, entry.LinkName.Length)} characters");

        var path = ImagePath.Combine("/", entry.Name);
        var name = ImagePath.Name(path);
        if (path == "/")
            return null;
        if (name == OpaqueWhiteout)
            return new IndexedEntry { Path = ImagePath.Parent(path), Kind = IndexedKind.Emptied };
        if (name.StartsWith(WhiteoutPrefix, StringComparison.Ordinal))
            return new IndexedEntry
            {
                Path = ImagePath.Child(ImagePath.Parent(path), name[WhiteoutPrefix.Length..]),
                Kind = IndexedKind.Removed,
            };

        return new IndexedEntry
        {
            Path = path,
            Kind = ToKind(entry.EntryType),
            Mode = (int)entry.Mode,
            UserId = entry.Uid,
            GroupId = entry.Gid,
            ModifiedAt = entry.ModificationTime.ToUnixTimeSeconds(),
            LinkTarget = entry.EntryType switch
            {
                TarEntryType.SymbolicLink => entry.LinkName,
                TarEntryType.HardLink => ImagePath.Combine("/", entry.LinkName),
                _ => null,
            },
            Size = entry.Length,
            Content = await ReadContentAsync(entry, KeptFiles.MaximumSize(path), cancellationToken),
        };
    }

    private static IndexedKind ToKind(TarEntryType type) => type switch
    {
        TarEntryType.Directory => IndexedKind.Directory,
        TarEntryType.SymbolicLink => IndexedKind.SymbolicLink,
        TarEntryType.HardLink => IndexedKind.HardLink,
        _ => IndexedKind.File,
    };

    private static async Task<byte[]?> ReadContentAsync(TarEntry entry, int maximum, CancellationToken cancellationToken)
    {
        if (entry.DataStream is not { } data || entry.Length > maximum)
            return null;
        var content = new byte[entry.Length];
        await data.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using Gantry.Oci;

namespace Gantry.Images.BaseImages;

/// <summary>Reads the index of a layer from its tar.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts">OCI image-spec 1.1.1, whiteouts</seealso>
internal static class LayerIndexReader
{
    private const string WhiteoutPrefix = ".wh.";
    private const string OpaqueWhiteout = ".wh..wh..opq";

    /// <summary>Reads a whole layer; throws <c>GAN3009</c> when it cannot be read, and <c>GAN3030</c> when it exceeds a limit.</summary>
    /// <param name="stream">The layer as it is stored.</param>
    /// <param name="blob">The descriptor of the layer.</param>
    /// <param name="image">The base image, for messages.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<LayerIndex> ReadAsync(Stream stream, Descriptor blob, string image, CancellationToken cancellationToken)
    {
        try
        {
            await using var plain = new LayerTarStream(
                Decompress(stream, blob, image),
                blob.Size,
                (reason, limit) => BaseImageErrors.TooLarge(image, $"its layer {blob.Digest} {reason}", limit));
            var budget = new TreeBudget(image);
            await using var tar = new TarReader(plain, leaveOpen: true);
            var entries = new List<IndexedEntry>();
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (await ToIndexedAsync(entry, cancellationToken) is not { } indexed)
                    continue;
                budget.Take(indexed.Path, (indexed.LinkTarget?.Length ?? 0) + (indexed.Content?.Length ?? 0));
                entries.Add(indexed);
            }

            return new LayerIndex { Entries = entries };
        }
        catch (OverflowException exception)
        {
            throw BaseImageErrors.UnusableBaseImage(
                image, $"its layer {blob.Digest} has an owner or a size that is too large to be read here", exception);
        }
        // Out of memory, too: a header may claim more metadata than there is, and the reader allocates memory for it first.
        catch (Exception exception) when (exception is InvalidDataException or FormatException or EndOfStreamException
            or ArgumentException or InvalidOperationException or OutOfMemoryException)
        {
            throw BaseImageErrors.UnusableBaseImage(
                image, $"its layer {blob.Digest} is malformed: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static Stream Decompress(Stream stream, Descriptor blob, string image) => blob.MediaType switch
    {
        MediaTypes.OciLayerGzip or LayerMediaTypes.OciForeignLayerGzip =>
            new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true),
        MediaTypes.OciLayer => stream,
        _ => throw BaseImageErrors.UnusableBaseImage(
            image, $"its layer {blob.Digest} is of type {blob.MediaType}, which cannot be read here"),
    };

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
            Content = path is "/etc/passwd" or "/etc/group" ? await ReadContentAsync(entry, cancellationToken) : null,
        };
    }

    private static IndexedKind ToKind(TarEntryType type) => type switch
    {
        TarEntryType.Directory => IndexedKind.Directory,
        TarEntryType.SymbolicLink => IndexedKind.SymbolicLink,
        TarEntryType.HardLink => IndexedKind.HardLink,
        _ => IndexedKind.File,
    };

    private static async Task<byte[]?> ReadContentAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry.DataStream is not { } data || entry.Length > Limits.UserDatabaseBytes)
            return null;
        var content = new byte[entry.Length];
        await data.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}

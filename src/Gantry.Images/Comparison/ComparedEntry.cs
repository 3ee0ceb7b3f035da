using System.Formats.Tar;
using System.Security.Cryptography;
using Gantry.Oci;

namespace Gantry.Images.Comparison;

/// <summary>An entry of a layer that is compared, with the digest of its content.</summary>
internal sealed record ComparedEntry
{
    /// <summary>The path in the image, and the number of earlier entries of the layer with the same path.</summary>
    public required (string Path, int Repetition) Key { get; init; }

    public required TarEntryType Type { get; init; }

    public required int Mode { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    public required long Size { get; init; }

    public required string Link { get; init; }

    /// <summary>The digest of the content; null without any.</summary>
    public required Digest? Content { get; init; }

    /// <summary>Reads the entries of a layer, in their order.</summary>
    public static async Task<IReadOnlyList<ComparedEntry>> ListAsync(LayerContent layer, CancellationToken cancellationToken)
    {
        var entries = new List<ComparedEntry>();
        var keys = new EntryKeys();
        await layer.ReadEntriesAsync(
            async entry => entries.Add(new ComparedEntry
            {
                Key = keys.Next(entry),
                Type = entry.EntryType is TarEntryType.V7RegularFile ? TarEntryType.RegularFile : entry.EntryType,
                Mode = (int)entry.Mode,
                Owner = $"{entry.Uid}:{entry.Gid}",
                ModifiedAt = entry.ModificationTime,
                Size = entry.Length,
                Link = entry.LinkName,
                Content = entry.DataStream is { } data
                    ? Digest.FromSha256(await SHA256.HashDataAsync(data, cancellationToken))
                    : null,
            }),
            cancellationToken);
        return entries;
    }
}

/// <summary>Counts the entries of one layer with the same path: a tar may have several, of which the last one counts.</summary>
internal sealed class EntryKeys
{
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>Returns the key of the next entry.</summary>
    public (string Path, int Repetition) Next(TarEntry entry)
    {
        var path = ImagePath.Combine("/", entry.Name);
        var repetition = _known.GetValueOrDefault(path);
        _known[path] = repetition + 1;
        return (path, repetition);
    }
}

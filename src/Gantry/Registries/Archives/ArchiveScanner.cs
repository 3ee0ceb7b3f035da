using System.Formats.Tar;
using Gantry.IO;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Registries.Archives;

/// <summary>Reads the headers of a tar archive and skips the contents. Every position and size is checked against the file.</summary>
internal static class ArchiveScanner
{
    /// <summary>
    /// Reads the entries except folders, by name. Throws <c>GAN2029</c> when the archive is invalid, <c>GAN2031</c> when a name leads out
    /// of it.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, ArchiveEntry>> ReadAsync(
        SafeFileHandle file, string name, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, ArchiveEntry>(StringComparer.Ordinal);
        var stream = new HeaderStream(file);
        var names = 0L;
        try
        {
            await using var tar = new TarReader(stream, leaveOpen: true);
            while (await NextAsync(tar, stream, cancellationToken) is { } header)
            {
                if (header.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes)
                    continue;
                var entry = ToEntry(header, name);
                if (entry.Offset + entry.Size > stream.Length)
                    throw ArchiveErrors.Malformed(
                        name, $"it ends within '{entry.Name}', which should have {Format.Count(entry.Size, "byte")}");
                if (!entries.TryAdd(entry.Name, entry))
                    throw ArchiveErrors.Malformed(name, $"it has two entries '{entry.Name}'");
                if (entries.Count > Limits.ArchiveEntries)
                    throw ArchiveErrors.TooLarge(
                        name, $"it has more entries than {Limits.ArchiveEntries}", nameof(Limits.ArchiveEntries));
                if ((names += entry.Name.Length + (entry.LinkTarget?.Length ?? 0)) > Limits.ArchiveNames)
                    throw ArchiveErrors.TooLarge(
                        name, $"its names have more than {Limits.ArchiveNames} characters", nameof(Limits.ArchiveNames));
            }
        }
        // Out of memory, too: a header may claim more metadata than there is, and the reader allocates memory for it first.
        catch (Exception exception) when (exception is InvalidDataException or FormatException or EndOfStreamException or OverflowException
            or ArgumentException or InvalidOperationException or OutOfMemoryException)
        {
            throw ArchiveErrors.Malformed(name, "it is not a valid tar archive", exception);
        }

        return entries.Count > 0 ? entries : throw ArchiveErrors.Malformed(name, "it has no entries");
    }

    private static ValueTask<TarEntry?> NextAsync(TarReader tar, HeaderStream stream, CancellationToken cancellationToken)
    {
        stream.Restart();
        return tar.GetNextEntryAsync(copyData: false, cancellationToken);
    }

    private static ArchiveEntry ToEntry(TarEntry header, string archive)
    {
        if (header.Name.Length > Limits.PathLength || header.LinkName.Length > Limits.PathLength)
            throw ArchiveErrors.TooLarge(
                archive,
                $"it has a name of {Math.Max(header.Name.Length, header.LinkName.Length)} characters",
                nameof(Limits.PathLength));
        var name = Normalize(header.Name, "", archive);
        return header.EntryType switch
        {
            TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile =>
                new ArchiveEntry(name, ArchiveEntryKind.File, header.Length == 0 ? 0 : header.DataOffset, header.Length),
            TarEntryType.SymbolicLink =>
                new ArchiveEntry(
                    name, ArchiveEntryKind.Link, 0, 0, Normalize(header.LinkName, name[..(name.LastIndexOf('/') + 1)], archive)),
            TarEntryType.HardLink => new ArchiveEntry(name, ArchiveEntryKind.Link, 0, 0, Normalize(header.LinkName, "", archive)),
            _ => new ArchiveEntry(name, ArchiveEntryKind.Other, 0, 0),
        };
    }

    // Nothing is unpacked, so nothing could be overwritten. But an entry that leads out of the archive is malicious.
    private static string Normalize(string path, string folder, string archive)
    {
        var parts = new List<string>();
        foreach (var part in (folder + path).Split('/'))
        {
            if (part == ".." && parts.Count > 0 && folder.Length > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part == "..")
                throw Outside();
            else if (part is not ("" or "."))
                parts.Add(part);
        }

        return path.StartsWith('/') || parts.Count == 0 ? throw Outside() : string.Join('/', parts);

        GantryException Outside() => ArchiveErrors.UnsafeEntry(archive, path, "leads out of it");
    }
}

using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;

namespace Gantry.IO;

/// <summary>
/// Writes the header blocks of one tar entry: ustar, preceded by a pax header for values that do not fit into ustar. The bytes depend on
/// the entry alone. (System.Formats.Tar writes the process id into the names of pax headers.)
/// </summary>
/// <seealso href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06">
/// POSIX.1-2017, pax, ustar interchange format
/// </seealso>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md">OCI image-spec 1.1.1, layer</seealso>
public static class TarHeader
{
    /// <summary>The size of a block; content is padded to it.</summary>
    public const int BlockSize = 512;

    private const int NameSize = 100;
    private const int PrefixOffset = 345;
    private const int PrefixSize = 155;
    private const long MaximumOctal7 = 0x1FFFFF;
    private const long MaximumOctal11 = 0x1FFFFFFFF;

    /// <summary>Writes the header of an entry, with a pax header before it when one is needed.</summary>
    /// <param name="name">The path of the entry; a slash at its beginning is not written.</param>
    /// <param name="type">A file, a directory or a symbolic link.</param>
    /// <param name="mode">The permission bits; null for those that are usual for the type: 0644, 0755, 0777.</param>
    /// <param name="size">The size of the content in bytes.</param>
    /// <param name="modifiedAt">The modification time, in seconds since 1970.</param>
    /// <param name="userId">The owner.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="link">The target of a link.</param>
    public static byte[] Write(
        string name, TarEntryType type, int? mode = null, long size = 0, long modifiedAt = 0, long userId = 0, long groupId = 0,
        string? link = null)
    {
        // Tar names are relative, and directories end with a slash.
        var path = name.TrimStart('/') + (type == TarEntryType.Directory ? "/" : "");
        var extended = new StringBuilder();
        if (link is not null && !FitsField(link))
            AppendRecord(extended, "linkpath", link);
        AppendNumber(extended, "size", size, MaximumOctal11);
        AppendNumber(extended, "uid", userId, MaximumOctal7);
        AppendNumber(extended, "gid", groupId, MaximumOctal7);
        AppendNumber(extended, "mtime", modifiedAt, MaximumOctal11);

        // Not every reader joins the two parts of a name when there is a pax header before it.
        if (!FitsName(path) || (extended.Length > 0 && !FitsField(path)))
            AppendRecord(extended, "path", path);

        var ustar = WriteBlock(path, (char)type, mode ?? UsualMode(type), userId, groupId, size, modifiedAt, link ?? "");
        return extended.Length == 0 ? ustar : [.. WriteExtended(path, extended.ToString()), .. ustar];
    }

    // In octal: 755, 777 (links have no mode of their own) and 644.
    private static int UsualMode(TarEntryType type) => type switch
    {
        TarEntryType.Directory => 0x1ED,
        TarEntryType.SymbolicLink => 0x1FF,
        _ => 0x1A4,
    };

    private static byte[] WriteExtended(string name, string records)
    {
        var content = Encoding.UTF8.GetBytes(records);
        var header = WriteBlock("PaxHeaders/" + name, 'x', UsualMode(TarEntryType.RegularFile), 0, 0, content.Length, 0, "");
        var blocks = new byte[header.Length + Padded(content.Length)];
        header.CopyTo(blocks, 0);
        content.CopyTo(blocks, header.Length);
        return blocks;
    }

    private static byte[] WriteBlock(
        string name, char typeFlag, int mode, long userId, long groupId, long size, long modifiedAt, string link)
    {
        var block = new byte[BlockSize];
        var (prefix, shortName) = SplitName(name);
        WriteText(block.AsSpan(0, NameSize), shortName);
        WriteOctal(block.AsSpan(100, 8), mode);
        WriteOctal(block.AsSpan(108, 8), Within(userId, MaximumOctal7));
        WriteOctal(block.AsSpan(116, 8), Within(groupId, MaximumOctal7));
        WriteOctal(block.AsSpan(124, 12), Within(size, MaximumOctal11));
        WriteOctal(block.AsSpan(136, 12), Within(modifiedAt, MaximumOctal11));
        block[156] = (byte)typeFlag;
        WriteText(block.AsSpan(157, NameSize), link);
        "ustar\000"u8.CopyTo(block.AsSpan(257));
        WriteOctal(block.AsSpan(329, 8), 0);
        WriteOctal(block.AsSpan(337, 8), 0);
        WriteText(block.AsSpan(PrefixOffset, PrefixSize), prefix);

        // The checksum is computed with its own field filled with blanks.
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in block)
            sum += value;
        WriteOctal(block.AsSpan(148, 7), sum);
        return block;
    }

    /// <summary>
    /// Returns the size of the metadata that a block announces for the next entry: a long name, extended attributes. Zero when it is no
    /// header of such. Readers allocate that much memory before they read the first byte of it.
    /// </summary>
    /// <param name="block">A block of a tar.</param>
    public static long MetadataSize(ReadOnlySpan<byte> block)
    {
        if (block.Length != BlockSize || block[156] is not ((byte)'x' or (byte)'g' or (byte)'L' or (byte)'K'))
            return 0;

        // GNU's form for large numbers: a mark, and the number in binary.
        var field = block.Slice(124, 12);
        if (field[0] >= 0x80)
            return field[1..4].ContainsAnyExcept((byte)0) ? long.MaxValue : BinaryPrimitives.ReadInt64BigEndian(field[4..]);

        long size = 0;
        foreach (var digit in field)
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
                size = size * 8 + (digit - '0');
            else if (digit is not ((byte)' ' or 0))
                return 0;
        }

        return size;
    }

    /// <summary>Returns the size with its padding to whole blocks.</summary>
    public static long Padded(long size) => (size + BlockSize - 1) / BlockSize * BlockSize;

    private static bool FitsField(string text) => Ascii.IsValid(text) && text.Length <= NameSize;

    private static bool FitsName(string name)
    {
        if (!Ascii.IsValid(name))
            return false;
        var (prefix, rest) = SplitName(name);
        return rest.Length <= NameSize && prefix.Length <= PrefixSize;
    }

    // A name that is too long is split at the first slash that leaves a short enough rest.
    private static (string Prefix, string Name) SplitName(string name)
    {
        if (name.Length <= NameSize)
            return ("", name);
        var slash = name.IndexOf('/', name.Length - NameSize - 1);
        return slash > 0 && slash <= PrefixSize && slash < name.Length - 1 ? (name[..slash], name[(slash + 1)..]) : ("", name);
    }

    private static long Within(long value, long maximum) => value >= 0 && value <= maximum ? value : 0;

    private static void AppendNumber(StringBuilder records, string key, long value, long maximum)
    {
        if (value < 0 || value > maximum)
            AppendRecord(records, key, value.ToString());
    }

    // "<length> key=value\n", where the length includes itself.
    private static void AppendRecord(StringBuilder records, string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        var length = rest + rest.ToString().Length;
        length = rest + length.ToString().Length;
        records.Append($"{length} {key}={value}\n");
    }

    // Readers that understand the pax header ignore what is cut off or replaced here.
    private static void WriteText(Span<byte> field, string text)
    {
        for (var index = 0; index < Math.Min(field.Length, text.Length); index++)
            field[index] = text[index] < 0x80 ? (byte)text[index] : (byte)'?';
    }

    private static void WriteOctal(Span<byte> field, long value)
    {
        for (var index = field.Length - 2; index >= 0; index--, value >>= 3)
            field[index] = (byte)('0' + (value & 7));
        field[^1] = 0;
    }
}

using System.Formats.Tar;
using System.Text;

namespace Gantry.Testing;

/// <summary>A tar archive, valid or not, built entry by entry. The same entries give the same bytes.</summary>
public sealed class TestArchive
{
    private readonly MemoryStream _content = new();

    public TestArchive File(string name, ReadOnlySpan<byte> content) =>
        Add(
            name.Length > 100 ? new PaxTarEntry(TarEntryType.RegularFile, name) : new UstarTarEntry(TarEntryType.RegularFile, name),
            new MemoryStream(content.ToArray()));

    public TestArchive File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    public TestArchive Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) =>
        Add(new UstarTarEntry(type, name) { LinkName = target });

    public TestArchive Folder(string name) => Add(new UstarTarEntry(TarEntryType.Directory, name));

    public TestArchive Pipe(string name) => Add(new UstarTarEntry(TarEntryType.Fifo, name));

    /// <summary>Adds a file whose header has another size than its content.</summary>
    public TestArchive FileWithFalseSize(string name, ReadOnlySpan<byte> content, string octalSize)
    {
        var start = (int)_content.Length;
        var entry = new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content.ToArray()) };
        using (var writer = new TarWriter(_content, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(entry);
        _content.SetLength(_content.Length - 1024);
        _content.Position = _content.Length;

        var header = _content.GetBuffer().AsSpan(start, 512);
        Encoding.ASCII.GetBytes(octalSize.PadLeft(11, '0')).CopyTo(header[124..]);
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header)
            sum += value;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
        return this;
    }

    /// <summary>Returns the archive with its end marker.</summary>
    public byte[] ToArray() => [.. _content.ToArray(), .. new byte[1024]];

    private TestArchive Add(TarEntry entry, Stream? content = null)
    {
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        if (content is not null)
            entry.DataStream = content;
        using (var writer = new TarWriter(_content, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(entry);

        // Without the end marker of the writer, so that more entries can follow.
        _content.SetLength(_content.Length - 1024);
        _content.Position = _content.Length;
        return this;
    }
}

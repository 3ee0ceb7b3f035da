using System.Buffers.Binary;
using System.Text;

namespace Gantry.Images.StandIn;

/// <summary>What a program or library says of itself to the loader. 64-bit little-endian files only: all that .NET runs on here.</summary>
/// <seealso href="https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html">System V ABI, program loading and dynamic linking</seealso>
internal sealed record ElfFile
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int DynamicEntrySize = 16;
    private const uint Load = 1;
    private const uint Dynamic = 2;
    private const uint Interpreter = 3;
    private const long Needed = 1;
    private const long StringTable = 5;

    private ElfFile()
    {
    }

    /// <summary>The processor, as the ABI numbers it.</summary>
    public required int Machine { get; init; }

    /// <summary>The loader that a program asks for.</summary>
    public string? Loader { get; private init; }

    /// <summary>The libraries that must be loaded with this one.</summary>
    public required IReadOnlyList<string> NeededLibraries { get; init; }

    /// <summary>Reads a file; null when it is no such file.</summary>
    public static ElfFile? TryRead(string path)
    {
        using var file = File.OpenHandle(path);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) < HeaderSize || !header.StartsWith("\u007FELF\u0002\u0001"u8))
            return null;

        // Programs and libraries are far smaller than 2 GiB, and this reads the handful that a runtime consists of.
        var content = new byte[Math.Min(RandomAccess.GetLength(file), int.MaxValue - 1)];
        RandomAccess.Read(file, content, 0);
        try
        {
            return Read(content);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    private static ElfFile Read(ReadOnlySpan<byte> content)
    {
        var segments = ReadSegments(content);
        string? loader = null;
        IReadOnlyList<string> needed = [];
        foreach (var segment in segments)
        {
            if (segment.Type == Interpreter)
                loader = ReadString(content, segment.Offset);
            else if (segment.Type == Dynamic)
                needed = ReadNeeded(content, segment, segments);
        }

        return new ElfFile { Machine = BinaryPrimitives.ReadUInt16LittleEndian(content[18..]), Loader = loader, NeededLibraries = needed };
    }

    private static List<Segment> ReadSegments(ReadOnlySpan<byte> content)
    {
        var start = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(content[32..]));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(content[56..]);
        var segments = new List<Segment>();
        for (var index = 0; index < count; index++)
        {
            var header = content.Slice(start + (index * ProgramHeaderSize), ProgramHeaderSize);
            segments.Add(new Segment(
                BinaryPrimitives.ReadUInt32LittleEndian(header),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[8..])),
                BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]))));
        }

        return segments;
    }

    private static List<string> ReadNeeded(ReadOnlySpan<byte> content, Segment dynamic, List<Segment> segments)
    {
        var names = new List<int>();
        ulong strings = 0;
        var entries = content.Slice(dynamic.Offset, dynamic.Size);
        for (; entries.Length >= DynamicEntrySize; entries = entries[DynamicEntrySize..])
        {
            var tag = BinaryPrimitives.ReadInt64LittleEndian(entries);
            var value = BinaryPrimitives.ReadUInt64LittleEndian(entries[8..]);
            if (tag == Needed)
                names.Add(checked((int)value));
            else if (tag == StringTable)
                strings = value;
        }

        // The string table is named by its address in memory, which the segment that is loaded there translates.
        var segment = segments.Find(candidate => candidate.Type == Load && strings >= candidate.Address && strings < candidate.Address + (ulong)candidate.Size);
        if (segment is null)
            return [];

        var table = segment.Offset + (int)(strings - segment.Address);
        var needed = new List<string>();
        foreach (var name in names)
            needed.Add(ReadString(content, table + name));
        return needed;
    }

    private static string ReadString(ReadOnlySpan<byte> content, int offset)
    {
        var text = content[offset..];
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    private sealed record Segment(uint Type, int Offset, ulong Address, int Size);
}

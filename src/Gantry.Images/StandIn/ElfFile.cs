using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Images.StandIn;

/// <summary>The information of a program or library for the loader. 64-bit little-endian files only: all that .NET runs on here.</summary>
/// <seealso href="https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html">
/// System V ABI, program loading and dynamic linking
/// </seealso>
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
    private const long StringTableSize = 10;

    // Far more than any library has; a damaged file may contain any value.

    private ElfFile()
    {
    }

    /// <summary>The processor, by its number in the ABI.</summary>
    public required int Machine { get; init; }

    /// <summary>The loader that a program requests.</summary>
    public string? Loader { get; private init; }

    /// <summary>The libraries that must be loaded with this file.</summary>
    public required IReadOnlyList<string> NeededLibraries { get; init; }

    /// <summary>Reads this information from a file; returns null when it is not an ELF file.</summary>
    public static ElfFile? TryRead(string path)
    {
        using var file = File.OpenHandle(path);
        var header = ReadPart(file, 0, HeaderSize);
        if (header.Length < HeaderSize || !header.AsSpan().StartsWith("\u007FELF\u0002\u0001"u8))
            return null;

        var segments = ReadSegments(file, header);
        var interpreter = segments.Find(segment => segment.Type == Interpreter);
        var dynamic = segments.Find(segment => segment.Type == Dynamic);
        return new ElfFile
        {
            Machine = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(18)),
            Loader = interpreter is null ? null : ReadString(ReadPart(file, interpreter.Offset, interpreter.Size), 0),
            NeededLibraries = dynamic is null ? [] : ReadNeeded(file, dynamic, segments),
        };
    }

    private static List<Segment> ReadSegments(SafeFileHandle file, byte[] header)
    {
        var start = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(32));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        var table = ReadPart(file, start, (ulong)count * ProgramHeaderSize);
        var segments = new List<Segment>();
        for (var index = 0; index + ProgramHeaderSize <= table.Length; index += ProgramHeaderSize)
        {
            var entry = table.AsSpan(index, ProgramHeaderSize);
            segments.Add(new Segment(
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..])));
        }

        return segments;
    }

    private static List<string> ReadNeeded(SafeFileHandle file, Segment dynamic, List<Segment> segments)
    {
        var names = new List<ulong>();
        ulong address = 0;
        ulong size = 0;
        ReadOnlySpan<byte> entries = ReadPart(file, dynamic.Offset, dynamic.Size);
        for (; entries.Length >= DynamicEntrySize; entries = entries[DynamicEntrySize..])
        {
            var value = BinaryPrimitives.ReadUInt64LittleEndian(entries[8..]);
            switch (BinaryPrimitives.ReadInt64LittleEndian(entries))
            {
                case Needed:
                    names.Add(value);
                    break;
                case StringTable:
                    address = value;
                    break;
                case StringTableSize:
                    size = value;
                    break;
            }
        }

        // The string table is given by its address in memory; the segment that is loaded there gives its position in the file.
        if (segments.Find(segment =>
            segment.Type == Load && address >= segment.Address && address - segment.Address < segment.Size) is not { } loaded)
            return [];
        var strings = ReadPart(file, loaded.Offset + (address - loaded.Address), size);
        return [.. names.Where(name => name < (ulong)strings.Length).Select(name => ReadString(strings, (int)name))];
    }

    // Shorter than requested when the file ends before.
    private static byte[] ReadPart(SafeFileHandle file, ulong offset, ulong size)
    {
        if (size > Limits.LibraryPartBytes || offset > long.MaxValue - size)
            return [];
        var part = new byte[size];
        return part[..RandomAccess.Read(file, part, (long)offset)];
    }

    private static string ReadString(byte[] table, int offset)
    {
        var text = table.AsSpan(offset);
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    private sealed record Segment(uint Type, ulong Offset, ulong Address, ulong Size);
}

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gantry.Images.Compression;

/// <summary>
/// Finds earlier places with the same bytes: a chain for each hash of four bytes, and the last place for each hash of three.
/// </summary>
/// <remarks>Positions must be given in order, each once, to <see cref="Find"/> or <see cref="Skip"/>.</remarks>
internal sealed class MatchFinder
{
    /// <summary>The number of bytes that must follow a position that is given.</summary>
    public const int Lookahead = 8;

    private const int ChainHashBits = 15;
    private const int ShortHashBits = 13;
    private const uint HashFactor = 0x9E3779B1;
    private const int WindowMask = DeflateSymbols.MaxDistance - 1;

    // A copy of three bytes from further away costs more than three literals.
    private const int MaxShortDistance = 4096;

    private readonly int[] _chainHeads = new int[1 << ChainHashBits];
    private readonly int[] _shortHeads = new int[1 << ShortHashBits];
    private readonly int[] _previous = new int[DeflateSymbols.MaxDistance];

    /// <summary>Forgets all positions.</summary>
    public void Reset()
    {
        Array.Fill(_chainHeads, -DeflateSymbols.MaxDistance);
        Array.Fill(_shortHeads, -DeflateSymbols.MaxDistance);
    }

    /// <summary>Adds a position, and returns its longest match that is longer than another, or none.</summary>
    /// <param name="content">The content.</param>
    /// <param name="position">The position.</param>
    /// <param name="length">The length that a match must exceed; at least two.</param>
    /// <param name="depth">The number of places to look at.</param>
    /// <param name="goodLength">The length that ends the search.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Match Find(ReadOnlySpan<byte> content, int position, int length, int depth, int goodLength)
    {
        ref var start = ref MemoryMarshal.GetReference(content);
        var four = Load32(ref start, position);
        var candidate = AddToChain(four, position);
        var recent = AddShort(four, position);
        var oldest = position - DeflateSymbols.MaxDistance;
        var maxLength = Math.Min(DeflateSymbols.MaxLength, content.Length - position);
        var distance = 0;
        if (length >= maxLength)
            return default;

        if (length < DeflateSymbols.MinLength && recent > position - MaxShortDistance && recent >= 0)
        {
            if (((Load32(ref start, recent) ^ four) & 0xffffff) == 0)
                (length, distance) = (DeflateSymbols.MinLength, position - recent);
        }

        for (; candidate > oldest && candidate >= 0 && depth > 0; depth--)
        {
            // First the last four bytes that a longer match has to have: they differ more often than the first four.
            var tail = Math.Max(length - 3, 0);
            if (Load32(ref start, candidate + tail) == Load32(ref start, position + tail) && Load32(ref start, candidate) == four)
            {
                var extended = Extend(ref start, candidate, position, maxLength);
                if (extended > length)
                    (length, distance) = (extended, position - candidate);
                if (length >= goodLength || length == maxLength)
                    break;
            }

            candidate = Unsafe.Add(ref PreviousStart, candidate & WindowMask);
        }

        return new Match(length, distance);
    }

    /// <summary>Adds positions without a search.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Skip(ReadOnlySpan<byte> content, int position, int count)
    {
        ref var start = ref MemoryMarshal.GetReference(content);
        for (var end = Math.Min(position + count, content.Length - Lookahead); position < end; position++)
        {
            var four = Load32(ref start, position);
            AddToChain(four, position);
            AddShort(four, position);
        }
    }

    private ref int PreviousStart => ref MemoryMarshal.GetArrayDataReference(_previous);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AddToChain(uint four, int position)
    {
        var hash = (four * HashFactor) >> (32 - ChainHashBits);
        ref var head = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_chainHeads), (nint)hash);
        var before = head;
        head = position;
        Unsafe.Add(ref PreviousStart, position & WindowMask) = before;
        return before;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AddShort(uint four, int position)
    {
        var hash = ((four << 8) * HashFactor) >> (32 - ShortHashBits);
        ref var head = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_shortHeads), (nint)hash);
        var before = head;
        head = position;
        return before;
    }

    // Both places begin with the same four bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Extend(ref byte start, int candidate, int position, int maxLength)
    {
        var length = 4;
        for (; length + 8 <= maxLength; length += 8)
        {
            var difference = Load64(ref start, candidate + length) ^ Load64(ref start, position + length);
            if (difference != 0)
                return length + (BitOperations.TrailingZeroCount(difference) >> 3);
        }

        while (length < maxLength && Unsafe.Add(ref start, candidate + length) == Unsafe.Add(ref start, position + length))
            length++;
        return length;
    }

    // The lowest byte first on every processor: hashes decide which matches are found.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Load32(ref byte start, int position)
    {
        var value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, position));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load64(ref byte start, int position)
    {
        var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, position));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }
}

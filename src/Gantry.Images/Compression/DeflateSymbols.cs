using System.Runtime.CompilerServices;

namespace Gantry.Images.Compression;

/// <summary>The alphabets of deflate, and which symbol stands for a length or a distance.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5">RFC 1951, compressed blocks</seealso>
internal static class DeflateSymbols
{
    public const int MinLength = 3;
    public const int MaxLength = 258;
    public const int MaxDistance = 32 * 1024;

    /// <summary>The number of literals, of the end of a block, and of the symbols of lengths.</summary>
    public const int LiteralCount = 286;
    public const int DistanceCount = 30;
    public const int EndOfBlock = 256;

    private static readonly byte[] LengthSlots = Slots(LengthBase, MaxLength + 1);
    private static readonly byte[] NearSlots = Slots(DistanceBase, 257);

    public static ReadOnlySpan<ushort> LengthBase =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    public static ReadOnlySpan<byte> LengthExtraBits =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    public static ReadOnlySpan<ushort> DistanceBase =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289,
        16385, 24577,
    ];

    public static ReadOnlySpan<byte> DistanceExtraBits =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>Returns the slot of a length: 257 less than its symbol.</summary>
    public static int LengthSlot(int length) => LengthSlots[length];

    /// <summary>Returns the symbol of a distance. From 257 on, the bits above the lowest seven decide it, 14 symbols further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DistanceSymbol(int distance) => distance <= 256 ? NearSlots[distance] : NearSlots[((distance - 1) >> 7) + 1] + 14;

    private static byte[] Slots(ReadOnlySpan<ushort> bases, int count)
    {
        var slots = new byte[count];
        var slot = 0;
        for (var value = bases[0]; value < count; value++)
        {
            while (slot + 1 < bases.Length && bases[slot + 1] <= value)
                slot++;
            slots[value] = (byte)slot;
        }

        return slots;
    }
}

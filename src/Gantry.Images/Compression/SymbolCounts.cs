using System.Numerics;

namespace Gantry.Images.Compression;

/// <summary>Counts how often each symbol of deflate occurs.</summary>
internal sealed class SymbolCounts
{
    // Bits are counted in fractions of this many, as whole numbers: floating point may differ between processors.
    private const int FractionBits = 8;

    private static readonly ushort[] Fractions = CreateFractions();

    public int[] Literals { get; } = new int[DeflateSymbols.LiteralCount];

    public int[] Distances { get; } = new int[DeflateSymbols.DistanceCount];

    public void Add(SymbolCounts other)
    {
        for (var symbol = 0; symbol < Literals.Length; symbol++)
            Literals[symbol] += other.Literals[symbol];
        for (var symbol = 0; symbol < Distances.Length; symbol++)
            Distances[symbol] += other.Distances[symbol];
    }

    public void Clear()
    {
        Array.Clear(Literals);
        Array.Clear(Distances);
    }

    /// <summary>
    /// Estimates how many bits two groups of symbols save with a code each instead of one for both, without what the codes themselves take.
    /// </summary>
    public static long BitsSavedBySplitting(SymbolCounts first, SymbolCounts second) =>
        (Gain(first.Literals, second.Literals) + Gain(first.Distances, second.Distances)) >> FractionBits;

    private static long Gain(int[] first, int[] second)
    {
        long gain = 0;
        var firstTotal = 0;
        var secondTotal = 0;
        for (var symbol = 0; symbol < first.Length; symbol++)
        {
            var (one, other) = (first[symbol], second[symbol]);
            firstTotal += one;
            secondTotal += other;
            gain += Weight(one) + Weight(other) - Weight(one + other);
        }

        return gain + Weight(firstTotal + secondTotal) - Weight(firstTotal) - Weight(secondTotal);
    }

    // n log2(n)
    private static long Weight(int count)
    {
        if (count < 2)
            return 0;
        var exponent = BitOperations.Log2((uint)count);
        var mantissa = exponent >= FractionBits ? count >> (exponent - FractionBits) : count << (FractionBits - exponent);
        return (long)count * ((exponent << FractionBits) + Fractions[mantissa - (1 << FractionBits)]);
    }

    // The binary logarithm of 1 + n/256, in 256ths: digit by digit, by squaring.
    private static ushort[] CreateFractions()
    {
        var fractions = new ushort[1 << FractionBits];
        for (var index = 0; index < fractions.Length; index++)
        {
            const int Precision = 30;
            var value = (1UL << Precision) + ((ulong)index << (Precision - FractionBits));
            for (var digit = FractionBits - 1; digit >= 0; digit--)
            {
                value = (value * value) >> Precision;
                if (value < 2UL << Precision)
                    continue;
                value >>= 1;
                fractions[index] |= (ushort)(1 << digit);
            }
        }

        return fractions;
    }
}

namespace Gantry.Images.Compression;

/// <summary>Describes the codes of a block: the lengths of their words, with runs abbreviated.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7">RFC 1951, compression with dynamic Huffman codes</seealso>
internal sealed class CodeLengths
{
    private const int RepeatPrevious = 16;
    private const int RepeatZero = 17;
    private const int RepeatZeroLong = 18;
    private const int SymbolCount = 19;

    private readonly HuffmanCode _code = new(SymbolCount, 7);
    private readonly int[] _counts = new int[SymbolCount];
    private readonly byte[] _lengths = new byte[DeflateSymbols.LiteralCount + DeflateSymbols.DistanceCount];

    // Symbols, each with what its extra bits say.
    private readonly List<(int Symbol, int Extra)> _symbols = [];
    private int _literals;
    private int _distances;
    private int _ordered;

    private static ReadOnlySpan<byte> Order => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Gets the size of the description in bits.</summary>
    public int Bits { get; private set; }

    public void Build(ReadOnlySpan<byte> literals, ReadOnlySpan<byte> distances)
    {
        _literals = literals.LastIndexOfAnyExcept((byte)0) + 1;
        _distances = distances.LastIndexOfAnyExcept((byte)0) + 1;
        literals[.._literals].CopyTo(_lengths);
        distances[.._distances].CopyTo(_lengths.AsSpan(_literals));

        _symbols.Clear();
        Array.Clear(_counts);
        Abbreviate(_lengths.AsSpan(0, _literals + _distances));
        _code.Build(_counts);

        _ordered = SymbolCount;
        while (_ordered > 4 && _code.Lengths[Order[_ordered - 1]] == 0)
            _ordered--;

        Bits = 14 + 3 * _ordered;
        foreach (var (symbol, _) in _symbols)
            Bits += _code.Lengths[symbol] + ExtraBits(symbol);
    }

    public void Write(ref BitWriter writer)
    {
        writer.Write((uint)(_literals - 257), 5);
        writer.Write((uint)(_distances - 1), 5);
        writer.Write((uint)(_ordered - 4), 4);
        foreach (var symbol in Order[.._ordered])
            writer.Write(_code.Lengths[symbol], 3);
        foreach (var (symbol, extra) in _symbols)
        {
            writer.Write(_code.Words[symbol], _code.Lengths[symbol]);
            writer.Write((uint)extra, ExtraBits(symbol));
        }
    }

    private static int ExtraBits(int symbol) => symbol switch
    {
        RepeatPrevious => 2,
        RepeatZero => 3,
        RepeatZeroLong => 7,
        _ => 0,
    };

    private void Abbreviate(ReadOnlySpan<byte> lengths)
    {
        while (!lengths.IsEmpty)
        {
            var value = lengths[0];
            var run = lengths.IndexOfAnyExcept(value) is >= 0 and var end ? end : lengths.Length;
            lengths = lengths[run..];
            if (value == 0)
                AddZeros(run);
            else
                AddRun(value, run);
        }
    }

    private void AddZeros(int run)
    {
        for (; run >= 11; run -= Math.Min(run, 138))
            Add(RepeatZeroLong, Math.Min(run, 138) - 11);
        if (run >= 3)
            Add(RepeatZero, run - 3);
        else
            AddEach(0, run);
    }

    private void AddRun(int value, int run)
    {
        Add(value, 0);
        for (run--; run >= 3; run -= Math.Min(run, 6))
            Add(RepeatPrevious, Math.Min(run, 6) - 3);
        AddEach(value, run);
    }

    private void AddEach(int value, int count)
    {
        for (; count > 0; count--)
            Add(value, 0);
    }

    private void Add(int symbol, int extra)
    {
        _symbols.Add((symbol, extra));
        _counts[symbol]++;
    }
}

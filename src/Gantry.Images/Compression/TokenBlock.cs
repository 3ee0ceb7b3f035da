namespace Gantry.Images.Compression;

/// <summary>Literals and matches, and how often each symbol occurs among them.</summary>
internal sealed class TokenBlock
{
    private const int DistanceBits = 16;

    private readonly uint[] _tokens;
    private int _count;

    public TokenBlock(int capacity) => _tokens = new uint[capacity];

    /// <summary>Gets literals as their byte, and matches as length and distance.</summary>
    public ReadOnlySpan<uint> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>Gets how often each symbol occurs.</summary>
    public SymbolCounts Counts { get; } = new();

    /// <summary>Gets the number of bytes that the tokens stand for.</summary>
    public int ContentLength { get; private set; }

    public bool IsEmpty => _count == 0;

    public bool IsFull => _count == _tokens.Length;

    public static int Length(uint token) => (int)(token >> DistanceBits);

    public static int Distance(uint token) => (int)(token & ((1 << DistanceBits) - 1));

    public void AddLiteral(byte value)
    {
        _tokens[_count++] = value;
        Counts.Literals[value]++;
        ContentLength++;
    }

    public void AddMatch(Match match)
    {
        _tokens[_count++] = ((uint)match.Length << DistanceBits) | (uint)match.Distance;
        Counts.Literals[DeflateSymbols.EndOfBlock + 1 + DeflateSymbols.LengthSlot(match.Length)]++;
        Counts.Distances[DeflateSymbols.DistanceSymbol(match.Distance)]++;
        ContentLength += match.Length;
    }

    /// <summary>Adds the tokens of another block, which has to fit.</summary>
    public void Append(TokenBlock other)
    {
        other.Tokens.CopyTo(_tokens.AsSpan(_count));
        _count += other._count;
        Counts.Add(other.Counts);
        ContentLength += other.ContentLength;
    }

    public void Clear()
    {
        _count = 0;
        Counts.Clear();
        ContentLength = 0;
    }
}

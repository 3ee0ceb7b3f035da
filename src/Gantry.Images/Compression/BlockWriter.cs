namespace Gantry.Images.Compression;

/// <summary>Writes blocks with codes of their own, or as they are where that is shorter.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7">RFC 1951, compression with dynamic Huffman codes</seealso>
internal sealed class BlockWriter
{
    private const int MaxStored = 0xffff;

    private readonly HuffmanCode _literals = new(DeflateSymbols.LiteralCount, 15);
    private readonly HuffmanCode _distances = new(DeflateSymbols.DistanceCount, 15);
    private readonly CodeLengths _codeLengths = new();

    // The word of each length with its extra bits, and how many bits that are.
    private readonly uint[] _lengthWords = new uint[DeflateSymbols.MaxLength + 1];
    private readonly byte[] _lengthBits = new byte[DeflateSymbols.MaxLength + 1];

    /// <summary>Returns the number of bytes that is always enough for content.</summary>
    public static int MaxSize(int contentLength) => contentLength + 8 * (contentLength / MaxStored + 1) + 64;

    /// <summary>Writes a block.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="block">The tokens.</param>
    /// <param name="content">What the tokens stand for.</param>
    /// <param name="isLast">True when no block follows.</param>
    public void Write(ref BitWriter writer, TokenBlock block, ReadOnlySpan<byte> content, bool isLast)
    {
        block.Counts.Literals[DeflateSymbols.EndOfBlock] = 1;
        _literals.Build(block.Counts.Literals);
        _distances.Build(block.Counts.Distances);
        _codeLengths.Build(_literals.Lengths, _distances.Lengths);

        if (StoredBits(writer.PendingBits, content.Length) <= CompressedBits(block.Counts))
        {
            WriteStored(ref writer, content, isLast);
            return;
        }

        writer.Write(isLast ? 0b101u : 0b100u, 3);
        _codeLengths.Write(ref writer);
        PrepareLengths();
        WriteTokens(ref writer, block.Tokens);
        writer.Write(_literals.Words[DeflateSymbols.EndOfBlock], _literals.Lengths[DeflateSymbols.EndOfBlock]);
    }

    private static long StoredBits(int pendingBits, int length)
    {
        var blocks = length / MaxStored + 1;
        return 8L * length + 40L * blocks - pendingBits;
    }

    private long CompressedBits(SymbolCounts counts)
    {
        long bits = 3 + _codeLengths.Bits;
        for (var symbol = 0; symbol <= DeflateSymbols.EndOfBlock; symbol++)
            bits += (long)counts.Literals[symbol] * _literals.Lengths[symbol];
        for (var slot = 0; slot < DeflateSymbols.LengthExtraBits.Length; slot++)
        {
            var symbol = DeflateSymbols.EndOfBlock + 1 + slot;
            bits += (long)counts.Literals[symbol] * (_literals.Lengths[symbol] + DeflateSymbols.LengthExtraBits[slot]);
        }

        for (var symbol = 0; symbol < DeflateSymbols.DistanceCount; symbol++)
            bits += (long)counts.Distances[symbol] * (_distances.Lengths[symbol] + DeflateSymbols.DistanceExtraBits[symbol]);
        return bits;
    }

    private static void WriteStored(ref BitWriter writer, ReadOnlySpan<byte> content, bool isLast)
    {
        do
        {
            var part = content[..Math.Min(content.Length, MaxStored)];
            content = content[part.Length..];
            writer.Write(isLast && content.IsEmpty ? 1u : 0u, 3);
            writer.Align();
            writer.Write((uint)part.Length | (uint)~part.Length << 16, 32);
            writer.Write(part);
        }
        while (!content.IsEmpty);
    }

    private void PrepareLengths()
    {
        var words = _literals.Words[(DeflateSymbols.EndOfBlock + 1)..];
        var bits = _literals.Lengths[(DeflateSymbols.EndOfBlock + 1)..];
        for (var length = DeflateSymbols.MinLength; length <= DeflateSymbols.MaxLength; length++)
        {
            var slot = DeflateSymbols.LengthSlot(length);
            var extra = (uint)(length - DeflateSymbols.LengthBase[slot]);
            _lengthWords[length] = words[slot] | (extra << bits[slot]);
            _lengthBits[length] = (byte)(bits[slot] + DeflateSymbols.LengthExtraBits[slot]);
        }
    }

    private void WriteTokens(ref BitWriter writer, ReadOnlySpan<uint> tokens)
    {
        var literalWords = _literals.Words;
        var literalBits = _literals.Lengths;
        foreach (var token in tokens)
        {
            var length = TokenBlock.Length(token);
            if (length == 0)
            {
                writer.Add(literalWords[(int)token], literalBits[(int)token]);
            }
            else
            {
                var distance = TokenBlock.Distance(token);
                var symbol = DeflateSymbols.DistanceSymbol(distance);
                var bits = _distances.Lengths[symbol];
                var extra = (uint)(distance - DeflateSymbols.DistanceBase[symbol]);
                var word = _distances.Words[symbol] | (extra << bits);
                writer.Add(
                    _lengthWords[length] | ((ulong)word << _lengthBits[length]),
                    _lengthBits[length] + bits + DeflateSymbols.DistanceExtraBits[symbol]);
            }

            writer.Flush();
        }
    }
}

using System.Numerics;

namespace Gantry.Images.Compression;

/// <summary>
/// Compresses with deflate: the bytes depend on the content alone, not on the processor, the operating system or the runtime. Uses whole
/// numbers only, and no choice depends on time, threads or addresses.
/// </summary>
/// <remarks>An instance is for one thread at a time, and can be used again.</remarks>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc1951">RFC 1951, DEFLATE compressed data format</seealso>
internal sealed class DeflateEncoder
{
    // Symbols are counted in groups; a group that has another mixture than the block before it begins a new one.
    private const int GroupTokens = 4096;
    private const int BlockTokens = 16 * GroupTokens;

    // What another description of codes costs.
    private const int DescriptionBits = 600;

    // Measured with assemblies (bench/README.md): four times the depth shrinks them by one percent more and takes a quarter longer.
    private const int Depth = 6;
    private const int LazyDepth = 3;

    // A match of this length is taken without looking for a better one.
    private const int GoodLength = 32;

    private readonly MatchFinder _finder = new();
    private readonly BlockWriter _writer = new();
    private readonly TokenBlock _group = new(GroupTokens);
    private readonly TokenBlock _block = new(BlockTokens);

    /// <summary>Returns the number of bytes that <see cref="Encode"/> needs at most.</summary>
    public static int MaxSize(int contentLength) => BlockWriter.MaxSize(contentLength);

    /// <summary>Compresses content, and returns the number of bytes that were written.</summary>
    /// <param name="content">The content.</param>
    /// <param name="output">The place for <see cref="MaxSize"/> bytes.</param>
    public int Encode(ReadOnlySpan<byte> content, Span<byte> output)
    {
        var blocks = new Blocks(content, output);
        _finder.Reset();
        _group.Clear();
        _block.Clear();

        var position = 0;
        while (position < content.Length - MatchFinder.Lookahead)
            position = EncodeNext(ref blocks, position);
        while (position < content.Length)
            AddLiteral(ref blocks, position++);

        EndGroup(ref blocks);
        WriteBlock(ref blocks, isLast: true);
        blocks.Writer.Align();
        return blocks.Writer.Position;
    }

    // Adds literals as long as the place after them has a better match, then the match; returns the position after it.
    private int EncodeNext(ref Blocks blocks, int position)
    {
        var match = _finder.Find(blocks.Content, position, DeflateSymbols.MinLength - 1, Depth, GoodLength);
        if (match.Distance == 0)
        {
            AddLiteral(ref blocks, position);
            return position + 1;
        }

        var next = position + 1;
        while (match.Length < GoodLength && next < blocks.Content.Length - MatchFinder.Lookahead)
        {
            var shortest = Math.Max(DeflateSymbols.MinLength, match.Length);
            var later = _finder.Find(blocks.Content, next++, shortest - 1, LazyDepth, GoodLength);
            if (later.Distance == 0 || !IsBetter(later, match))
                break;
            AddLiteral(ref blocks, position++);
            match = later;
        }

        _group.AddMatch(match);
        if (_group.IsFull)
            EndGroup(ref blocks);
        _finder.Skip(blocks.Content, next, position + match.Length - next);
        return position + match.Length;
    }

    // A literal in front costs some bits, and so does a greater distance.
    private static bool IsBetter(Match later, Match match) =>
        4 * (later.Length - match.Length) + Log2(match.Distance) - Log2(later.Distance) > 2;

    private static int Log2(int value) => BitOperations.Log2((uint)value);

    private void AddLiteral(ref Blocks blocks, int position)
    {
        _group.AddLiteral(blocks.Content[position]);
        if (_group.IsFull)
            EndGroup(ref blocks);
    }

    private void EndGroup(ref Blocks blocks)
    {
        if (_block.IsFull || (!_block.IsEmpty && SymbolCounts.BitsSavedBySplitting(_block.Counts, _group.Counts) > DescriptionBits))
            WriteBlock(ref blocks, isLast: false);
        _block.Append(_group);
        _group.Clear();
    }

    private void WriteBlock(ref Blocks blocks, bool isLast)
    {
        _writer.Write(ref blocks.Writer, _block, blocks.Content.Slice(blocks.Written, _block.ContentLength), isLast);
        blocks.Written += _block.ContentLength;
        _block.Clear();
    }

    private ref struct Blocks(ReadOnlySpan<byte> content, Span<byte> output)
    {
        public readonly ReadOnlySpan<byte> Content = content;

        public BitWriter Writer = new(output);

        // The number of bytes of the content that are in blocks.
        public int Written;
    }
}

namespace Gantry.Images.Compression;

/// <summary>A prefix code with a limit on the length of its words, made from how often each symbol occurs.</summary>
/// <remarks>Whole numbers only, and ties are decided by the symbol: the same counts give the same code everywhere.</remarks>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2">RFC 1951, use of Huffman coding</seealso>
internal sealed class HuffmanCode
{
    private const int SymbolBits = 9;

    private readonly byte[] _lengths;
    private readonly ushort[] _words;
    private readonly uint[] _weights;
    private readonly int[] _sorted;
    private readonly int _maxLength;

    public HuffmanCode(int symbols, int maxLength)
    {
        _lengths = new byte[symbols];
        _words = new ushort[symbols];
        _weights = new uint[symbols];
        _sorted = new int[symbols];
        _maxLength = maxLength;
    }

    /// <summary>Gets the length of each symbol's word in bits; 0 for a symbol that does not occur.</summary>
    public ReadOnlySpan<byte> Lengths => _lengths;

    /// <summary>Gets each symbol's word, its bits in the order in which they are written.</summary>
    public ReadOnlySpan<ushort> Words => _words;

    /// <summary>Makes the code. A code of fewer than two symbols gets a second one: decoders refuse incomplete codes.</summary>
    public void Build(ReadOnlySpan<int> counts)
    {
        Array.Clear(_lengths);
        var used = Sort(counts);
        if (used < 2)
        {
            var only = used == 1 ? _sorted[0] & ((1 << SymbolBits) - 1) : 0;
            _lengths[only] = 1;
            _lengths[only == 0 ? 1 : 0] = 1;
        }
        else
        {
            AssignLengths(used);
        }

        AssignWords();
    }

    // The symbols that occur, the rarest first; each with its count, so that numbers are sorted.
    private int Sort(ReadOnlySpan<int> counts)
    {
        var used = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] > 0)
                _sorted[used++] = (counts[symbol] << SymbolBits) | symbol;
        }

        _sorted.AsSpan(0, used).Sort();
        return used;
    }

    // Moffat and Katajainen, "In-place calculation of minimum-redundancy codes": weights become parents, then depths.
    private void AssignLengths(int used)
    {
        var nodes = _weights.AsSpan(0, used);
        for (var index = 0; index < used; index++)
            nodes[index] = (uint)_sorted[index] >> SymbolBits;

        var leaf = 0;
        var root = 0;
        for (var next = 0; next < used - 1; next++)
        {
            nodes[next] = TakeLightest(nodes, ref leaf, ref root, next) + TakeLightest(nodes, ref leaf, ref root, next);
        }

        Span<int> wordsOfLength = stackalloc int[_maxLength + 1];
        CountLengths(nodes, wordsOfLength);

        var symbol = 0;
        for (var length = _maxLength; length > 0; length--)
        {
            for (var count = wordsOfLength[length]; count > 0; count--)
                _lengths[_sorted[symbol++] & ((1 << SymbolBits) - 1)] = (byte)length;
        }
    }

    private static uint TakeLightest(Span<uint> nodes, ref int leaf, ref int root, int next)
    {
        if (leaf < nodes.Length && (root == next || nodes[leaf] <= nodes[root]))
            return nodes[leaf++];
        var weight = nodes[root];
        nodes[root++] = (uint)next;
        return weight;
    }

    private void CountLengths(Span<uint> parents, Span<int> wordsOfLength)
    {
        // Inner nodes from the root down: each depth is one more than its parent's.
        var inner = parents.Length - 2;
        parents[inner] = 0;
        for (var node = inner - 1; node >= 0; node--)
            parents[node] = parents[(int)parents[node]] + 1;

        // What is not an inner node at some depth is a leaf. Those that are too deep are put at the limit.
        var available = 1;
        var last = inner;
        for (uint depth = 0; available > 0; depth++)
        {
            var innerNodes = 0;
            for (; last >= 0 && parents[last] == depth; last--)
                innerNodes++;
            wordsOfLength[Math.Min((int)depth, _maxLength)] += available - innerNodes;
            available = 2 * innerNodes;
        }

        // In units of the longest word, a word of length n takes 2^(limit - n) of 2^limit. What is too much is taken back by
        // making a word longer whose length is below the limit.
        var taken = 0;
        for (var length = 1; length <= _maxLength; length++)
            taken += wordsOfLength[length] << (_maxLength - length);
        for (; taken > 1 << _maxLength; taken--)
        {
            var length = _maxLength - 1;
            while (wordsOfLength[length] == 0)
                length--;
            wordsOfLength[length]--;
            wordsOfLength[length + 1] += 2;
            wordsOfLength[_maxLength]--;
        }
    }

    private void AssignWords()
    {
        Span<int> next = stackalloc int[_maxLength + 2];
        foreach (var length in _lengths)
            next[length + 1]++;
        next[1] = 0;
        for (var length = 1; length <= _maxLength; length++)
            next[length + 1] = (next[length + 1] + next[length]) << 1;

        for (var symbol = 0; symbol < _lengths.Length; symbol++)
        {
            var length = _lengths[symbol];
            if (length > 0)
                _words[symbol] = Reverse(next[length]++, length);
        }
    }

    private static ushort Reverse(int word, int length)
    {
        var reversed = 0;
        for (var bit = 0; bit < length; bit++, word >>= 1)
            reversed = (reversed << 1) | (word & 1);
        return (ushort)reversed;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Gantry.Images.Tests.Compression;

/// <summary>Content of several kinds, the same on every machine.</summary>
internal static class SampleContent
{
    private const int Size = 700_000;

    public static TheoryData<string> Names => ["nothing", "a byte", "zeros", "a period of 3", "random", "text", "records", "mixed"];

    public static byte[] Create(string name) => name switch
    {
        "nothing" => [],
        "a byte" => [42],
        "zeros" => new byte[Size],
        "a period of 3" => [.. Enumerable.Range(0, Size).Select(index => (byte)(index % 3))],
        "random" => Random(Size),
        "text" => Text(),
        "records" => Records(),
        "mixed" => [.. Text()[..200_000], .. Random(200_000), .. new byte[70_000], .. Records()[..200_000]],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static byte[] Random(int size)
    {
        var numbers = new Numbers();
        var content = new byte[size];
        for (var index = 0; index < size; index++)
            content[index] = (byte)numbers.Next(256);
        return content;
    }

    // Words, the first ones more often than the last.
    private static byte[] Text()
    {
        var numbers = new Numbers();
        var words = Enumerable.Range(0, 2000)
            .Select(_ => string.Concat(Enumerable.Range(0, 2 + numbers.Next(8)).Select(_ => (char)('a' + numbers.Next(26)))))
            .ToArray();
        var text = new StringBuilder();
        while (text.Length < Size)
            text.Append(words[numbers.Next(1 + numbers.Next(words.Length))]).Append(numbers.Next(12) == 0 ? ".\n" : " ");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    // Rows of numbers that grow, as in the tables of an assembly.
    private static byte[] Records()
    {
        var numbers = new Numbers();
        var content = new byte[Size / 14 * 14];
        for (var (row, at) = (0, 0); at < content.Length; row++, at += 14)
        {
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(at), row * 40 + numbers.Next(30));
            BinaryPrimitives.WriteInt16LittleEndian(content.AsSpan(at + 4), (short)numbers.Next(6));
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(at + 6), row / 3);
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(at + 10), numbers.Next(1000));
        }

        return content;
    }

    // xorshift32: System.Random may change.
    private sealed class Numbers
    {
        private uint _state = 2_463_534_242;

        public int Next(int limit)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)limit);
        }
    }
}

using System.Buffers.Binary;

namespace Fuzzing.Tests;

/// <summary>Makes an input of a case of the corpus: almost valid input reaches deeper than arbitrary input.</summary>
internal static class Mutation
{
    // What parsers of text, JSON and numbers often forget.
    private static readonly byte[][] s_tokens =
    [
        .. new[]
        {
            "null", "[]", "{}", "[null]", "{\"a\":null}", "true", "-1", "0", "1e999", "18446744073709551615",
            "\"\"", "\"\\ud800\"", "\"\\u0000\"",
            ":", "/", "@", "..", "../", "//", "\\", "\0", "\r\n", "\n", "\t", " ", "\u001b[2J", "\u202e", "\ufeff", "é", "😀", "%",
            "%00", "%2f",
            "$", "${", "}", "${a:-", "*", "**", "?", "[", "]", "!", "#", "'", "\"", ",", ";", "=", "<", ">", "&", "|", "sha256:", "sha512:",
            "latest", "localhost", "[::1]", "http://", "https://", "oci:", "oci-archive:", "99999999999999999999",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
        [0xFF], [0xFF, 0xFE], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x1F, 0x8B], [0x80, 0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF], new byte[512],
    ];

    /// <summary>Returns a changed case; the same seed gives the same input.</summary>
    public static byte[] Create(IReadOnlyList<byte[]> corpus, uint seed)
    {
        var random = new Random((int)seed);
        var input = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (var changes = 1 + (int)Math.Pow(random.NextDouble() * 3, 2); changes > 0; changes--)
            Change(input, corpus, random);
        return [.. input];
    }

    private static void Change(List<byte> input, IReadOnlyList<byte[]> corpus, Random random)
    {
        var at = random.Next(input.Count + 1);
        var length = Math.Min(1 << random.Next(10), input.Count - at);
        switch (random.Next(8))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 4 when input.Count - at >= 8:
                WriteNumber(input, at, random);
                break;
            case 5:
                var other = corpus[random.Next(corpus.Count)];
                var from = random.Next(other.Length + 1);
                input.InsertRange(at, other[from..Math.Min(other.Length, from + (1 << random.Next(12)))]);
                break;
            case 6:
                var token = s_tokens[random.Next(s_tokens.Length)];
                input.RemoveRange(at, Math.Min(random.Next(3) * token.Length, input.Count - at));
                var times = random.Next(20) == 0 ? 8192 / token.Length : 1;
                input.InsertRange(at, Enumerable.Repeat(token, times).SelectMany(bytes => bytes));
                break;
            default:
                input.InsertRange(at, s_tokens[random.Next(s_tokens.Length)]);
                break;
        }
    }

    private static void WriteNumber(List<byte> input, int at, Random random)
    {
        long[] numbers = [0, 1, -1, int.MaxValue, int.MinValue, long.MaxValue, uint.MaxValue, 1L << random.Next(63)];
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, numbers[random.Next(numbers.Length)]);
        if (random.Next(2) == 0)
            bytes.Reverse();
        for (var index = 0; index < bytes.Length; index++)
            input[at + index] = bytes[index];
    }
}

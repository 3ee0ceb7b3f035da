using System.Text;

namespace Gantry.Images.Comparison;

/// <summary>The first byte in which two contents differ, with what is around it.</summary>
/// <param name="Offset">The offset of the byte.</param>
/// <param name="Expected">The bytes around it, as text or in hexadecimal; <c>the end</c> when the content has ended.</param>
/// <param name="Actual">The same of the other content.</param>
/// <param name="Hint">The usual cause; null when none is known.</param>
internal sealed record ContentDifference(long Offset, string Expected, string Actual, string? Hint)
{
    private const int BufferSize = 64 * 1024;
    private const int Before = 16;
    private const int After = 32;
    private const int HexadecimalBytes = 8;

    /// <summary>Compares two streams; returns null when they have the same bytes.</summary>
    public static async Task<ContentDifference?> FindAsync(Stream expected, Stream actual, CancellationToken cancellationToken)
    {
        var (one, other) = (new byte[BufferSize], new byte[BufferSize]);
        byte[] head = [];
        for (long start = 0; ; start += BufferSize)
        {
            var oneCount = await expected.ReadAtLeastAsync(one, BufferSize, throwOnEndOfStream: false, cancellationToken);
            var otherCount = await actual.ReadAtLeastAsync(other, BufferSize, throwOnEndOfStream: false, cancellationToken);
            if (start == 0)
                head = one[..Math.Min(oneCount, 4)];
            var index = one.AsSpan(0, oneCount).CommonPrefixLength(other.AsSpan(0, otherCount));
            if (index < oneCount || index < otherCount)
                return Describe(start + index, Around(one, oneCount, index), Around(other, otherCount, index), index, head);
            if (oneCount < BufferSize)
                return null;
        }
    }

    // The bytes before the difference are the same in both, as far as they are in this buffer.
    private static byte[] Around(byte[] buffer, int count, int index) =>
        buffer[Math.Min(count, Math.Max(0, index - Before))..Math.Min(count, index + After)];

    private static ContentDifference Describe(long offset, byte[] expected, byte[] actual, int index, byte[] head)
    {
        var shared = Math.Min(Before, index);
        var isText = IsText(expected) && IsText(actual);
        return new ContentDifference(
            offset,
            isText ? Text(expected, shared) : Hexadecimal(expected, shared),
            isText ? Text(actual, shared) : Hexadecimal(actual, shared),
            DifferenceHints.Find(offset, head, isText ? (Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(actual)) : null));
    }

    // A character of UTF-8 may be cut at the borders, so that only control characters make a content binary.
    private static bool IsText(byte[] bytes) => bytes.All(value => value is >= 0x20 and not 0x7f or (byte)'\t' or (byte)'\n' or (byte)'\r')
        && bytes.Count(value => value >= 0x80) <= bytes.Length / 4;

    private static string Text(byte[] bytes, int shared) => bytes.Length <= shared
        ? "the end"
        : $"'{DisplayText.Neutralize(Encoding.UTF8.GetString(bytes))}'";

    private static string Hexadecimal(byte[] bytes, int shared) => bytes.Length <= shared
        ? "the end"
        : Convert.ToHexStringLower(bytes.AsSpan(shared, Math.Min(HexadecimalBytes, bytes.Length - shared)));
}

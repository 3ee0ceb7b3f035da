using System.Text.RegularExpressions;

namespace Gantry.Images.Comparison;

/// <summary>Names the usual cause of a difference in the content of a file, from what is around the first byte that differs.</summary>
internal static partial class DifferenceHints
{
    /// <summary>Returns the usual cause as the rest of a sentence in parentheses; null when none is known.</summary>
    /// <param name="offset">The offset of the first byte that differs.</param>
    /// <param name="head">The first four bytes of the file.</param>
    /// <param name="texts">What is around the byte in both files, when it is text.</param>
    public static string? Find(long offset, ReadOnlySpan<byte> head, (string Expected, string Actual)? texts) => head switch
    {
        [(byte)'M', (byte)'Z', ..] => "an assembly: other sources, another compiler or SDK, or paths of the machine",
        [(byte)'B', (byte)'S', (byte)'J', (byte)'B'] => "symbols: other sources, another compiler or SDK, or paths of the machine",
        [0x1f, 0x8b, ..] => offset is >= 4 and < 8 ? "the time in the header of a gzip file" : "a gzip file: other content or another zlib",
        [(byte)'P', (byte)'K', ..] => "a zip file: the times of its entries, or other content",
        [0x7f, (byte)'E', (byte)'L', (byte)'F'] => "a program: other sources or another compiler",
        _ when texts is var (expected, actual) => FindInText(expected, actual),
        _ => null,
    };

    private static string? FindInText(string expected, string actual)
    {
        if (expected.Contains('\r', StringComparison.Ordinal) != actual.Contains('\r', StringComparison.Ordinal))
            return "line endings: a working copy has CRLF, the other one LF";
        if (Time().IsMatch(expected) && Time().IsMatch(actual))
            return "a date or a time";
        return Folder().IsMatch(expected) && Folder().IsMatch(actual) ? "a path of the machine" : null;
    }

    [GeneratedRegex(
        @"\d{4}-\d\d|\d\d:\d\d|\d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Time();

    [GeneratedRegex(
        @"/(home|Users|tmp|root|builds?|agent|work)/|[A-Za-z]:\\",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Folder();
}

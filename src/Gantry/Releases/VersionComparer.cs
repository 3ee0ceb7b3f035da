namespace Gantry.Releases;

/// <summary>Compares versions: numbers by their value, so that 1.10.0 comes after 1.9.0; everything else by its characters.</summary>
internal sealed class VersionComparer : IComparer<string>
{
    public static VersionComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        while (left.Length > 0 && right.Length > 0)
        {
            var a = Take(ref left);
            var b = Take(ref right);
            var difference = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]) ? CompareNumbers(a, b) : a.SequenceCompareTo(b);
            if (difference != 0)
                return difference;
        }

        return left.Length - right.Length;
    }

    // Takes the leading digits, or the leading other characters.
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text)
    {
        var isNumber = char.IsAsciiDigit(text[0]);
        var length = 1;
        while (length < text.Length && char.IsAsciiDigit(text[length]) == isNumber)
            length++;
        var taken = text[..length];
        text = text[length..];
        return taken;
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
    }
}

namespace Gantry.Cli.Images;

/// <summary>
/// Orders tags as people read them: 1.9 before 1.10, 2.0.0-rc.1 before 2.0.0 (SemVer 2.0.0, section 11), and everything else by its
/// characters.
/// </summary>
internal sealed class TagOrder : IComparer<string>
{
    private TagOrder()
    {
    }

    /// <summary>The order.</summary>
    public static TagOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (x ?? "", y ?? "");
        var (i, j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            var (first, second) = (Take(left, ref i), Take(right, ref j));
            var order = char.IsAsciiDigit(first[0]) && char.IsAsciiDigit(second[0])
                ? CompareNumbers(first, second)
                : string.CompareOrdinal(first, second);
            if (order != 0)
                return order;
        }

        // What follows a version belongs to a prerelease of it.
        if (i == left.Length && j < right.Length && right[j] == '-' && IsVersion(left))
            return 1;
        if (j == right.Length && i < left.Length && left[i] == '-' && IsVersion(right))
            return -1;

        // What is left of one is longer. Equal numbers can have zeros before them.
        var rest = (left.Length - i).CompareTo(right.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    // Also a part of one, as tags often have it: 1.2, v3.
    private static bool IsVersion(string text) =>
        (text.StartsWith('v') ? text[1..] : text).Split('.').All(part => part.Length > 0 && part.All(char.IsAsciiDigit));

    private static string Take(string text, ref int at)
    {
        var start = at;
        var isNumber = char.IsAsciiDigit(text[at]);
        while (at < text.Length && char.IsAsciiDigit(text[at]) == isNumber)
            at++;
        return text[start..at];
    }

    private static int CompareNumbers(string first, string second)
    {
        var (x, y) = (first.TrimStart('0'), second.TrimStart('0'));
        return x.Length != y.Length ? x.Length.CompareTo(y.Length) : string.CompareOrdinal(x, y);
    }
}

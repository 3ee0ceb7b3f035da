namespace Gantry.Cli;

/// <summary>Finds the name that was probably meant.</summary>
internal static class TypoFinder
{
    private const int LongestName = 40;

    /// <summary>Returns the name that is closest to a text; null when none is close.</summary>
    /// <param name="text">The text that was typed.</param>
    /// <param name="names">The known names.</param>
    public static string? Find(string text, IEnumerable<string> names)
    {
        var typed = text.ToLowerInvariant();
        if (typed.Length > LongestName)
            return null;
        var (name, distance) = names
            .Select(name => (Name: name, Distance: Measure(typed, name.ToLowerInvariant())))
            .OrderBy(each => each.Distance)
            .ThenBy(each => each.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return name is not null && distance <= Tolerance(typed) ? name : null;
    }

    // A third of the letters may differ; a short name is another name soon.
    private static int Tolerance(string typed) => Math.Max(1, typed.Trim('-').Length / 3);

    // The number of letters to add, remove, replace or swap with their neighbour. The beginning of a name is close to it.
    private static int Measure(string typed, string name)
    {
        const int LeastBeginning = 3;
        if (typed.Trim('-').Length >= LeastBeginning && name.StartsWith(typed, StringComparison.Ordinal))
            return 0;
        var rows = new int[typed.Length + 1, name.Length + 1];
        for (var i = 0; i <= typed.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= name.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= typed.Length; i++)
        {
            for (var j = 1; j <= name.Length; j++)
            {
                var cost = typed[i - 1] == name[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && typed[i - 1] == name[j - 2] && typed[i - 2] == name[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[typed.Length, name.Length];
    }
}

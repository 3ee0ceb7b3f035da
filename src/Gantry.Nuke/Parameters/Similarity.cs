namespace Gantry.Nuke.Parameters;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Similarity
{
    /// <summary>Returns the nearest candidate, when at most a third of its letters differ; otherwise null.</summary>
    public static string? Nearest(string text, IEnumerable<string> candidates) => candidates
        .Select(candidate => (Candidate: candidate, Distance: Distance(CommandLine.Normal(text), CommandLine.Normal(candidate))))
        .Where(pair => pair.Distance * 3 <= pair.Candidate.Length)
        .OrderBy(pair => pair.Distance)
        .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
        .Select(pair => pair.Candidate)
        .FirstOrDefault();

    // Levenshtein, row by row.
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }

        return previous[b.Length];
    }
}

using System.Text;

namespace VerifyTests;

/// <summary>Two texts as lines that are in one of them only, with some lines around.</summary>
internal static class TextDifference
{
    private const int Context = 3;
    private const int MaximumCells = 4_000_000;

    public static string Format(string verified, string received)
    {
        var lines = Compare(verified.Split('\n'), received.Split('\n'));
        var text = new StringBuilder("- verified\n+ received\n\n");
        var shownUntil = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            var isNearChange = Enumerable.Range(Math.Max(0, i - Context), Context * 2 + 1)
                .Any(x => x < lines.Count && lines[x].Sign != ' ');
            if (!isNearChange)
                continue;
            if (shownUntil != i - 1)
                text.Append("  ...\n");
            text.Append(lines[i].Sign).Append(' ').Append(lines[i].Text).Append('\n');
            shownUntil = i;
        }

        return text.ToString();
    }

    private static List<(char Sign, string Text)> Compare(string[] verified, string[] received)
    {
        var start = 0;
        while (start < verified.Length && start < received.Length && verified[start] == received[start])
            start++;
        var end = 0;
        while (end < verified.Length - start && end < received.Length - start && verified[^(end + 1)] == received[^(end + 1)])
            end++;

        return
        [
            .. verified.Take(start).Select(x => (' ', x)),
            .. CompareMiddle(verified[start..^end], received[start..^end]),
            .. verified.Skip(verified.Length - end).Select(x => (' ', x))
        ];
    }

    // The longest common subsequence of lines; of huge differences only what they are is of interest, not how small they could be.
    private static IEnumerable<(char, string)> CompareMiddle(string[] verified, string[] received)
    {
        if ((long)verified.Length * received.Length > MaximumCells)
            return verified.Select(x => ('-', x)).Concat(received.Select(x => ('+', x)));

        var lengths = new int[verified.Length + 1, received.Length + 1];
        for (var i = verified.Length - 1; i >= 0; i--)
        for (var j = received.Length - 1; j >= 0; j--)
            lengths[i, j] = verified[i] == received[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);

        var lines = new List<(char, string)>();
        var (v, r) = (0, 0);
        while (v < verified.Length || r < received.Length)
        {
            if (v < verified.Length && r < received.Length && verified[v] == received[r])
            {
                lines.Add((' ', verified[v++]));
                r++;
            }
            else if (r == received.Length || (v < verified.Length && lengths[v + 1, r] >= lengths[v, r + 1]))
            {
                lines.Add(('-', verified[v++]));
            }
            else
            {
                lines.Add(('+', received[r++]));
            }
        }

        return lines;
    }
}

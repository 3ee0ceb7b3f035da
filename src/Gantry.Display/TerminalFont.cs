using System.Text;

namespace Gantry.Display;

/// <summary>
/// Knows whether a terminal can show more than ASCII, and writes lines for those that cannot. Everything here is written with few such
/// signs, and each of them has a spelling in ASCII.
/// </summary>
internal static class TerminalFont
{
    /// <summary>Returns true when the terminal shows signs outside of ASCII.</summary>
    /// <param name="variable">Finds an environment variable.</param>
    /// <param name="encoding">The encoding of the output.</param>
    /// <param name="isWindows">True on Windows, where the fonts of classic consoles lack most signs.</param>
    public static bool IsUnicode(Func<string, string?> variable, Encoding encoding, bool isWindows)
    {
        if (encoding.CodePage != Encoding.UTF8.CodePage || variable("TERM") is "dumb" or "linux")
            return false;
        if (isWindows)
            return variable("WT_SESSION") is not null || variable("TERM_PROGRAM") is not null;

        // In the order of setlocale(3). Without any of them the locale is C.
        string[] variables = ["LC_ALL", "LC_CTYPE", "LANG"];
        var locale = variables.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "C";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Spells the signs that are used here in ASCII. What others wrote stays as it is.</summary>
    public static string ToAscii(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var sign in line)
        {
            _ = sign switch
            {
                '…' => text.Append("..."),
                '→' => text.Append("->"),
                '–' or '—' or '−' => text.Append('-'),
                '×' or '✗' => text.Append('x'),
                '✓' => text.Append('+'),
                '·' or '•' => text.Append('*'),
                _ => text.Append(sign),
            };
        }

        return text.ToString();
    }
}

using System.Text;

namespace Gantry.Images.Dockerfiles;

/// <summary>An instruction as text: continuation lines are joined and comments are removed.</summary>
internal sealed record LogicalLine(SourceLine Location, string Text);

/// <summary>The parser directives at the top of a Dockerfile.</summary>
/// <param name="Escape">The escape and line continuation character: a backslash or a backtick.</param>
/// <param name="Syntax">The frontend that the file requests, or null.</param>
internal sealed record ParserDirectives(char Escape, string? Syntax);

/// <summary>Splits the text of a Dockerfile into logical lines.</summary>
/// <seealso href="https://docs.docker.com/reference/dockerfile/#parser-directives">Dockerfile reference, parser directives</seealso>
internal static class LogicalLineReader
{
    public static (ParserDirectives Directives, IReadOnlyList<LogicalLine> Lines) Read(string file, string text)
    {
        var physical = text.TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        var directives = ReadDirectives(file, physical);

        var lines = new List<LogicalLine>();
        for (var next = 0; next < physical.Length;)
        {
            var start = next + 1;
            var line = ReadLogicalLine(physical, directives.Escape, ref next);
            if (!string.IsNullOrWhiteSpace(line))
                lines.Add(new LogicalLine(new SourceLine(file, start), line.Trim()));
        }

        return (directives, lines);
    }

    private static string ReadLogicalLine(string[] physical, char escape, ref int next)
    {
        var first = physical[next++].TrimStart();
        if (first.StartsWith('#'))
            return "";

        var text = new StringBuilder();
        var continues = AppendUpToContinuation(text, first, escape);
        while (continues && next < physical.Length)
        {
            // Comments and empty lines between continued lines do not end the instruction.
            var line = physical[next++];
            if (!line.AsSpan().TrimStart().StartsWith("#") && !string.IsNullOrWhiteSpace(line))
                continues = AppendUpToContinuation(text, line, escape);
        }

        return text.ToString();
    }

    // A line continues when its last character that is not blank is the escape character, and that is not escaped itself.
    private static bool AppendUpToContinuation(StringBuilder text, string line, char escape)
    {
        var trimmed = line.AsSpan().TrimEnd(" \t");
        var continues = trimmed.EndsWith([escape]) && (trimmed.Length == 1 || trimmed[^2] != escape);
        text.Append(continues ? trimmed[..^1] : line);
        return continues;
    }

    // Directives come before everything else, including comments and empty lines. Unknown ones are comments that do not end them.
    private static ParserDirectives ReadDirectives(string file, string[] physical)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < physical.Length; index++)
        {
            if (!TryReadDirective(physical[index], out var name, out var value))
                break;
            if (name is not ("escape" or "syntax" or "check"))
                continue;
            if (!found.TryAdd(name, value))
                throw DockerfileErrors.DockerfileSyntax(new SourceLine(file, index + 1), $"the parser directive '{name}' is given twice");
            if (name == "escape" && value is not ("\\" or "`"))
                throw DockerfileErrors.DockerfileSyntax(
                    new SourceLine(file, index + 1), $"the escape character is '{value}' and can only be '\\' or '`'");
        }

        return new ParserDirectives(found.GetValueOrDefault("escape", "\\")[0], found.GetValueOrDefault("syntax"));
    }

    private static bool TryReadDirective(string line, out string name, out string value)
    {
        name = value = "";
        var content = line.AsSpan().TrimStart();
        if (!content.StartsWith("#"))
            return false;

        content = content[1..].TrimStart();
        var equals = content.IndexOf('=');
        if (equals <= 0)
            return false;

        var key = content[..equals].TrimEnd();
        var rest = content[(equals + 1)..].Trim();
        if (key.IsEmpty || rest.IsEmpty || !char.IsAsciiLetter(key[0]))
            return false;
        foreach (var character in key)
        {
            if (!char.IsAsciiLetterOrDigit(character))
                return false;
        }

        name = key.ToString().ToLowerInvariant();
        value = rest.ToString();
        return true;
    }
}

using System.Text;

namespace Gantry.Formatting;

/// <summary>Builds a Markdown document. Text is escaped, so that it is shown as it is.</summary>
public sealed class Markdown
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a heading.</summary>
    /// <param name="text">The text, which is escaped.</param>
    /// <param name="level">The level: 2 for the title of a report.</param>
    public Markdown Heading(string text, int level = 2)
    {
        _text.Append('#', level).Append(' ').Append(Escape(text)).Append("\n\n");
        return this;
    }

    /// <summary>Adds a paragraph of Markdown.</summary>
    public Markdown Paragraph(string markdown)
    {
        _text.Append(markdown).Append("\n\n");
        return this;
    }

    /// <summary>Adds a list whose items are Markdown; nothing for an empty list.</summary>
    public Markdown List(IEnumerable<string> items)
    {
        var any = false;
        foreach (var item in items)
        {
            _text.Append("- ").Append(item).Append('\n');
            any = true;
        }

        if (any)
            _text.Append('\n');
        return this;
    }

    /// <summary>Adds a table whose cells are Markdown.</summary>
    public Markdown Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        Row(header);
        Row([.. header.Select(_ => "---")]);
        foreach (var row in rows)
            Row(row);
        _text.Append('\n');
        return this;
    }

    /// <summary>Escapes text, so that it has no meaning in Markdown.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        var line = Line(text);
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '~' or '&'
                || (at == 0 && line[at] is '#' or '+' or '-' or '='))
                escaped.Append('\\');
            escaped.Append(line[at]);
        }

        return escaped.ToString();
    }

    /// <summary>Formats text as code, surrounded by more backticks than it contains.</summary>
    public static string Code(string text)
    {
        var line = Line(text);
        var longest = 0;
        for (var (i, run) = (0, 0); i < line.Length; i++)
            longest = Math.Max(longest, run = line[i] == '`' ? run + 1 : 0);
        var fence = new string('`', longest + 1);
        var space = line.StartsWith('`') || line.EndsWith('`') ? " " : "";
        return $"{fence}{space}{line}{space}{fence}";
    }

    /// <summary>Formats a link when browsers can open the URL, and plain text otherwise.</summary>
    public static string Link(string text, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? $"[{Escape(text)}](<"
                + $"{uri.AbsoluteUri.Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal)}>)"
            : Escape(text);

    /// <summary>Returns the document.</summary>
    public override string ToString() => _text.ToString().TrimEnd('\n') + "\n";

    private static string Line(string text) => DisplayText.Neutralize(text.ReplaceLineEndings(" "));

    private void Row(IReadOnlyList<string> cells)
    {
        // A '|' ends a cell even within code.
        _text
            .Append("| ")
            .AppendJoin(
                " | ",
                cells.Select(cell => cell.Replace("\\|", "|", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)))
            .Append(" |\n");
    }
}

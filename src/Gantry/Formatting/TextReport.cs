namespace Gantry.Formatting;

/// <summary>A report for people, which is shown as a table on a terminal, as lines of a log, or as Markdown.</summary>
/// <param name="Title">The title, which Markdown has as its heading.</param>
/// <param name="Parts">The parts, in their order.</param>
public sealed record TextReport(string Title, IReadOnlyList<ReportPart> Parts);

/// <summary>A part of a report.</summary>
public abstract record ReportPart;

/// <summary>A heading within a report.</summary>
/// <param name="Text">The text.</param>
public sealed record ReportHeading(ReportText Text) : ReportPart;

/// <summary>A table.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows, each with a cell for every column.</param>
public sealed record ReportTable(IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<ReportText>> Rows) : ReportPart;

/// <summary>A column of a table.</summary>
/// <param name="Title">The title.</param>
/// <param name="Rank">
/// The order in which columns are left out where there is no room for all of them: the highest first. Those of rank 0 always stay.
/// </param>
public sealed record ReportColumn(string Title, int Rank = 0);

/// <summary>A list of lines.</summary>
/// <param name="Items">The lines; an empty list is not shown.</param>
public sealed record ReportList(IReadOnlyList<ReportItem> Items) : ReportPart;

/// <summary>A line of a list.</summary>
/// <param name="Text">The text.</param>
public sealed record ReportItem(ReportText Text)
{
    /// <summary>Further lines below it.</summary>
    public IReadOnlyList<ReportText> Details { get; init; } = [];
}

/// <summary>A text in a report: one line, or several in the cell of a table. Nothing in it can act where it is shown.</summary>
public sealed record ReportText
{
    /// <summary>Creates a text of one line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="tone">What it means.</param>
    public ReportText(DisplayText line, ReportTone tone = ReportTone.Plain)
        : this([line], tone)
    {
    }

    /// <summary>Creates a text of several lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="tone">What it means.</param>
    public ReportText(IEnumerable<DisplayText> lines, ReportTone tone = ReportTone.Plain)
    {
        Lines = [.. lines.Select(line => line.ToString())];
        Tone = tone;
    }

    /// <summary>A text without a line.</summary>
    public static ReportText Empty { get; } = new("");

    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>What the text means, which front ends show by a colour and never by that alone.</summary>
    public ReportTone Tone { get; }

    /// <summary>The address that the text leads to, where a front end has links; null for none.</summary>
    public string? Link { get; init; }

    /// <summary>True for what is typed or copied: a command, a digest.</summary>
    public bool IsCode { get; init; }
}

/// <summary>What a text means.</summary>
public enum ReportTone
{
    /// <summary>Nothing in particular.</summary>
    Plain,

    /// <summary>It is as it should be.</summary>
    Good,

    /// <summary>A person should look at it.</summary>
    Warning,

    /// <summary>It is wrong.</summary>
    Bad,

    /// <summary>A detail.</summary>
    Faint,
}

namespace Gantry.Display.Reports;

/// <summary>
/// How much of what repeats is on the page: less of it in a large fleet, so that the file stays below two megabytes. What is left out is
/// counted on the page.
/// </summary>
internal sealed record ReportLimits
{
    private const int CellsWithCommits = 150;

    /// <summary>The maximum number of events of one registry.</summary>
    public required int Events { get; init; }

    /// <summary>The maximum number of releases whose way is shown.</summary>
    public required int Ways { get; init; }

    /// <summary>The maximum number of commits, and of packages, layers, files and settings of one image, in one difference.</summary>
    public required int Changes { get; init; }

    /// <summary>The maximum number of images whose packages, layers, files and settings one difference lists.</summary>
    public required int ChangedImages { get; init; }

    /// <summary>The maximum number of commits in a cell that is behind; 0 for a link to them.</summary>
    public required int CommitsOfCell { get; init; }

    /// <summary>The maximum number of problems.</summary>
    public required int Problems { get; init; }

    /// <summary>Returns the limits for a report.</summary>
    public static ReportLimits For(FleetReport report)
    {
        var cells = Math.Max(1, report.Status.Cells.Count);
        var targets = Math.Max(1, report.Status.Targets.Count);
        return new ReportLimits
        {
            Events = Math.Clamp(200 / targets, 5, 50),
            Ways = Math.Clamp(120 / targets, 3, 20),
            Changes = Math.Clamp(200 / targets, 5, 50),
            ChangedImages = Math.Clamp(60 / targets, 3, 20),
            CommitsOfCell = cells <= CellsWithCommits ? Math.Clamp(600 / cells, 4, 20) : 0,
            Problems = 200,
        };
    }
}

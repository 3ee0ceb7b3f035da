using Gantry.Display;
using Gantry.Formatting;

namespace Gantry.Cli.Images;

/// <summary>Tables with digests: a digest that is broken over lines cannot be copied.</summary>
internal static class ImageTable
{
    // A digest has 71 characters; beside it are a name and a date.
    private const int Narrow = 118;

    /// <summary>Returns true when a table has no room for whole digests, so that they are below each name instead.</summary>
    public static bool IsNarrow(TerminalOutput output, ReportFormat format) =>
        format == ReportFormat.Table && output.Columns < Narrow;
}

using Gantry.Formatting;
using Gantry.Status;

namespace Gantry.Tests.Seeing;

/// <summary>What people are shown of a status.</summary>
/// <param name="Rows">The rows of the table.</param>
/// <param name="Lines">The lines below it: marks, holds and remarks.</param>
internal sealed record ShownStatus(IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Lines)
{
    public static ShownStatus Of(FleetStatus status)
    {
        var parts = StatusFormatter.Describe(status).Parts;
        return new(
            [
                .. parts.OfType<ReportTable>().Single().Rows.Select(row =>
                    (IReadOnlyList<string>)[.. row.Select(cell => string.Join('\n', cell.Lines))]),
            ],
            [.. parts.OfType<ReportList>().SelectMany(list => list.Items).SelectMany(item => item.Text.Lines)]);
    }
}

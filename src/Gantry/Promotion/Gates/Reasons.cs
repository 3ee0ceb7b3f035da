using System.Globalization;

namespace Gantry.Promotion.Gates;

/// <summary>
/// Formats lists of reasons, of which others may have made many. Each one is a line already, in which what others wrote is limited.
/// </summary>
internal static class Reasons
{
    private const int Shown = 5;

    /// <summary>Joins the first reasons, and counts the others.</summary>
    public static DisplayText Join(IReadOnlyCollection<string> reasons, string separator = "; ")
    {
        var shown = string.Join(separator, reasons.Take(Shown));
        return reasons.Count <= Shown
            ? shown
            : string.Create(CultureInfo.InvariantCulture, $"{shown}{separator}and {reasons.Count - Shown} more");
    }

    /// <summary>Formats what counts, as a part of a sentence; empty when nothing does.</summary>
    public static DisplayText Counted(IReadOnlyCollection<string> counted) => counted.Count == 0 ? "" : $" ({Join(counted, ", ")})";

    /// <summary>Formats what does not count, as a part of a sentence; empty when there is none.</summary>
    public static DisplayText NotCounted(IReadOnlyCollection<string> refused) =>
        refused.Count == 0 ? "" : $"; not counted: {Join([.. refused.Distinct()])}";
}

namespace Gantry.Status;

/// <summary>
/// Formats the status of all environments in one sentence: <c>3 of 12 images are behind in prod; 1 bypass open; no drift</c>.
/// </summary>
public static class StatusSentence
{
    /// <summary>Returns the sentence, without a full stop. It is about the last environment, and about what is wrong anywhere.</summary>
    /// <param name="status">The status.</param>
    public static string Of(FleetStatus status) => string.Join("; ", Parts(status));

    private static IEnumerable<string> Parts(FleetStatus status)
    {
        if (status.Targets is not [.., { Environment: var last }] || status.Images.Count == 0)
        {
            yield return "No image or no environment is declared";
            yield break;
        }

        var marks = status.Marks.Concat(status.Cells.SelectMany(cell => cell.Marks)).Distinct().ToList();
        var cells = status.Cells.Where(cell => cell.Target.Environment == last).ToList();
        yield return Format.Line($"{Behind(cells, status.Images.Count)} {last.DisplayName}");
        if (status.Holds.Select(hold => hold.Environment).Distinct().ToList() is { Count: > 0 } held)
            yield return Format.Line($"{Format.List(held)} {Are(held.Count)} held");
        yield return Count(marks, StatusMarkKind.OpenBypass) switch
        {
            0 => "no bypass open",
            1 => "1 bypass open",
            var several => $"{several} bypasses open",
        };
        if (Count(marks, StatusMarkKind.Incomplete) is var incomplete and > 0)
            yield return Format.Count(incomplete, "place") + " incomplete";
        var drifted = marks.Count(IsDrift);
        var unread = Count(marks, StatusMarkKind.Unreadable);
        if (drifted > 0)
            yield return $"drift in {Format.Count(drifted, "place")}";
        else if (unread == 0)
            yield return "no drift";
        if (unread > 0)
            yield return $"{Format.Count(unread, "place")} could not be read";
    }

    private static string Behind(IReadOnlyList<StatusCell> cells, int images)
    {
        var there = cells.Where(cell => cell.Version is not null).Select(cell => cell.Image).Distinct().Count();
        if (there == 0)
            return "Nothing is in";
        var behind = cells.Where(cell => cell.Behind > 0).Select(cell => cell.Image).Distinct().Count();
        if (behind == 0)
            return there == images ? "No image is behind in" : $"{there} of {Format.Count(images, "image")} {Are(there)} in";
        return $"{behind} of {Format.Count(images, "image")} {Are(behind)} behind in";
    }

    private static string Are(int count) => count == 1 ? "is" : "are";

    private static int Count(IReadOnlyList<StatusMark> marks, StatusMarkKind kind) => marks.Count(mark => mark.Kind == kind);

    // What runs is not what was promoted, or nothing proves it.
    private static bool IsDrift(StatusMark mark) => mark.Kind is StatusMarkKind.MovedTag or StatusMarkKind.Unattested
        or StatusMarkKind.BrokenOrder or StatusMarkKind.OtherOnHosts;
}

using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Status;

namespace Gantry.AzurePipelines.Reporting;

/// <summary>Creates the summary of a run that writes the page about all environments: the sentence and the matrix of the page.</summary>
public static class PageSummary
{
    /// <summary>Describes what runs where: a row for each image, a column for each registry of an environment.</summary>
    /// <param name="status">The status.</param>
    public static string Of(FleetStatus status)
    {
        var cells = status.Cells.ToLookup(cell => (cell.Image, cell.Target.Environment.Name, cell.Target.Region));
        return new Markdown()
            .Heading(StatusSentence.Of(status))
            .Paragraph($"As of {Format.Time(status.AsOf)}.")
            .Table(
                ["Image", .. status.Targets.Select(target => Markdown.Escape(NameOf(status, target)))],
                status.Images.Select(image => (IReadOnlyList<string>)
                [
                    Markdown.Escape(image),
                    .. status.Targets.Select(target =>
                        Describe(cells[(image, target.Environment.Name, target.Region)].FirstOrDefault(), status.AsOf)),
                ]))
            .ToString();
    }

    private static string NameOf(FleetStatus status, PromotionTarget target) =>
        status.Holds.Any(hold => hold.Environment == target.Environment.Name) ? $"{target.DisplayName} (held)" : target.DisplayName;

    private static string Describe(StatusCell? cell, DateTimeOffset now)
    {
        var parts = new List<string>();
        if (cell?.Version is { } version)
            parts.Add($"**{Markdown.Escape(version)}**" + (cell.Since is { } since && now > since ? $" for {Age(now - since)}" : ""));
        else
            parts.Add("none");
        parts.Add(cell?.Signature switch
        {
            SignatureState.Signed => "✓ signed",
            SignatureState.Invalid => "✗ signature does not count",
            _ => "",
        });
        if (cell?.Behind is > 0 and var behind)
            parts.Add($"→ {behind} behind");
        parts.AddRange((cell?.Marks ?? [])
            .Where(mark => mark.Kind != StatusMarkKind.Behind)
            .Select(mark => $"! {Markdown.Escape(mark.Problem)} ({Markdown.Escape(mark.Code)})")
            .Distinct());
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    private static string Age(TimeSpan duration) =>
        duration < TimeSpan.FromMinutes(1) ? "a moment" : Format.Duration(TimeSpan.FromMinutes(Math.Floor(duration.TotalMinutes)));
}

using Gantry.Oci;
using Gantry.Pruning;

namespace Gantry.Formatting;

/// <summary>Formats lists of what nothing keeps, and results of deletions, for people.</summary>
public static class PruningFormatter
{
    private const int KeptShown = 3;

    private static readonly IReadOnlyList<ReportColumn> s_columns =
        [new(""), new("Image"), new("Manifests", 2), new("Frees", 1), new("Reason")];

    /// <summary>
    /// Describes a list: for each repository what would be deleted and what is kept, each with its reason, and the digest of the list.
    /// </summary>
    /// <param name="plan">The list.</param>
    public static TextReport Describe(PruningPlan plan)
    {
        var parts = new List<ReportPart>();
        var places = plan.Kept.Select(image => (image.Location, image.Place))
            .Concat(plan.Items.Reverse().Select(item => (item.Location, item.Place)))
            .Distinct();
        foreach (var (location, place) in places)
        {
            var items = plan.Items.Where(item => item.Location == location).ToList();
            var kept = plan.Kept.Where(image => image.Location == location).ToList();
            parts.Add(new ReportHeading(new($"{location} ({place}): {Format.Count(items.Count, "deletion")}, {kept.Count} kept")));
            parts.Add(new ReportTable(s_columns, [.. items.Select(Row), .. kept.Select(Row)]));
        }

        parts.Add(new ReportList([.. plan.Notes.Select(note => new ReportItem(new(note, ReportTone.Warning)))]));
        parts.Add(new ReportList(plan.LeftOut == 0
            ? []
            : [new(new($"{Format.Count(plan.LeftOut, "more image")} will be in the next list (limit {nameof(Limits.PrunedImages)})"))]));
        parts.Add(new ReportList([Total(plan)]));
        return new("What nothing keeps", parts);
    }

    /// <summary>Describes a result: what was kept in the end and why, where deletion is switched off, and the totals.</summary>
    /// <param name="outcome">The result.</param>
    public static TextReport Describe(PruningOutcome outcome)
    {
        var bytes = outcome.Deleted.Sum(item => item.Bytes);
        return new(
            "Deleted",
            [
                new ReportList([.. outcome.Kept.Select(kept => new ReportItem(new(
                    $"{kept.Item.Location}: {Name(kept.Item)} was kept: {kept.Reason}", ReportTone.Warning)))]),
                new ReportList([.. outcome.SwitchedOff.Values.Concat(outcome.Problems).Select(problem => new ReportItem(new(
                    problem.Message, ReportTone.Bad)))]),
                new ReportList([new(new(
                    $"{Format.Count(outcome.Deleted.Count, "deletion")} of {outcome.Plan.Items.Count} done, {Format.Bytes(bytes)}"))]),
                new ReportList(outcome.BytesRemoved == 0
                    ? []
                    : [new(new($"{Format.Bytes(outcome.BytesRemoved)} of unused blobs were removed from folders"))]),
            ]);
    }

    /// <summary>Formats what nothing in a layout needs.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="removed">True when it was removed.</param>
    public static DisplayText Describe(CleanedLayout layout, bool removed) =>
        $"{layout.Location}: {Format.Count(layout.Blobs.Count, "unused blob")} and {Format.Count(layout.Partials.Count, "partial file")} "
            + $"{(removed ? "removed" : "would be removed")}, {Format.Bytes(layout.Bytes)}; {layout.Used} needed, {layout.Young} too young";

    private static ReportItem Total(PruningPlan plan) => plan.Items.Count == 0
        ? new(new("Nothing would be deleted."))
        : new(new($"{Format.Count(plan.Items.Count, "deletion")}, {Format.Bytes(plan.Bytes)}; the list is"))
        {
            Details = [new($"{plan.Digest}") { IsCode = true }],
        };

    private static IReadOnlyList<ReportText> Row(PruningItem item) =>
    [
        new("delete", ReportTone.Warning),
        new($"{Name(item)}"),
        new($"{item.Manifests.Count}"),
        new(Format.Bytes(item.Bytes)),
        new(item.Reason),
    ];

    private static IReadOnlyList<ReportText> Row(KeptImage image) =>
        [new("keep", ReportTone.Good), new($"{Name(image)}"), ReportText.Empty, ReportText.Empty, new(Reasons(image))];

    private static string Name(PruningItem item) => item.Kind == PruningItemKind.Tag
        ? $"only the tag {string.Join(", ", item.Tags)}, its image stays"
        : Name(item.Tags.Where(tag => !Closure.IsAttachmentTag(tag)), item.Versions, item.Digest);

    private static string Name(KeptImage image) => Name(image.Tags, image.Versions, image.Digest);

    private static string Name(IEnumerable<string> tags, IEnumerable<string> versions, Digest digest)
    {
        var names = tags.Concat(versions).Distinct(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? $"{digest.Algorithm}:{digest.Short}" : $"{string.Join(", ", names)} ({digest.Short})";
    }

    private static string Reasons(KeptImage image)
    {
        var texts = image.Reasons.Select(reason => reason.Text).Distinct(StringComparer.Ordinal).ToList();
        var more = texts.Count > KeptShown ? $"; {texts.Count - KeptShown} more" : "";
        return string.Join("; ", texts.Take(KeptShown)) + more;
    }
}

namespace Gantry.Pruning;

/// <summary>Formats lists of what nothing keeps, and results of deletions, as lines for people.</summary>
public static class PruningFormatter
{
    private const int KeptShown = 3;

    /// <summary>Formats a list: by repository what would be deleted and what is kept, each with its reason, and its digest.</summary>
    /// <param name="plan">The list.</param>
    public static IReadOnlyList<DisplayText> Describe(PruningPlan plan)
    {
        var lines = new List<DisplayText>();
        foreach (var repository in plan.Inventories)
        {
            var items = plan.Items.Where(item => item.Location == repository.Location).ToList();
            var kept = plan.Kept.Where(image => image.Location == repository.Location).ToList();
            var place = string.Join(" + ", repository.Place.Places().Select(each => each.DisplayName));
            lines.Add($"{repository.Location} ({place}): {Format.Count(items.Count, "deletion")}, {kept.Count} kept");
            foreach (var item in items)
                lines.Add($"  - {Name(item)}: {Amount(item)}; {item.Reason}");
            foreach (var image in kept)
                lines.Add($"    {Name(image)} is kept: {Reasons(image)}");
        }

        lines.AddRange(plan.Notes.Select(note => (DisplayText)note));
        if (plan.LeftOut > 0)
            lines.Add($"{Format.Count(plan.LeftOut, "more image")} will be in the next list (limit {nameof(Limits.PrunedImages)})");
        lines.Add(plan.Items.Count == 0
            ? (DisplayText)"Nothing would be deleted."
            : $"{Format.Count(plan.Items.Count, "deletion")}, {Format.Bytes(plan.Bytes)}; the list is {plan.Digest}");
        return lines;
    }

    /// <summary>Formats a result: what was kept in the end and why, where deletion is switched off, and the totals.</summary>
    /// <param name="outcome">The result.</param>
    public static IReadOnlyList<DisplayText> Describe(PruningOutcome outcome)
    {
        var lines = new List<DisplayText>();
        foreach (var (item, reason) in outcome.Kept)
            lines.Add($"{item.Location}: {Name(item)} was kept: {reason}");
        lines.AddRange(outcome.SwitchedOff.Values.Concat(outcome.Problems).Select(problem => (DisplayText)problem.Message));
        var bytes = outcome.Deleted.Sum(item => item.Bytes);
        lines.Add($"{Format.Count(outcome.Deleted.Count, "deletion")} of {outcome.Plan.Items.Count} done, {Format.Bytes(bytes)}");
        if (outcome.BytesRemoved > 0)
            lines.Add($"{Format.Bytes(outcome.BytesRemoved)} of unused blobs were removed from folders");
        return lines;
    }

    /// <summary>Formats what nothing in a layout needs.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="removed">True when it was removed.</param>
    public static DisplayText Describe(CleanedLayout layout, bool removed) =>
        $"{layout.Location}: {Format.Count(layout.Blobs.Count, "unused blob")} and {Format.Count(layout.Partials.Count, "partial file")} "
            + $"{(removed ? "removed" : "would be removed")}, {Format.Bytes(layout.Bytes)}; {layout.Used} needed, {layout.Young} too young";

    private static string Name(PruningItem item) => item.Kind == PruningItemKind.Tag
        ? $"only the tag {string.Join(", ", item.Tags)}"
        : Name(item.Tags.Where(tag => !Closure.IsAttachmentTag(tag)), item.Versions, item.Digest);

    private static string Name(KeptImage image) => Name(image.Tags, image.Versions, image.Digest);

    private static string Name(IEnumerable<string> tags, IEnumerable<string> versions, Oci.Digest digest)
    {
        var names = tags.Concat(versions).Distinct(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? digest.ToString() : $"{string.Join(", ", names)} ({digest.Short})";
    }

    private static string Amount(PruningItem item) => item.Kind == PruningItemKind.Tag
        ? "its image stays"
        : $"{Format.Count(item.Manifests.Count, "manifest")}, {Format.Bytes(item.Bytes)}";

    private static string Reasons(KeptImage image)
    {
        var texts = image.Reasons.Select(reason => reason.Text).Distinct(StringComparer.Ordinal).ToList();
        var more = texts.Count > KeptShown ? $"; {texts.Count - KeptShown} more" : "";
        return string.Join("; ", texts.Take(KeptShown)) + more;
    }
}

using Gantry.Oci;
using Gantry.Pruning;

namespace Gantry.Formatting;

/// <summary>Formats lists of named images for people: each with its tags and with everything that is deleted with it.</summary>
public static class DeletionFormatter
{
    private const int ShownParts = 8;

    /// <summary>Describes a list.</summary>
    /// <param name="plan">The list.</param>
    public static TextReport Describe(PruningPlan plan) => new(
        "Deletion",
        [
            new ReportList([.. plan.Items.Select(item => Describe(item, plan))]),
            new ReportList([.. plan.Notes.Select(note => new ReportItem(new(note, ReportTone.Warning)))]),
            new ReportList(
            [
                new(new($"{Format.Count(plan.Items.Count, "deletion")}, {Format.Bytes(plan.Bytes)}; the list is"))
                {
                    Details = [new($"{plan.Digest}") { IsCode = true }],
                },
            ]),
        ]);

    private static ReportItem Describe(PruningItem item, PruningPlan plan)
    {
        if (item.Kind == PruningItemKind.Tag)
            return new(new($"{item.Location}:{string.Join(", ", item.Tags)} ({item.Place}): only the tag, its image {item.Digest} stays"));
        var nodes = plan.Inventories.First(inventory => inventory.Location == item.Location).Manifests;
        var tags = item.Tags.Where(tag => !Closure.IsAttachmentTag(tag)).ToList();
        var referrers = item.Manifests.Where(digest => nodes[digest].Subject is not null).ToList();
        var parts = item.Manifests.Where(digest => digest != item.Digest && nodes[digest].Subject is null).ToList();
        return new(new($"{item.Location}@{item.Digest} ({item.Place})", ReportTone.Warning))
        {
            Details =
            [
                new(tags.Count == 0 ? "without a tag" : $"{(tags.Count == 1 ? "tag" : "tags")}: {string.Join(", ", tags)}"),
                .. List(referrers, "referrer"),
                .. List(parts, "other manifest"),
                new($"frees {Format.Bytes(item.Bytes)}"),
            ],
        };
    }

    private static IEnumerable<ReportText> List(List<Digest> digests, string noun)
    {
        if (digests.Count == 0)
            yield break;
        var more = digests.Count > ShownParts ? $", and {digests.Count - ShownParts} more" : "";
        yield return new($"{Format.Count(digests.Count, noun)}: {string.Join(", ", digests.Take(ShownParts).Select(Name))}{more}");
    }

    private static string Name(Digest digest) => $"{digest.Algorithm}:{digest.Short}";
}

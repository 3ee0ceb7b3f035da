using Gantry.Copying;
using Gantry.Promotion;

namespace Gantry.Formatting;

/// <summary>Summarizes promotions of many images: what happens in each registry, and the images that change.</summary>
internal static class PromotionSummary
{
    /// <summary>The images, each at one target, that are listed one by one; of more, there is a summary.</summary>
    public const int ListedImages = 100;

    /// <summary>The images with changes that a summary names.</summary>
    private const int NamedImages = 50;

    /// <summary>Describes what a plan does in each registry, then each image whose tag moves or that is copied.</summary>
    public static IEnumerable<string> Describe(PromotionPlan plan)
    {
        var targets = plan.ImagePlans.GroupBy(image => image.PromotionTarget).ToList();
        yield return $"{Format.Count(plan.Request.Release.Images.Count, "image")} to "
            + (targets.Count == 1 ? "1 registry" : $"{targets.Count} registries");
        foreach (var target in targets)
            yield return $"{target.Key.DisplayName}: {string.Join(", ", Counts([.. target]))}";

        var named = plan.ImagePlans.Where(image => image.Tag == TagChange.Moved || image.Manifests.Count > 0)
            .GroupBy(image => image.Image.Name)
            .OrderByDescending(image => image.Any(at => at.Tag == TagChange.Moved))
            .ToList();

        // A first release copies everything, and that was said.
        var moved = named.Where(image => image.Any(at => at.Tag == TagChange.Moved)).ToList();
        var shown = named.Count == plan.Request.Release.Images.Count ? moved : named;
        foreach (var image in shown.Take(NamedImages))
            yield return $"{image.Key}: {image.First().Image.Digest}: {string.Join("; ", Changes([.. image], targets.Count))}";
        if (shown.Count > NamedImages)
            yield return $"and {shown.Count - NamedImages} more";
    }

    /// <summary>Describes the outcome at one target.</summary>
    public static string Describe(CopyOutcome outcome, string target)
    {
        IEnumerable<string> counts =
        [
            $"{outcome.Images.Count(image => image.TagWritten)} tagged",
            $"{Format.Count(outcome.Images.Sum(image => image.BlobsUploaded), "blob")} "
                + $"({Format.Bytes(outcome.Images.Sum(image => image.BytesUploaded))}) copied",
            $"{outcome.Images.Sum(image => image.BlobsMounted)} mounted",
            $"{Format.Count(outcome.Images.Sum(image => image.ManifestsWritten), "manifest")} written",
        ];
        return $"{target}: {Format.Count(outcome.Images.Count, "image")}: {string.Join(", ", counts)}";
    }

    private static IEnumerable<string> Counts(IReadOnlyList<ImagePlan> images)
    {
        (int Count, string What)[] counts =
        [
            (images.Count(image => image.Tag == TagChange.Moved), "with a tag that moves"),
            (images.Count(image => image.Manifests.Count > 0), $"to copy ({Format.Bytes(ImagePlan.CountBytes(images))})"),
            (images.Count(image => image.Tag == TagChange.Created && image.Manifests.Count == 0), "there, to tag"),
            (images.Count(image => image.Tag == TagChange.None && !image.NothingMoves), "to complete"),
            (images.Count(image => image.NothingMoves), "in place"),
            (images.Count(image => image.Transfer is { Succeeded: true }), $"{images.FirstOrDefault(IsTransferred)?.Transfer!.Reason}"),
            (images.Count(image => image.Lock.Unlocks), "to unlock first"),
            (images.Count(image => image.Lock.Locks), "to lock"),
            (images.Count(image => image.Lock.IsUnsupported), "not locked: there are no locks here"),
        ];
        return counts.Where(each => each.Count > 0).Select(each => $"{each.Count} {each.What}");

        static bool IsTransferred(ImagePlan image) => image.Transfer is { Succeeded: true };
    }

    private static IEnumerable<string> Changes(IReadOnlyList<ImagePlan> ofImage, int targets)
    {
        if (ofImage.Count(image => image.Manifests.Count > 0) is var copied and > 0)
            yield return copied == targets ? "to copy" : $"to copy to {copied} of {targets}";
        foreach (var image in ofImage.Where(image => image.Tag == TagChange.Moved))
            yield return $"tag moves from {image.TagBefore} in {image.PromotionTarget.DisplayName} because: {image.Target.MoveTagReason}";
    }
}

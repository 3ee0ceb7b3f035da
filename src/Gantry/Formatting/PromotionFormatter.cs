using Gantry.Copying;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.Formatting;

/// <summary>Formats plans and outcomes as lines of text: the same on a terminal, in a log and in a summary.</summary>
public static class PromotionFormatter
{
    /// <summary>Formats a plan: release, gates, and each image with its digest, its tag and what is copied.</summary>
    public static IEnumerable<string> Describe(PromotionPlan plan) => Lines(plan).Select(DisplayText.Neutralize);

    /// <summary>Formats the slice that is placed; nothing for a promotion of the whole release.</summary>
    public static IEnumerable<string> Slices(PromotionPlan plan)
    {
        if (plan.Request is { Slice: { } slice, Release.Images.Count: var count })
            yield return Format.Line($"slice {slice}: {Format.Count(count, "image")}, placed without tag and record");
    }

    private static IEnumerable<string> Lines(PromotionPlan plan)
    {
        yield return $"{NameOf(plan.Request.Release)} to {plan.Request.Environment}";
        foreach (var line in Slices(plan))
            yield return $"  {line}";
        if (plan.IsHeld)
        {
            foreach (var line in Holds(plan))
                yield return $"  {line}";
            yield return "Nothing is written.";
            yield break;
        }

        if (!plan.ChangesNothing)
        {
            foreach (var gate in plan.Gates)
                yield return $"  gate: {Describe(gate)}";
        }

        foreach (var line in Bypasses(plan).Concat(Signatures(plan)))
            yield return $"  {line}";

        foreach (var line in Holds(plan))
            yield return $"  {line}";

        foreach (var image in plan.ImagePlans.Where(image => image.RollsBackFrom is not null).DistinctBy(image => image.PromotionTarget))
            yield return $"  {image.PromotionTarget.DisplayName} goes back from {image.RollsBackFrom} because: {plan.Request.GoBackReason}";

        foreach (var line in Differences(plan))
            yield return $"  {line}";

        foreach (var image in plan.ImagePlans.Where(image => image.FollowedBy is not null).DistinctBy(image => image.PromotionTarget))
            yield return $"  {image.PromotionTarget.DisplayName} has it, stays on {image.FollowedBy}, and is passed unchanged";

        foreach (var line in Waves(plan))
            yield return $"  {line}";

        foreach (var line in IsLong(plan) ? PromotionSummary.Describe(plan) : plan.ImagePlans.SelectMany(Describe))
            yield return $"  {line}";

        yield return plan.NothingMoves ? "Nothing moves: everything is in place." : $"Moves {Format.Bytes(plan.BytesToMove)}.";
        foreach (var line in DeploymentFormatter.Describe(plan.Deployment))
            yield return line;
    }

    /// <summary>
    /// Summarizes the images of a plan, one line for each registry and for each image that is copied or whose tag moves; empty for a plan
    /// whose images are few enough to be listed one by one.
    /// </summary>
    public static IEnumerable<string> Summarize(PromotionPlan plan) =>
        IsLong(plan) ? PromotionSummary.Describe(plan).Select(DisplayText.Neutralize) : [];

    /// <summary>
    /// Formats what a promotion changes, one line for each target and one for each commit that it loses; nothing where that was not read.
    /// </summary>
    public static IEnumerable<string> Differences(PromotionPlan plan) => plan.Differences.SelectMany(PlannedDifferenceFormatter.Describe);

    /// <summary>Formats the waves of regions in which a promotion reaches its targets, in one line; nothing when there are none.</summary>
    public static IEnumerable<string> Waves(PromotionPlan plan)
    {
        if (plan.Waves.Count == 0)
            yield break;
        var pause = plan.Request.Environment.PauseBetweenWaves;
        yield return Format.Line(
            $"in waves: {string.Join(", then ", plan.Waves.Select(wave => wave.DisplayName))}"
                + (pause > TimeSpan.Zero ? $", {Format.Duration(pause)} after the one before" : ""));
    }

    /// <summary>Formats whether a promotion is signed, and with which key; nothing for one that records nothing.</summary>
    public static IEnumerable<string> Signatures(PromotionPlan plan)
    {
        if (plan.WritesNothing || plan.Request.Slice is not null)
            yield break;
        if (plan.SignedBy is { } key)
            yield return Format.Line($"signed with {plan.Request.Signer!.Description} ({key.ShortId})");
        foreach (var target in plan.UnsignedTargets)
            yield return Format.Line($"not signed: there is no key for {target.DisplayName}");
    }

    /// <summary>Formats the holds that keep a promotion out, that it ends, and that it sets.</summary>
    public static IEnumerable<string> Holds(PromotionPlan plan)
    {
        foreach (var hold in plan.IsHeld ? plan.Holds : [])
            yield return Format.Line($"stays as it is: {hold.Target.DisplayName}, {hold.Describe()}");
        foreach (var hold in plan.EndedHolds)
            yield return Format.Line($"ends the hold of {hold.Target.DisplayName}, {hold.Describe()}");
        foreach (var target in plan.HeldTargets)
            yield return Format.Line($"{target.DisplayName} is held at {plan.Request.Release.Version} from then on");
    }

    /// <summary>Formats what a promotion skips, and what it catches up with.</summary>
    public static IEnumerable<string> Bypasses(PromotionPlan plan)
    {
        if (plan.BreakGlass is { } glass)
        {
            yield return Format.Line($"break-glass because: {glass.Reason}");
            foreach (var check in glass.Skipped)
                yield return Format.Line($"skips {check}");
        }

        if (plan.CatchesUp)
            yield return "what was skipped before holds now, which is recorded";
    }

    /// <summary>Formats a planned publication: release, and each image with its digest and its tag.</summary>
    public static IEnumerable<string> Describe(PublicationPlan plan)
    {
        yield return NameOf(plan.Release);
        foreach (var image in plan.Images)
            yield return Format.Line($"  {image.Target} = {image.Digest}: {Describe(image)}");
    }

    /// <summary>Formats a release and its images with their digests.</summary>
    public static IEnumerable<string> Describe(Release release) =>
        release.Images.Select(image => Format.Line($"  {image.Name}: {image.Repository}@{image.Digest}")).Prepend(NameOf(release));

    /// <summary>Formats a gate, its verdict, and its approvals: each with the person, the time and the comment.</summary>
    public static string Describe(PlannedGate gate)
    {
        var finding = gate.Finding is null ? "" : $" ({gate.Finding})";
        var state = gate.Verdict switch
        {
            GateVerdict.Held => "holds" + finding,
            GateVerdict.Approved => $"approved because: {gate.Reason}{finding}",
            GateVerdict.Service => $"held by {gate.Finding}",
            GateVerdict.Overridden => $"overridden because: {gate.Reason}{finding}",
            _ => gate.Finding ?? "not checked here",
        };
        var line = Format.Line($"{gate.Gate.Description}: {state}");
        return DisplayText.Neutralize(string.Join("; ", gate.Approvals.Select(approval => approval.Describe()).Prepend(line)));
    }

    /// <summary>
    /// Formats the outcome of a promotion: one line per image and target, then the hosts. Of many images, there is one line per target.
    /// </summary>
    public static IEnumerable<string> Describe(PromotionOutcome outcome) =>
        outcome.Targets
            .SelectMany((target, number) => Describe(outcome, target, outcome.Plan.Request.Targets[number]))
            .Concat(DeploymentFormatter.Describe(outcome.Deployment));

    private static IEnumerable<string> Describe(PromotionOutcome outcome, CopyOutcome target, PromotionTarget place) =>
        outcome.StoppedIn is not null && outcome.NotBegun.Any(wave => wave.Targets.Contains(place))
            ? [Format.Line($"{place.Address}: not begun, keeps what it has")]
            : Describe(target, place.Address.ToString()!, IsLong(outcome.Plan));

    /// <summary>Formats the outcome of a copy at one target: one line per image.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="target">The name of the target, for the message when the copy failed.</param>
    public static IEnumerable<string> Describe(CopyOutcome outcome, string target) => Describe(outcome, target, isLong: false);

    private static IEnumerable<string> Describe(CopyOutcome outcome, string target, bool isLong)
    {
        foreach (var line in isLong ? [Format.Line($"{PromotionSummary.Describe(outcome, target)}")] : outcome.Images.Select(Describe))
            yield return line;
        if (outcome.Error is { } error)
            yield return Format.Line($"{target} failed: {error.Message}");
    }

    /// <summary>Formats a copy that would be made.</summary>
    public static string Describe(PlannedCopy image)
    {
        var what = image.NothingMoves ? "nothing would move" : "would copy " + string.Join(", ", Counts(image));
        var chosen = image.ChosenFrom is { } whole ? $"; platforms chosen from {whole}, so the digest differs" : "";
        var moved = image is { WritesTag: true, TagBefore: { } before }
            ? $"; tag would move from {before} because: {image.Target.MoveTagReason}"
            : "";
        return Format.Line($"{image.Target} = {image.Root.Digest}: {what}{chosen}{moved}");
    }

    /// <summary>Formats the outcome of one image.</summary>
    public static string Describe(ImageOutcome image)
    {
        var what = image.NothingMoved ? "nothing moved" : string.Join(", ", Counts(image));
        var belongs = image.Attachments == 0 ? "" : $"; {Format.Count(image.Attachments, "attachment")} there";
        var left = image.SkippedLayers.Count == 0
            ? ""
            : $"; {Format.Count(image.SkippedLayers.Count, "layer")} left where the publisher keeps them";
        var chosen = image.ChosenFrom is { } whole ? $"; platforms chosen from {whole}, so the digest differs" : "";
        var moved = image.TagBefore is { } before && before != image.Root.Digest
            ? $"; tag moved from {before} because: {image.Target.MoveTagReason}"
            : "";
        return Format.Line($"{image.Target} = {image.Root.Digest}: {what}{belongs}{left}{chosen}{moved}");
    }

    private static string Describe(PlannedPublication image)
    {
        if (image.IsPublished)
            return "published already";
        return image.TagBefore is { } before && before != image.Digest
            ? $"tag moves from {before} because: {image.Target.MoveTagReason}"
            : image.TagBefore is null ? "to publish" : "record to add";
    }

    private static string NameOf(Release release)
    {
        var build = release.BuildId is null ? "" : $", build {release.BuildId}";
        return Format.Line($"Release {release.Version} (commit {Shorten(release.Commit)}{build})");
    }

    private static IEnumerable<string> Counts(PlannedCopy image)
    {
        if (image.Blobs > 0)
            yield return $"{Format.Count(image.Blobs, "blob")} ({Format.Bytes(image.Bytes)})";
        if (image.Manifests > 0)
            yield return Format.Count(image.Manifests, "manifest");
        if (image.Attachments > 0)
            yield return Format.Count(image.Attachments, "attachment");
        if (image.WritesTag)
            yield return "the tag";
    }

    private static IEnumerable<string> Counts(ImageOutcome image)
    {
        if (image.Transfer is { } transfer)
            yield return transfer.Succeeded ? transfer.Reason : $"copied, because {transfer.Reason}";
        if (image.BlobsUploaded > 0)
            yield return $"{Format.Count(image.BlobsUploaded, "blob")} ({Format.Bytes(image.BytesUploaded)}) copied";
        if (image.BlobsMounted > 0)
            yield return $"{Format.Count(image.BlobsMounted, "blob")} mounted";
        if (image.ManifestsWritten > 0)
            yield return $"{Format.Count(image.ManifestsWritten, "manifest")} written";
        if (image.Recorded)
            yield return "recorded";
        if (image.TagUnlocked)
            yield return "tag unlocked";
        if (image.TagWritten)
            yield return "tagged";
        if (image.Locked)
            yield return "locked";
    }

    private static bool IsLong(PromotionPlan plan) => plan.ImagePlans.Count > PromotionSummary.ListedImages;

    private static IEnumerable<string> Describe(ImagePlan image) =>
    [
        $"{image.Image.Name}: {image.Source.Location} -> {image.Target}",
        $"  {image.Image.Digest}",
        $"  {DescribeTag(image)}; {DescribeMoves(image)}{DescribeLock(image.Lock)}",
    ];

    private static string DescribeTag(ImagePlan image) => image.Tag switch
    {
        _ when image.IsOnlyPlaced => "no tag",
        TagChange.None => "tag is there",
        TagChange.Created => "tag is new",
        _ => $"tag moves from {image.TagBefore} because: {image.Target.MoveTagReason}",
    };

    private static string DescribeMoves(ImagePlan image)
    {
        if (image.Unread is not null)
            return "image is there with another release";
        if (image.Manifests.Count + image.MissingAttachments.Count == 0)
            return image.WritesRecord && image.Tag == TagChange.None ? "image is there, record to add" : "image is there";

        var moved = image.Blobs.Count(blob => blob.Action == BlobAction.Move);
        var mounted = image.Blobs.Count(blob => blob.Action == BlobAction.Mount);
        var transferred = image.Blobs.Where(blob => blob.Action == BlobAction.Transfer).ToList();
        var parts = new List<string>();
        if (transferred.Count > 0)
            parts.Add(
                $"{Format.Count(image.Manifests.Count, "manifest")}, {transferred.Count} of {Format.Count(image.Blobs.Count, "blob")} "
                    + $"({Format.Bytes(transferred.Sum(blob => blob.Blob.Size))}) {image.Transfer!.Reason}");
        else if (image.Manifests.Count > 0)
            parts.Add($"{Format.Count(image.Manifests.Count, "manifest")}, {moved} of {Format.Count(image.Blobs.Count, "blob")} "
                + $"({Format.Bytes(image.BytesToMove)}) to copy");
        if (mounted > 0)
            parts.Add($"{mounted} to mount");
        if (image.MissingAttachments.Count > 0)
            parts.Add($"{Format.Count(image.MissingAttachments.Count, "attachment")} to add");
        if (image.Transfer is { Succeeded: false } refused)
            parts.Add($"copied, because {refused.Reason}");
        return string.Join(", ", parts);
    }

    private static string DescribeLock(PlannedLock planned)
    {
        var what = planned.Wanted == ImageLock.TagAndManifest ? "tag and manifest" : "tag";
        return planned.IsUnsupported ? "; not locked: there are no locks here"
            : (planned.Unlocks ? "; tag is unlocked first" : "")
                + (planned.Locks ? $"; {what} to lock" : planned.Wanted == ImageLock.None ? "" : $"; {what} locked already");
    }

    private static string Shorten(string commit) => commit.Length > 12 ? commit[..12] : commit;
}

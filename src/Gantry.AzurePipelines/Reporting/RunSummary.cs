using Gantry.Copying;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.AzurePipelines.Reporting;

/// <summary>Creates the summary of a run: Markdown for <c>task.uploadsummary</c>.</summary>
public static class RunSummary
{
    /// <summary>Describes a release that was published or found.</summary>
    public static string Of(Release release)
    {
        var text = new Markdown().Heading($"Release {release.Version}");
        return Images(text.List(Facts(release)), release).ToString();
    }

    /// <summary>Describes a planned promotion and its outcome.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outcome">The outcome; null while nothing has been applied.</param>
    public static string Of(PromotionPlan plan, PromotionOutcome? outcome)
    {
        var release = plan.Request.Release;
        var environment = plan.Request.Environment;
        var text = new Markdown()
            .Heading($"Release {release.Version} to {environment.DisplayName}")
            .Paragraph(Verdict(plan, outcome))
            .List([.. Facts(release), By(plan.Request.By)]);
        if (PromotionFormatter.Summarize(plan).ToList() is { Count: > 0 } summary)
            text.List(summary.Select(Markdown.Escape));
        else
            AddImages(text, plan, outcome);
        IReadOnlyList<string> proof =
        [
            .. PromotionFormatter.Waves(plan), .. PromotionFormatter.Slices(plan), .. PromotionFormatter.Holds(plan),
            .. PromotionFormatter.Bypasses(plan),
            .. PromotionFormatter.Signatures(plan),
        ];
        if (proof.Count > 0)
            text.List(proof.Select(Markdown.Escape));
        if (PromotionFormatter.Differences(plan).ToList() is { Count: > 0 } changes)
            text.Paragraph("Changes:").List(changes.Select(Markdown.Escape));
        if (plan is { ChangesNothing: false, Gates.Count: > 0 })
            text.Paragraph("Gates:").List(plan.Gates.Select(gate => Markdown.Escape(PromotionFormatter.Describe(gate))));
        if (plan.Deployment.Steps.Count > 0)
            text.Paragraph("Hosts:").List(
                (outcome is null ? DeploymentFormatter.Steps(plan.Deployment) : DeploymentFormatter.Steps(outcome.Deployment))
                    .Select(Markdown.Escape));
        return text.ToString();
    }

    /// <summary>Describes what runs where.</summary>
    /// <param name="status">The status of all environments.</param>
    public static string Of(FleetStatus status) => ReportMarkdown.Write(StatusFormatter.Describe(status));

    /// <summary>Describes what has drifted.</summary>
    /// <param name="report">The report.</param>
    public static string Of(DriftReport report)
    {
        var text = new Markdown()
            .Heading("Drift")
            .Paragraph(Markdown.Escape(DriftFormatter.Headline(report)))
            .List(report.Findings.Select(finding =>
                $"{Markdown.Escape($"{finding.Place}: {DriftFormatter.NameOf(finding.Kind)}: {finding.Problem} ({finding.Code})")}"
                    + (finding.Command is { } command ? ": " + Markdown.Code(command) : "")));
        if (report.Hosts.Count > 0)
            text.Table(
                DriftFormatter.HostColumns,
                report.Hosts.Select(host => (IReadOnlyList<string>)[.. DriftFormatter.Row(host).Select(Markdown.Escape)]));
        return text.ToString();
    }

    private static void AddImages(Markdown text, PromotionPlan plan, PromotionOutcome? outcome) => text.Table(
        ["Image", "Digest", "To", "What moved"],
        plan.Images.Select(image => (IReadOnlyList<string>)
        [
            Markdown.Escape(image.Image.Name),
            Markdown.Code(Shorten(image.Image.Digest)),
            Markdown.Code(image.Target.ToString()),
            Markdown.Escape(WhatMoved(plan, outcome, image)),
        ]));

    private static Markdown Images(Markdown text, Release release) => text.Table(
        ["Image", "Digest", "Platforms", "Base image"],
        release.Images.Select(image => (IReadOnlyList<string>)
        [
            Markdown.Escape(image.Name),
            Markdown.Code(image.Digest.ToString()),
            Markdown.Escape(string.Join(", ", image.Platforms)),
            BaseOf(image),
        ]));

    private static string BaseOf(ReleaseImage image)
    {
        if (image.BaseImage is not { } origin)
            return "none";
        return Markdown.Code(origin.Digest is { } digest ? $"{origin.Name}@{Shorten(digest)}" : origin.Name)
            + (image.StandIn ? " (a stand-in)" : "");
    }

    private static IEnumerable<string> Facts(Release release)
    {
        yield return $"commit {Markdown.Code(release.Commit)}" + (release.Branch is { } branch ? $" of {Markdown.Code(branch)}" : "");
        if (release.BuildUrl is { } url)
            yield return Markdown.Link($"build {release.BuildId ?? url}", url);
        else if (release.BuildId is { } id)
            yield return $"build {Markdown.Escape(id)}";
    }

    private static string By(PromotionActor actor)
    {
        var by = $"by {Markdown.Escape(actor.Name)}";
        if (actor.RunId is { } run)
            return by + " in " + (actor.RunUrl is { } url ? Markdown.Link($"run {run}", url) : $"run {Markdown.Escape(run)}");
        return actor.Claims is { } claims ? $"{by} (claims {Markdown.Escape(claims)})" : by;
    }

    private static string Verdict(PromotionPlan plan, PromotionOutcome? outcome)
    {
        if (plan.IsHeld)
            return "**Held**: nothing was written.";
        if (plan.NothingMoves && outcome?.Deployment.Succeeded != false)
            return "Nothing moved: everything was in place.";
        if (outcome is null)
            return $"Planned: {Format.Bytes(plan.BytesToMove)} to move.";
        if (outcome.StoppedIn is { } wave)
            return $"**Stopped** in {Markdown.Escape(wave.DisplayName)}. The regions of later waves keep what they have.";
        if (outcome.Targets.Count(target => !target.Succeeded) is var failed and > 0)
            return $"**Failed** at {failed} of {Format.Count(outcome.Targets.Count, "target")}.";
        if (!outcome.Deployment.Succeeded)
            return "**The deployment is not complete.** The images are in place. Run the same command again to continue.";
        if (plan.Images.FirstOrDefault(image => image.RollsBackFrom is not null)?.RollsBackFrom is { } newer)
            return $"Went back from {Markdown.Escape(newer)}, because: {Markdown.Escape(plan.Request.GoBackReason!)}";
        var verb = plan.Request.Slice is null ? "Promoted" : "Placed";
        return $"{verb}: {Format.Bytes(outcome.Targets.SelectMany(target => target.Images).Sum(image => image.BytesUploaded))} moved.";
    }

    private static string WhatMoved(PromotionPlan plan, PromotionOutcome? outcome, PlannedImage image)
    {
        if (image.NothingMoves)
            return "nothing";
        if (outcome is null)
            return $"{Format.Bytes(image.BytesToMove)} to move";

        if (outcome.StoppedIn is not null && outcome.NotBegun.Any(wave => wave.Targets.Contains(image.PromotionTarget)))
            return "not begun";
        var target = outcome.At(image.PromotionTarget);
        if (target.Images.FirstOrDefault(done =>
            done.Root.Digest == image.Image.Digest && done.Target.ToString() == image.Target.ToString()) is { } done)
            return Describe(done);
        return target.Error is GantryException error ? $"failed: {error.Message}" : "failed";
    }

    private static string Describe(ImageOutcome done)
    {
        if (done.NothingMoved)
            return "nothing";
        string?[] moved =
        [
            done.BlobsUploaded > 0 ? $"{Format.Count(done.BlobsUploaded, "blob")} ({Format.Bytes(done.BytesUploaded)})" : null,
            done.BlobsMounted > 0 ? $"{Format.Count(done.BlobsMounted, "blob")} mounted" : null,
            done.ManifestsWritten > 0 ? Format.Count(done.ManifestsWritten, "manifest") : null,
            done.Recorded ? "record" : null,
            done.TagWritten ? "tag" : null,
        ];
        return string.Join(", ", moved.OfType<string>());
    }

    private static string Shorten(Digest digest) => digest.Hex.Length > 12 ? $"{digest.Algorithm}:{digest.Hex[..12]}" : digest.ToString();
}

using System.Collections.Concurrent;
using Gantry.Attestations;
using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>Applies promotion plans.</summary>
/// <remarks>
/// The order at each target: the blobs and manifests of all images, then their attachments, then the record of this promotion beside each,
/// then all tags, and locks last. If it stops at any point, no tag points to anything incomplete or unrecorded, and a new plan does the
/// rest. When the images are in place, the hosts of the target are updated and checked; when all are done, a second record confirms it.
/// A plan of a slice (<see cref="PromotionRequest.Slice"/>) ends after the attachments.
/// </remarks>
public sealed class Promoter
{
    /// <summary>The progress of the promotion.</summary>
    public CopyProgress Progress { get; init; } = new();

    /// <summary>The folder for blobs that slower targets still need, when there are several targets.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();

    /// <summary>Called when a deployment or health check begins; from several threads when there are several targets.</summary>
    public Action<DeploymentStep>? Deploying { get; init; }

    /// <summary>The clock for the dates of records.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Applies exactly the plan. Before anything is written, throws <c>GAN4021</c> when the base tag has moved since, <c>GAN4022</c> when
    /// the tag at a target has moved (checked again before the first tag is written), <c>GAN4066</c> to <c>GAN4068</c> when a newer release
    /// was promoted since (checked after copying, before the hosts of a target are changed, and before they are recorded), <c>GAN5004</c>
    /// when the gates are undecided, <c>GAN4601</c> and <c>GAN4602</c> when the environment is held. A failure at one target is in its
    /// outcome and does not stop the others; cancelling stops all and throws.
    /// </summary>
    /// <exception cref="ArgumentException">The plan is one of a dry run: <see cref="PromotionRequest.AssumesBefore"/>.</exception>
    public async Task<PromotionOutcome> ApplyAsync(PromotionPlan plan, CancellationToken cancellationToken) =>
        await DeployAsync(await CopyImagesAsync(plan, cancellationToken), cancellationToken);

    /// <summary>Runs the first part of <see cref="ApplyAsync"/>: copies the images, without deploying to hosts.</summary>
    public async Task<PromotionOutcome> CopyImagesAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Request.AssumesBefore)
            throw new ArgumentException("A plan that assumes the environment before cannot be applied.", nameof(plan));
        if (plan.IsHeld)
            throw HoldErrors.Held(plan.Request.Release.Version, plan.Holds[0]);
        if (plan.AwaitsDecision)
            throw GateErrors.GatesUndecided(plan.Request.Release.Version, plan.Request.Environment);
        await Concurrently.ForEachAsync(
            plan.ImagePlans.DistinctBy(image => image.Source.Location), RequireUnmovedSourceAsync, cancellationToken);

        var attestations = new ConcurrentDictionary<(PromotionTarget Target, string Image), Digest>();
        await using var session = new CopySession(
            plan.Request.Targets.Count, plan.Request.Options, Progress, SpoolFolder, cancellationToken);
        var targets = await session.RunAsync((number, lane, done) =>
            ApplyToTargetAsync(
                plan, [.. plan.ImagePlans.Where(image => image.PromotionTarget == plan.Request.Targets[number])], session, lane, done,
                attestations));
        return new PromotionOutcome { Plan = plan, Targets = targets, Attestations = attestations };
    }

    /// <summary>
    /// Runs the second part of <see cref="ApplyAsync"/>: deploys to the hosts of all targets whose images are in place, checks them, and
    /// records it.
    /// </summary>
    /// <param name="placed">The outcome of the first part.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PromotionOutcome> DeployAsync(PromotionOutcome placed, CancellationToken cancellationToken)
    {
        var plan = placed.Plan;
        var deployment = await DeploymentRunner.RunAsync(
            plan.Deployment, target => placed.At(target).Succeeded, plan.EnsureCurrentAsync, Deploying, cancellationToken);
        await RecordHostsAsync(placed, deployment, cancellationToken);
        return placed with { Deployment = deployment };
    }

    // Writes a second record when hosts have changed or are not yet recorded as done: records are never changed.
    private async Task RecordHostsAsync(PromotionOutcome placed, DeploymentOutcome deployment, CancellationToken cancellationToken)
    {
        var plan = placed.Plan;
        var now = DocumentArtifact.PreciseNow(Time);
        foreach (var (target, isRecorded) in plan.Deployment.Targets.Select(target => (target.Target, target.IsRecorded)))
        {
            if (!deployment.IsDoneAt(target) || (isRecorded && !plan.Deployment.HasChangesAt(target)))
                continue;

            // The last promotion makes a release the current one. Health checks may have taken long.
            await plan.EnsureCurrentAsync(target, cancellationToken);
            var hosts = deployment.StepsAt(target).Select(RecordedHost.Of).ToList();
            foreach (var image in plan.ImagePlans.Where(image => image.PromotionTarget == target))
            {
                // When nothing changes, no gates were evaluated: use those of the promotion that this one completes.
                var record = image.LastRecord is { } last && plan.ChangesNothing
                    ? Link(last with { Promoted = DateOf(image, now) }, last.Signature?.Attestation)
                    : ToRecord(plan, image, now);
                if (placed.Attestations.TryGetValue((target, image.Image.Name), out var first))
                    record = Link(record, first);
                await PromotionAttestor.PutAsync(plan, image, record with { Hosts = hosts }, now, cancellationToken);
            }
        }
    }

    // A person may have thought about the plan for hours.
    private static Task RequireUnmovedSourceAsync(ImagePlan image, CancellationToken cancellationToken) =>
        BaseTags.EnsureUnmovedAsync(image.Source, image.Target.Tag!, image.Image.Digest, cancellationToken);

    private async Task ApplyToTargetAsync(
        PromotionPlan plan, ImagePlan[] images, CopySession session, TargetWriter lane,
        ConcurrentDictionary<int, ImageOutcome> done, ConcurrentDictionary<(PromotionTarget Target, string Image), Digest> attestations)
    {
        await Concurrently.ForEachAsync(images, RequireUnchangedTargetAsync, lane.Token);

        var destinations = images
            .Select(image => new Destination(image.Target.Repository, session.GetBlobSource(image.Source), image.BlobsThere))
            .ToList();
        var answers = new TransferResult?[images.Length];
        await Concurrently.ForEachAsync(
            Enumerable.Range(0, images.Length),
            async (index, _) =>
            {
                images[index] = await ReadAsync(images[index], plan.Request.Options, session.Token);
                answers[index] = await CopyImageAsync(plan.Request, images[index], destinations[index], lane);
            },
            lane.Token);

        // What has no tag is not visible, so it has no record, and other promotions need not be looked at.
        if (plan.Request.Slice is not null)
        {
            for (var index = 0; index < images.Length; index++)
                done[index] = ToOutcome(images[index], destinations[index], answers[index]);
            return;
        }

        // Copying may have taken long: a newer release that another run promoted meanwhile must not be replaced.
        if (images.FirstOrDefault(image => image.WritesRecord) is { } recorded)
            await plan.EnsureOrderAsync(recorded.PromotionTarget, recorded.RollsBackFrom, lane.Token);

        // A hold that was set meanwhile keeps the release out. Before the environment goes back, it is held: a run in between must not
        // bring back what it goes back from.
        var holds = new PlannedHolds(plan, images[0].PromotionTarget, Time);
        await holds.BeginAsync(lane.Token);

        // Before the tags: a release is then never visible without its record. A record without its tag means nothing, and the next run
        // writes a new one.
        var now = DocumentArtifact.PreciseNow(Time);
        foreach (var image in images.Where(image => image.WritesRecord))
        {
            lane.AddRepository(image.Target.Repository);
            if (await PromotionAttestor.PutAsync(plan, image, ToRecord(plan, image, now), now, lane.Token) is { } attestation)
                attestations[(image.PromotionTarget, image.Image.Name)] = attestation;
        }

        await Concurrently.ForEachAsync(
            images.Where(image => !image.NothingMoves && image.PromotionTarget.Trust is not null),
            (image, token) => plan.Request.ExtraSignatures.AddAsync(
                image, image.PromotionTarget.Trust!, plan.Request.Signer!, now, token),
            lane.Token);

        // Copying may have taken long: a tag that another run wrote meanwhile must not be moved.
        if (images.Any(image => image.Tag != TagChange.None))
            await Concurrently.ForEachAsync(images, RequireUnchangedTargetAsync, lane.Token);

        // From here on the release is visible. All of it is in place.
        for (var index = 0; index < images.Length; index++)
        {
            var image = images[index];
            if (image.Lock.Unlocks)
                await plan.Request.Locks!.UnlockTagAsync(image.PromotionTarget.Address, image.Image.Name, image.Target.Tag!, lane.Token);
            if (image.Tag != TagChange.None)
                await lane.TagAsync(destinations[index], image.Target.Tag!, image.Root);
            done[index] = ToOutcome(image, destinations[index], answers[index]);
        }

        // After all are tagged: a lock that fails does not leave half a release.
        for (var index = 0; index < images.Length; index++)
        {
            var image = images[index];
            if (!image.Lock.Locks)
                continue;
            await plan.Request.Locks!.LockAsync(
                image.PromotionTarget.Address, image.Image.Name, image.Target.Tag!, image.Image.Digest, image.Lock.Wanted, lane.Token);
            done[index] = done[index] with { Locked = true };
        }

        // Last: until the release is there, the hold protects what was.
        await holds.EndAsync(lane.Token);
    }

    private static async Task RequireUnchangedTargetAsync(ImagePlan image, CancellationToken cancellationToken)
    {
        var tagged = await image.Target.Repository.ReadTagAsync(image.Target.Tag!, cancellationToken);

        // Another run that promoted the same release has done what this plan wants.
        if (tagged?.Digest != image.TagBefore && tagged?.Digest != image.Image.Digest)
            throw PromotionErrors.TargetTagChanged(image.Target.Repository.Location, image.Target.Tag!, image.TagBefore, tagged?.Digest);
    }

    // What the plan left for now. All targets share what is read.
    private static async Task<ImagePlan> ReadAsync(ImagePlan image, CopyOptions options, CancellationToken cancellationToken)
    {
        if (image.Unread is not { } source)
            return image;
        var attachments = await source.ReadAttachmentsAsync(cancellationToken);
        return image with
        {
            Attachments = attachments,
            MissingAttachments = await new TargetInspector(options).FindMissingAsync(
                image.Target, attachments, fresh: false, cancellationToken),
        };
    }

    private static async Task<TransferResult?> CopyImageAsync(PromotionRequest request, ImagePlan image, Destination to, TargetWriter lane)
    {
        var answer = image.Transfer;
        if (image.Graph is { } graph)
        {
            var (there, isComplete) = (image.BlobsThere, false);
            if (answer is { Succeeded: true })
                (answer, there, isComplete) = await new ServerSideCopier(request).RunAsync(image, graph, lane.Token);
            if (!isComplete)
                await lane.WriteAsync(to with { KnownBlobs = there }, graph, withRoot: true);
        }

        await AttachmentWriter.WriteAsync(lane, to, image.MissingAttachments);
        return answer;
    }

    // The release that was promoted last is the current one.
    private static DateTimeOffset DateOf(ImagePlan image, DateTimeOffset now) => DocumentArtifact.After(image.LatestPromotion, now);

    private static PromotionRecord Link(PromotionRecord record, Digest? previous) => previous is null
        ? record
        : record with { Schema = Math.Max(record.Schema, PromotionRecord.SchemaWithLinks), Previous = previous };

    private static PromotionRecord ToRecord(PromotionPlan plan, ImagePlan image, DateTimeOffset now) =>
        Link(ToUnlinkedRecord(plan, image, now), image.Previous);

    private static PromotionRecord ToUnlinkedRecord(PromotionPlan plan, ImagePlan image, DateTimeOffset now) => new()
    {
        Schema = plan.Request.ReturnCause is not null && image.RollsBackFrom is not null ? PromotionRecord.CurrentSchema
            : plan.BreakGlass is null && plan.Gates.All(gate => gate.Approvals.Count == 0) ? PromotionRecord.SchemaWithoutLinks
            : PromotionRecord.SchemaWithLinks,
        BreakGlass = plan.BreakGlass,
        Environment = plan.Request.Environment.Name,
        Region = image.PromotionTarget.Region,
        Version = plan.Request.Release.Version,
        Image = image.Image.Name,
        Digest = image.Image.Digest,
        Promoted = DateOf(image, now),
        By = plan.Request.By,
        From = image.Source.Location,
        To = image.Target.Repository.Location,
        Gates = [.. plan.Gates.Select(gate => gate.ToRecord())],
        MovedTag = image is { Tag: TagChange.Moved, TagBefore: { } before }
            ? new MovedTag { From = before, Reason = image.Target.MoveTagReason! }
            : null,
        WentBack = image.RollsBackFrom is { } from
            ? new WentBack { From = from, Reason = plan.Request.GoBackReason!, Cause = plan.Request.ReturnCause }
            : null,
    };

    private static ImageOutcome ToOutcome(ImagePlan image, Destination to, TransferResult? transfer) => new()
    {
        Source = image.Source.Location,
        Target = image.Target,
        Root = image.Image.Descriptor,
        TagBefore = image.TagBefore,
        BlobsUploaded = to.Tally.BlobsUploaded,
        BytesUploaded = to.Tally.BytesUploaded,
        BlobsMounted = to.Tally.BlobsMounted,
        ManifestsWritten = to.Tally.ManifestsWritten,
        Attachments = image.Attachments.Count,
        SkippedLayers = image.Graph?.SkippedLayers ?? [],
        Recorded = image.WritesRecord,
        Transfer = transfer,
        TagWritten = image.Tag != TagChange.None,
        TagUnlocked = image.Lock.Unlocks,
    };
}

/// <summary>The result of a promotion.</summary>
public sealed record PromotionOutcome
{
    /// <summary>The plan that was applied.</summary>
    public required PromotionPlan Plan { get; init; }

    /// <summary>The result of each target, in the order of the request.</summary>
    public required IReadOnlyList<CopyOutcome> Targets { get; init; }

    /// <summary>Returns the result of one target.</summary>
    public CopyOutcome At(PromotionTarget target) => Targets[Plan.Request.Targets.TakeWhile(other => other != target).Count()];

    /// <summary>The attestations that were written, by target and image.</summary>
    internal IReadOnlyDictionary<(PromotionTarget Target, string Image), Digest> Attestations { get; init; } =
        new Dictionary<(PromotionTarget Target, string Image), Digest>();

    /// <summary>The result of the deployments.</summary>
    public DeploymentOutcome Deployment { get; init; } = DeploymentOutcome.Empty;

    /// <summary>Throws the error of the first target that failed, or else of the first deployment step.</summary>
    public void ThrowIfFailed()
    {
        if (Targets.FirstOrDefault(target => !target.Succeeded)?.Error is { } error)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        Deployment.ThrowIfFailed();
    }
}

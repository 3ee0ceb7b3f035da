using System.Collections.Concurrent;
using Gantry.Copying;
using Gantry.Deployments;
using Gantry.IO;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>Applies promotion plans.</summary>
/// <remarks>
/// At each target: the blobs and manifests of all images, then what belongs to them, then the record of this promotion beside each, then
/// all tags, and locks at last. Ended at any point, no tag points to anything incomplete or unrecorded, and a new plan does what is left.
/// When the images are in place, the hosts of the target are told and asked; when all are done, a second record says so.
/// </remarks>
public sealed class Promoter
{
    /// <summary>Tells how far the promotion is.</summary>
    public CopyProgress Progress { get; init; } = new();

    /// <summary>Where blobs are kept for targets that lag behind, when there are several.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();

    /// <summary>Is told of each deployment and health check that begins; from several threads where there are several targets.</summary>
    public Action<DeploymentStep>? Deploying { get; init; }

    /// <summary>The clock that records are dated by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Does exactly what the plan says. Before anything is written: <c>GAN4021</c> when the base tag has moved since, <c>GAN4022</c> when
    /// the tag at a target has (and again before the first tag is written), <c>GAN5004</c> when nobody has answered for the gates. What fails
    /// at one target is told in its outcome and stops no other; cancelling stops all and throws.
    /// </summary>
    public async Task<PromotionOutcome> ApplyAsync(PromotionPlan plan, CancellationToken cancellationToken) =>
        await DeployAsync(await CopyImagesAsync(plan, cancellationToken), cancellationToken);

    /// <summary>The first part of <see cref="ApplyAsync"/>: the images are brought into place, and no host is told.</summary>
    public async Task<PromotionOutcome> CopyImagesAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        if (plan.AwaitsDecision)
            throw GateErrors.GatesUndecided(plan.Request.Release.Version, plan.Request.Environment);
        await Concurrently.ForEachAsync(plan.Images.DistinctBy(image => image.Source.Location), RequireUnmovedSourceAsync, cancellationToken);

        await using var session = new CopySession(plan.Request.Targets.Count, plan.Request.Options, Progress, SpoolFolder, cancellationToken);
        var targets = await session.RunAsync((number, lane, done) =>
            ApplyToTargetAsync(plan, [.. plan.Images.Where(image => image.TargetNumber == number)], session, lane, done));
        return new PromotionOutcome { Plan = plan, Targets = targets };
    }

    /// <summary>The second part of <see cref="ApplyAsync"/>: the hosts are told and asked where the images are in place, and that is recorded.</summary>
    /// <param name="placed">What became of the first part.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<PromotionOutcome> DeployAsync(PromotionOutcome placed, CancellationToken cancellationToken)
    {
        var plan = placed.Plan;
        var deployment = await DeploymentRunner.RunAsync(plan.Deployment, number => placed.Targets[number].Succeeded, Deploying, cancellationToken);
        await RecordHostsAsync(plan, deployment, cancellationToken);
        return placed with { Deployment = deployment };
    }

    // A second record, where hosts have changed or nothing tells yet that they are done: records are never changed.
    private async Task RecordHostsAsync(PromotionPlan plan, DeploymentOutcome deployment, CancellationToken cancellationToken)
    {
        var now = RecordArtifact.Now(Time);
        for (var number = 0; number < plan.Deployment.Targets.Count; number++)
        {
            if (!deployment.IsDoneAt(number) || (plan.Deployment.Targets[number].IsRecorded && !plan.Deployment.HasChangesAt(number)))
                continue;
            var hosts = deployment.StepsAt(number).Select(RecordedHost.Of).ToList();
            foreach (var image in plan.Images.Where(image => image.TargetNumber == number))
            {
                // Where nothing changes nobody was asked about the gates: they are those of the promotion that this one finishes.
                var record = image.LastRecord is { } last && plan.ChangesNothing ? last with { Promoted = now } : ToRecord(plan, image, now);
                await PromotionReferrer.PutAsync(image.Target.Repository, record with { Hosts = hosts }, image.Root.Descriptor, cancellationToken);
            }
        }
    }

    private static Task RequireUnmovedSourceAsync(PlannedImage image, CancellationToken cancellationToken) =>
        BaseTags.RequireBaseTagAsync(image.Source, image.Target.Tag!, image.Image.Digest, cancellationToken);

    private async Task ApplyToTargetAsync(
        PromotionPlan plan, IReadOnlyList<PlannedImage> images, CopySession session, TargetWriter lane, ConcurrentDictionary<int, ImageOutcome> done)
    {
        await Concurrently.ForEachAsync(images, RequireUnchangedTargetAsync, lane.Token);

        var destinations = images.Select(image => new Destination(image.Target.Repository, session.GetBlobSource(image.Source), image.BlobsThere)).ToList();
        var answers = new TransferResult?[images.Count];
        await Concurrently.ForEachAsync(
            Enumerable.Range(0, images.Count), async (index, _) => answers[index] = await CopyImageAsync(plan.Request, images[index], destinations[index], lane), lane.Token);

        // Before the tags: whoever sees the release can read how it came here. A record without its tag says nothing, and the next run
        // dates a new one.
        var now = RecordArtifact.Now(Time);
        foreach (var image in images.Where(image => image.WritesRecord))
        {
            lane.AddRepository(image.Target.Repository);
            await PromotionReferrer.PutAsync(image.Target.Repository, ToRecord(plan, image, now), image.Root.Descriptor, lane.Token);
        }

        // Bytes may have taken long: a tag that somebody else wrote meanwhile is not ours to move.
        if (images.Any(image => image.Tag != TagChange.None))
            await Concurrently.ForEachAsync(images, RequireUnchangedTargetAsync, lane.Token);

        // From here on the release shows. All of it is in place.
        for (var index = 0; index < images.Count; index++)
        {
            var image = images[index];
            if (image.Lock.Unlocks)
                await plan.Request.Locks!.UnlockTagAsync(plan.Request.Targets[image.TargetNumber], image.Image.Name, image.Target.Tag!, lane.Token);
            if (image.Tag != TagChange.None)
                await lane.TagAsync(destinations[index], image.Target.Tag!, image.Root);
            done[index] = ToOutcome(image, destinations[index], answers[index]);
        }

        // When all are tagged: a lock that fails leaves no release in halves.
        for (var index = 0; index < images.Count; index++)
        {
            var image = images[index];
            if (!image.Lock.Locks)
                continue;
            await plan.Request.Locks!.LockAsync(plan.Request.Targets[image.TargetNumber], image.Image.Name, image.Target.Tag!, image.Image.Digest, image.Lock.Wanted, lane.Token);
            done[index] = done[index] with { Locked = true };
        }
    }

    private static async Task RequireUnchangedTargetAsync(PlannedImage image, CancellationToken cancellationToken)
    {
        var tagged = await image.Target.Repository.FindTagAsync(image.Target.Tag!, cancellationToken);

        // Somebody who promoted the same at the same time did what this plan wants.
        if (tagged?.Digest != image.TagBefore && tagged?.Digest != image.Image.Digest)
            throw PromotionErrors.TargetTagChanged(image.Target.Repository.Location, image.Target.Tag!, image.TagBefore, tagged?.Digest);
    }

    private static async Task<TransferResult?> CopyImageAsync(PromotionRequest request, PlannedImage image, Destination to, TargetWriter lane)
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

    private static PromotionRecord ToRecord(PromotionPlan plan, PlannedImage image, DateTimeOffset now) => new()
    {
        Environment = plan.Request.Environment.Name,
        Region = plan.Request.Regions.ElementAtOrDefault(image.TargetNumber),
        Version = plan.Request.Release.Version,
        Image = image.Image.Name,
        Digest = image.Image.Digest,
        Promoted = now,
        By = plan.Request.By,
        From = image.Source.Location,
        To = image.Target.Repository.Location,
        Gates = [.. plan.Gates.Select(gate => gate.ToRecord())],
        MovedTag = image is { Tag: TagChange.Moved, TagBefore: { } before } ? new MovedTag { From = before, Reason = image.Target.MoveTagReason! } : null,
    };

    private static ImageOutcome ToOutcome(PlannedImage image, Destination to, TransferResult? transfer) => new()
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

/// <summary>What became of a promotion.</summary>
public sealed record PromotionOutcome
{
    /// <summary>The plan that was applied.</summary>
    public required PromotionPlan Plan { get; init; }

    /// <summary>What became of each target, in the order of the request.</summary>
    public required IReadOnlyList<CopyOutcome> Targets { get; init; }

    /// <summary>What became of the hosts.</summary>
    public DeploymentOutcome Deployment { get; init; } = DeploymentOutcome.Empty;

    /// <summary>Throws the failure of the first target that failed, or else of the first host.</summary>
    public void ThrowIfFailed()
    {
        if (Targets.FirstOrDefault(target => !target.Succeeded)?.Error is { } error)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        Deployment.ThrowIfFailed();
    }
}

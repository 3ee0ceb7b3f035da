using System.Collections.Concurrent;
using Gantry.Attestations;
using Gantry.Copying;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>Promotes to one target after the other, or to several in parallel: first the content, then what makes it visible.</summary>
/// <param name="plan">The promotion.</param>
/// <param name="time">The clock for the dates of records.</param>
/// <param name="attestations">Receives the attestations that are written, by target and image.</param>
internal sealed class TargetPromotion(
    PromotionPlan plan, TimeProvider time, ConcurrentDictionary<(PromotionTarget Target, string Image), Digest> attestations)
{
    private readonly PromotionRecordFactory _records = new(plan);

    /// <summary>Copies the manifests, blobs and attachments of all images to a target. No tag points to them yet.</summary>
    public async Task<IReadOnlyList<CopiedImage>> CopyAsync(PromotionTarget target, CopySession session, TargetWriter lane)
    {
        var images = plan.ImagePlans.Where(image => image.PromotionTarget == target).ToList();
        await Concurrently.ForEachAsync(images, EnsureUnchangedTargetAsync, lane.Token);
        var copies = images
            .Select(image => (Image: image, To: new Destination(
                image.Target.Repository, session.GetBlobSource(image.Source), image.BlobsThere)))
            .ToList();
        return await Concurrently.SelectAsync(
            copies,
            async (copy, _) =>
            {
                using var activity = Telemetry.StartImage("copy", copy.Image.Target.Repository.Location, copy.Image.Target.Tag);
                activity?.SetTag("oci.manifest.digest", $"{copy.Image.Image.Digest}");
                var image = await ReadAsync(copy.Image, session.Token);
                return new CopiedImage(image, copy.To, await CopyAsync(image, copy.To, lane));
            },
            lane.Token);
    }

    /// <summary>Records the promotion at a target to which all images were copied, and tags and locks them.</summary>
    /// <param name="copied">All images of the target.</param>
    /// <param name="lane">Writes to the target.</param>
    /// <param name="done">Receives each image that is tagged.</param>
    public async Task PlaceAsync(
        IReadOnlyList<CopiedImage> copied, TargetWriter lane, ConcurrentDictionary<int, ImageOutcome> done)
    {
        List<ImagePlan> images = [.. copied.Select(image => image.Plan)];

        // What has no tag is not visible, so it has no record, and other promotions need not be looked at.
        if (plan.Request.Slice is not null)
        {
            for (var index = 0; index < copied.Count; index++)
                done[index] = copied[index].ToOutcome();
            return;
        }

        // Copying may have taken long: a newer release that another run promoted meanwhile must not be replaced.
        if (images.Find(image => image.WritesRecord) is { } recorded)
            await plan.EnsureOrderAsync(recorded.PromotionTarget, recorded.RollsBackFrom, lane.Token);

        // A hold that was set meanwhile keeps the release out. Before the environment goes back, it is held: a run in between must not
        // bring back what it goes back from.
        var holds = new PlannedHolds(plan, images[0].PromotionTarget, time);
        await holds.BeginAsync(lane.Token);

        // Before the tags: a release is then never visible without its record. A record without its tag means nothing, and the next run
        // writes a new one.
        var now = DocumentArtifact.PreciseNow(time);
        foreach (var image in images.Where(image => image.WritesRecord))
        {
            lane.AddRepository(image.Target.Repository);
            if (await PromotionAttestor.PutAsync(plan, image, _records.Create(image, now), now, lane.Token) is { } attestation)
                attestations[(image.PromotionTarget, image.Image.Name)] = attestation;
        }

        await Concurrently.ForEachAsync(
            images.Where(image => !image.NothingMoves && image.PromotionTarget.Trust is not null),
            (image, token) => plan.Request.ExtraSignatures.AddAsync(
                image, image.PromotionTarget.Trust!, plan.Request.Signer!, now, token),
            lane.Token);

        // Copying may have taken long: a tag that another run wrote meanwhile must not be moved.
        if (images.Any(image => image.Tag != TagChange.None))
            await Concurrently.ForEachAsync(images, EnsureUnchangedTargetAsync, lane.Token);

        // From here on the release is visible. All of it is in place.
        for (var index = 0; index < images.Count; index++)
        {
            var image = images[index];
            if (image.Lock.Unlocks)
                await plan.Request.Locks!.UnlockTagAsync(image.PromotionTarget.Address, image.Image.Name, image.Target.Tag!, lane.Token);
            if (image.Tag != TagChange.None)
                await lane.TagAsync(copied[index].To, image.Target.Tag!, image.Root);
            done[index] = copied[index].ToOutcome();
        }

        // After all are tagged: a lock that fails does not leave half a release.
        for (var index = 0; index < images.Count; index++)
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

    private static async Task EnsureUnchangedTargetAsync(ImagePlan image, CancellationToken cancellationToken)
    {
        var tagged = await image.Target.Repository.ReadTagAsync(image.Target.Tag!, cancellationToken);

        // Another run that promoted the same release has done what this plan wants.
        if (tagged?.Digest != image.TagBefore && tagged?.Digest != image.Image.Digest)
            throw PromotionErrors.TargetTagChanged(image.Target.Repository.Location, image.Target.Tag!, image.TagBefore, tagged?.Digest);
    }

    // What the plan left for now. All targets share what is read.
    private async Task<ImagePlan> ReadAsync(ImagePlan image, CancellationToken cancellationToken)
    {
        if (image.Unread is not { } source)
            return image;
        var attachments = await source.ReadAttachmentsAsync(cancellationToken);
        return image with
        {
            Attachments = attachments,
            MissingAttachments = await new TargetInspector(plan.Request.Options).FindMissingAsync(
                image.Target, attachments, fresh: false, cancellationToken),
        };
    }

    private async Task<TransferResult?> CopyAsync(ImagePlan image, Destination to, TargetWriter lane)
    {
        var answer = image.Transfer;
        if (image.Graph is { } graph)
        {
            var (there, isComplete) = (image.BlobsThere, false);
            if (answer is { Succeeded: true })
                (answer, there, isComplete) = await new ServerSideCopier(plan.Request).RunAsync(image, graph, lane.Token);
            if (!isComplete)
                await lane.WriteAsync(to with { KnownBlobs = there }, graph, withRoot: true);
        }

        await AttachmentWriter.WriteAsync(lane, to, image.MissingAttachments);
        return answer;
    }
}

/// <summary>An image whose content is at a target, and that is not recorded and tagged there yet.</summary>
/// <param name="Plan">The image.</param>
/// <param name="To">The repository, and the count of what was written to it.</param>
/// <param name="Transfer">The result of the server-side copy; null when none was tried.</param>
internal sealed record CopiedImage(ImagePlan Plan, Destination To, TransferResult? Transfer)
{
    /// <summary>Returns the outcome of the image when it is tagged.</summary>
    public ImageOutcome ToOutcome() => new()
    {
        Source = Plan.Source.Location,
        Target = Plan.Target,
        Root = Plan.Image.Descriptor,
        TagBefore = Plan.TagBefore,
        BlobsUploaded = To.Tally.BlobsUploaded,
        BytesUploaded = To.Tally.BytesUploaded,
        BlobsMounted = To.Tally.BlobsMounted,
        ManifestsWritten = To.Tally.ManifestsWritten,
        Attachments = Plan.Attachments.Count,
        SkippedLayers = Plan.Graph?.SkippedLayers ?? [],
        Recorded = Plan.WritesRecord,
        Transfer = Transfer,
        TagWritten = Plan.Tag != TagChange.None,
        TagUnlocked = Plan.Lock.Unlocks,
    };
}

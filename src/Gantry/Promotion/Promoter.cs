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
/// In an environment with waves, the content is copied to all targets before the first record; then the rest is done wave by wave.
/// </remarks>
public sealed class Promoter
{
    /// <summary>The progress of the promotion.</summary>
    public CopyProgress Progress { get; init; } = new();

    /// <summary>The folder for blobs that slower targets still need, when there are several targets.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();

    /// <summary>Called when a deployment or health check begins; from several threads when there are several targets.</summary>
    public Action<DeploymentStep>? Deploying { get; init; }

    /// <summary>Called when a wave begins.</summary>
    public Action<PlannedWave>? WaveBegins { get; init; }

    /// <summary>Called when the promotion pauses before a wave, with the time at which the wave begins.</summary>
    public Action<PlannedWave, DateTimeOffset>? Pausing { get; init; }

    /// <summary>The clock for the dates of records, and for the pauses between waves.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Applies exactly the plan. Before anything is written, throws <c>GAN4021</c> when the base tag has moved since, <c>GAN4022</c> when
    /// the tag at a target has moved (checked again before the first tag is written), <c>GAN4066</c> to <c>GAN4068</c> when a newer release
    /// was promoted since (checked after copying, before the hosts of a target are changed, and before they are recorded), <c>GAN5004</c>
    /// when the gates are undecided, <c>GAN4601</c> and <c>GAN4602</c> when the environment is held. A failure at one target is in its
    /// outcome and does not stop the others of its wave; no later wave begins. Cancelling stops all and throws.
    /// </summary>
    /// <exception cref="ArgumentException">The plan is one of a dry run: <see cref="PromotionRequest.AssumesBefore"/>.</exception>
    public async Task<PromotionOutcome> ApplyAsync(PromotionPlan plan, CancellationToken cancellationToken) =>
        await DeployAsync(await CopyImagesAsync(plan, cancellationToken), cancellationToken);

    /// <summary>
    /// Runs the first part of <see cref="ApplyAsync"/>: copies the images, without deploying to hosts. In an environment with waves, no
    /// image is recorded and tagged yet.
    /// </summary>
    public async Task<PromotionOutcome> CopyImagesAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Request.AssumesBefore)
            throw new ArgumentException("A plan that assumes the previous environment cannot be applied.", nameof(plan));
        if (plan.IsHeld)
            throw HoldErrors.Held(plan.Request.Release.Version, plan.Holds[0]);
        if (plan.AwaitsDecision)
            throw GateErrors.GatesUndecided(plan.Request.Release.Version, plan.Request.Environment);
        await EnsureUnmovedSourcesAsync(plan, cancellationToken);

        var attestations = new ConcurrentDictionary<(PromotionTarget Target, string Image), Digest>();
        var promotion = new TargetPromotion(plan, Time, attestations);
        var targets = plan.Request.Targets;
        await using var session = new CopySession(targets.Count, plan.Request.Options, Progress, SpoolFolder, cancellationToken);
        if (plan.Waves.Count > 0)
            return await new WavePromotion(this, plan, promotion, attestations).CopyAsync(session);
        return new PromotionOutcome
        {
            Plan = plan,
            Targets = await session.RunAsync(async (number, lane, done) =>
                await promotion.PlaceAsync(await promotion.CopyAsync(targets[number], session, lane), lane, done)),
            Attestations = attestations,
        };
    }

    /// <summary>
    /// Runs the second part of <see cref="ApplyAsync"/>: deploys to the hosts of all targets whose images are in place, checks them, and
    /// records it. In an environment with waves, does this for one wave after the other, each of which is recorded and tagged first.
    /// </summary>
    /// <param name="placed">The outcome of the first part.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PromotionOutcome> DeployAsync(PromotionOutcome placed, CancellationToken cancellationToken)
    {
        if (placed.Waves is { } waves)
            return await waves.RunAsync(placed, cancellationToken);
        var plan = placed.Plan;
        var deployment = await RunStepsAsync(plan, plan.Deployment, target => placed.At(target).Succeeded, cancellationToken);
        await RecordHostsAsync(plan, plan.Deployment, deployment, placed.Attestations, cancellationToken);
        return placed with { Deployment = deployment };
    }

    /// <summary>Carries out the steps of some targets of a plan.</summary>
    internal Task<DeploymentOutcome> RunStepsAsync(
        PromotionPlan plan, DeploymentPlan steps, Func<PromotionTarget, bool> isInPlace, CancellationToken cancellationToken) =>
        DeploymentRunner.RunAsync(steps, isInPlace, plan.EnsureCurrentAsync, Deploying, cancellationToken);

    /// <summary>
    /// Writes a second record when hosts have changed or are not yet recorded as done: records are never changed.
    /// </summary>
    internal async Task RecordHostsAsync(
        PromotionPlan plan, DeploymentPlan steps, DeploymentOutcome deployment,
        IReadOnlyDictionary<(PromotionTarget Target, string Image), Digest> attestations, CancellationToken cancellationToken)
    {
        var now = DocumentArtifact.PreciseNow(Time);
        var records = new PromotionRecordFactory(plan);
        foreach (var (target, isRecorded) in steps.Targets.Select(target => (target.Target, target.IsRecorded)))
        {
            if (!deployment.IsDoneAt(target) || (isRecorded && !steps.HasChangesAt(target)))
                continue;

            // The last promotion makes a release the current one. Health checks may have taken long.
            await plan.EnsureCurrentAsync(target, cancellationToken);
            var hosts = deployment.StepsAt(target).Select(RecordedHost.Of).ToList();
            foreach (var image in plan.ImagePlans.Where(image => image.PromotionTarget == target))
            {
                // When nothing changes, no gates were evaluated: use those of the promotion that this one completes.
                var record = image.LastRecord is { } last && plan.ChangesNothing
                    ? PromotionRecordFactory.Link(
                        last with { Promoted = PromotionRecordFactory.DateOf(image, now) }, last.Signature?.Attestation)
                    : records.Create(image, now);
                if (attestations.TryGetValue((target, image.Image.Name), out var first))
                    record = PromotionRecordFactory.Link(record, first);
                await PromotionAttestor.PutAsync(plan, image, record with { Hosts = hosts }, now, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Ensures that the base tags still point to what is promoted. A person may have thought about the plan for hours, and waves may be
    /// days apart.
    /// </summary>
    internal static Task EnsureUnmovedSourcesAsync(PromotionPlan plan, CancellationToken cancellationToken) => Concurrently.ForEachAsync(
        plan.ImagePlans.DistinctBy(image => image.Source.Location),
        (image, token) => BaseTags.EnsureUnmovedAsync(image.Source, image.Target.Tag!, image.Image.Digest, token),
        cancellationToken);
}

using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>
/// Applies a plan wave by wave. The content is copied to all targets first. Then, for each wave: its targets are recorded and tagged, their
/// hosts are updated and checked, and that is recorded. A wave begins when the one before is complete, and after the pause; a failure ends
/// the promotion there.
/// </summary>
/// <param name="promoter">Applies the plan.</param>
/// <param name="plan">The plan.</param>
/// <param name="promotion">Promotes to one target.</param>
/// <param name="attestations">The attestations that were written.</param>
internal sealed class WavePromotion(
    Promoter promoter, PromotionPlan plan, TargetPromotion promotion,
    IReadOnlyDictionary<(PromotionTarget Target, string Image), Digest> attestations)
{
    private readonly IReadOnlyList<PromotionTarget> _targets = plan.Request.Targets;
    private readonly Dictionary<PromotionTarget, IReadOnlyList<CopiedImage>> _copied = [];
    private readonly Dictionary<PromotionTarget, DateTimeOffset> _reached = new(plan.EarlierWaves);

    /// <summary>Copies the content to all targets. When that fails at one of them, no wave can begin.</summary>
    public async Task<PromotionOutcome> CopyAsync(CopySession session)
    {
        var copied = new IReadOnlyList<CopiedImage>[_targets.Count];
        var targets = await session.RunAsync(
            async (number, lane, _) => copied[number] = await promotion.CopyAsync(_targets[number], session, lane), completes: false);
        var failure = targets.FirstOrDefault(target => !target.Succeeded)?.Error;
        for (var number = 0; failure is null && number < copied.Length; number++)
            _copied[_targets[number]] = copied[number];
        return new PromotionOutcome
        {
            Plan = plan,
            Targets = failure is null
                ? targets
                : [.. targets.Select((target, number) => target.Succeeded ? NotBegun(_targets[number], stoppedIn: null) : target)],
            NotBegun = failure is null ? [] : plan.Waves,
            Failure = failure,
            Attestations = attestations,
            Waves = this,
        };
    }

    /// <summary>Goes through the waves, and returns the outcome of them all.</summary>
    public async Task<PromotionOutcome> RunAsync(PromotionOutcome copied, CancellationToken cancellationToken)
    {
        var outcomes = new Dictionary<PromotionTarget, CopyOutcome>();
        var parts = new List<DeploymentOutcome>();
        var failure = copied.Failure;
        PlannedWave? stoppedIn = null;
        foreach (var wave in failure is null ? plan.Waves : [])
        {
            await PauseAsync(wave, cancellationToken);
            promoter.WaveBegins?.Invoke(wave);
            failure = await RunAsync(wave, outcomes, parts, cancellationToken);
            if (failure is null)
                continue;
            stoppedIn = wave;
            break;
        }

        return copied with
        {
            Targets = copied.Failure is not null
                ? copied.Targets
                : [.. _targets.Select(target => outcomes.GetValueOrDefault(target) ?? NotBegun(target, stoppedIn))],
            Deployment = DeploymentOutcome.Of(plan.Deployment, parts),
            Failure = failure,
            StoppedIn = stoppedIn,
            NotBegun = stoppedIn is null ? copied.NotBegun : [.. plan.Waves.Where(wave => wave.Number > stoppedIn.Number)],
        };
    }

    private static CopyOutcome NotBegun(PromotionTarget target, PlannedWave? stoppedIn) =>
        new() { Images = [], Error = WaveErrors.NotBegun(target, stoppedIn) };

    // Returns what has failed; null when the wave is complete.
    private async Task<Exception?> RunAsync(
        PlannedWave wave, Dictionary<PromotionTarget, CopyOutcome> outcomes, List<DeploymentOutcome> parts,
        CancellationToken cancellationToken)
    {
        await PlaceAsync(wave, outcomes, cancellationToken);
        var steps = plan.Deployment.Of(wave.Targets, areLast: wave == plan.Waves[^1]);
        var deployment = await promoter.RunStepsAsync(plan, steps, target => outcomes[target].Succeeded, cancellationToken);
        parts.Add(deployment);
        try
        {
            await promoter.RecordHostsAsync(plan, steps, deployment, attestations, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // What the other regions have must be said, too.
            return error;
        }

        if (wave.Targets.Select(target => outcomes[target].Error).FirstOrDefault(error => error is not null) is { } first)
            return first;
        if (deployment.Steps.FirstOrDefault(step => step.Error is not null)?.Error is { } failed)
            return failed;
        foreach (var target in wave.Targets)
            _reached[target] = HasWork(target) ? promoter.Time.GetUtcNow() : DateOf(target);
        return null;
    }

    private async Task PlaceAsync(
        PlannedWave wave, Dictionary<PromotionTarget, CopyOutcome> outcomes, CancellationToken cancellationToken)
    {
        var obstacle = await FindObstacleAsync(wave, cancellationToken);
        foreach (var target in obstacle is null ? [] : wave.Targets)
            outcomes[target] = new CopyOutcome { Images = [], Error = obstacle };
        if (obstacle is not null)
            return;

        await using var session = new CopySession(
            wave.Targets.Count, plan.Request.Options, promoter.Progress, promoter.SpoolFolder, cancellationToken);
        var placed = await session.RunAsync((number, lane, done) => promotion.PlaceAsync(_copied[wave.Targets[number]], lane, done));
        for (var number = 0; number < placed.Count; number++)
            outcomes[wave.Targets[number]] = placed[number];
    }

    // In a pause, a person may have gone back in an earlier wave, or another run may have promoted a newer release to it.
    private async Task<Exception?> FindObstacleAsync(PlannedWave wave, CancellationToken cancellationToken)
    {
        if (!wave.Targets.Any(HasWork))
            return null;
        try
        {
            await Promoter.EnsureUnmovedSourcesAsync(plan, cancellationToken);
            await new EarlierWaveVerifier(plan.Registries, promoter.Time).RequireReleaseAsync(
                plan.Request, [.. _reached.Keys.Where(reached => IsBefore(reached, wave))], wave.Targets[0], cancellationToken);
            return null;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return error;
        }
    }

    private bool IsBefore(PromotionTarget target, PlannedWave wave) =>
        plan.Request.Environment.WaveOf(target.Region) < wave.Number;

    // The records say since when the waves before have the release, whichever run has promoted it.
    private async Task PauseAsync(PlannedWave wave, CancellationToken cancellationToken)
    {
        var before = _reached
            .Where(reached => IsBefore(reached.Key, wave))
            .Select(reached => reached.Value)
            .ToList();
        if (before.Count == 0 || !wave.Targets.Any(HasWork))
            return;
        var pause = plan.Request.Environment.PauseBetweenWaves;
        var now = promoter.Time.GetUtcNow();
        var left = before.Max() - now + pause;

        // A clock that is ahead must not make it longer.
        if (left > pause)
            left = pause;
        if (left <= TimeSpan.Zero)
            return;
        promoter.Pausing?.Invoke(wave, now + left);
        await Task.Delay(left, promoter.Time, cancellationToken);
    }

    private bool HasWork(PromotionTarget target) =>
        plan.ImagePlans.Any(image => image.PromotionTarget == target && !image.NothingMoves)
        || plan.Deployment.HasChangesAt(target)
        || plan.Deployment.Targets.Any(host => host.Target == target && !host.IsRecorded)
        || plan.EndedHolds.Any(hold => hold.Target == target);

    private DateTimeOffset DateOf(PromotionTarget target) => plan.ImagePlans
        .Where(image => image.PromotionTarget == target)
        .Select(image => image.LastRecord?.Promoted ?? DateTimeOffset.MinValue)
        .Max();
}

using Gantry.Deployments;
using Gantry.Differences;
using Gantry.Differences.Selection;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.Notifications;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion.Runs;

/// <summary>
/// Runs one promotion from its plan to its outcome: holds, differences, gates, copies, deployments and the return after a health check that
/// failed. A build and the command line run it alike, and differ in the view and in who answers for gates.
/// </summary>
/// <param name="planner">Plans the promotion.</param>
/// <param name="registries">The client that opens registries, with the credentials of the promotion.</param>
/// <param name="view">Shows what happens.</param>
public sealed class PromotionFlow(PromotionPlanner planner, IRegistryClient registries, IPromotionView view)
{
    /// <summary>Returns the registries of an environment, with the keys that are trusted there.</summary>
    public required Func<PromotionEnvironment, CancellationToken, Task<IReadOnlyList<PromotionTarget>>> TargetsOfAsync { get; init; }

    /// <summary>Returns the keeper that decides on the gates of a plan.</summary>
    public required Func<PromotionPlan, CancellationToken, Task<GateKeeper>> KeeperOfAsync { get; init; }

    /// <summary>
    /// Called when the gates are decided, before anything is written; it throws to stop the promotion. Asks nothing by default.
    /// </summary>
    public Func<PromotionPlan, CancellationToken, Task> ConfirmAsync { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>
    /// The client for what is only shown; one that caches contents reads nothing twice. By default that of the promotion.
    /// </summary>
    public IRegistryClient? Reading { get; init; }

    /// <summary>The history of the sources; null without a clone.</summary>
    public ICommitLog? Commits { get; init; }

    /// <summary>The clock; the system clock by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Adds what the caller offers to the remedy of a warning.</summary>
    public Func<GantryException, GantryException> Offer { get; init; } = warning => warning;

    /// <summary>Called for an error that is not reported, because another one says more.</summary>
    public Action<GantryException> Ignored { get; init; } = _ => { };

    /// <summary>Adds warnings to those about gates that the plan overrides.</summary>
    public Action<PromotionPlan> Warn { get; init; } = _ => { };

    /// <summary>Sends messages to the channels of the environment; null to send none.</summary>
    public Notifier? Notifier { get; init; }

    /// <summary>
    /// True when a person has named the release, for this environment or for a later one to which it does not come when this one is held.
    /// </summary>
    public bool IsNamed { get; init; }

    /// <summary>True to show the plan, and write nothing.</summary>
    public bool IsDry { get; init; }

    /// <summary>
    /// An error that was reported before the gates were decided, so that it is not repeated as a warning of a dry run; null for none.
    /// </summary>
    public GantryException? Reported { get; init; }

    /// <summary>
    /// Runs the promotion. Throws the errors of <see cref="PromotionPlanner"/>, <see cref="GateKeeper"/> and <see cref="Promoter"/>, and
    /// <c>GAN4615</c> when the environment could not return after a health check that failed.
    /// </summary>
    /// <param name="request">The release and its targets.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<PromotionFlowResult> RunAsync(PromotionRequest request, CancellationToken cancellationToken) =>
        TraceAsync("promote", request, () => RunAndNotifyAsync(request, cancellationToken));

    private static Task<T> TraceAsync<T>(string part, PromotionRequest request, Func<Task<T>> work) =>
        Telemetry.TraceAsync(part, request.Environment.Name, request.Release.Version, work);

    private async Task<PromotionFlowResult> RunAndNotifyAsync(PromotionRequest request, CancellationToken cancellationToken)
    {
        var hasBegun = false;
        try
        {
            var result = await RunPartsAsync(request, () => hasBegun = true, cancellationToken);
            if (result.Outcome is { } outcome)
                await NotifyAsync(
                    request,
                    request.Returns ? NotificationEvents.RolledBack : NotificationEvents.Promoted,
                    PromotionMessages.Of(outcome),
                    cancellationToken);
            return result;
        }
        catch (GantryException error)
        {
            await NotifyAsync(
                request,
                hasBegun ? NotificationEvents.Failed : NotificationEvents.Refused,
                PromotionMessages.Of(request, error, hasBegun),
                cancellationToken);
            throw;
        }
    }

    // A slice is a part of a promotion, which has its own message.
    private Task NotifyAsync(
        PromotionRequest request, NotificationEvents what, NotificationMessage message, CancellationToken cancellationToken) =>
        IsDry || request.Slice is not null || Notifier is null
            ? Task.CompletedTask
            : Notifier.SendAsync(request.Environment, what, message, view.Warn, cancellationToken);

    private async Task<PromotionFlowResult> RunPartsAsync(PromotionRequest request, Action begins, CancellationToken cancellationToken)
    {
        if (await TraceAsync("plan", request, () => PlanAsync(request, cancellationToken)) is not { } plan)
            return new PromotionFlowResult(Plan: null, Outcome: null);
        if (plan.IsHeld)
            return Stay(plan);

        // The promotion after the slices shows what it changes.
        if (plan.Request.Slice is null)
            plan = await new PlanDifferenceReader(Reading ?? registries, Time) { Commits = Commits }.AddToAsync(plan, cancellationToken);
        if (IsDry)
            return await ShowAsync(plan, cancellationToken);

        view.ShowPlan(plan);
        if (plan.NothingMoves && plan.Deployment.Steps.Count == 0 && !plan.ChangesHolds)
        {
            view.Report(plan, outcome: null);
            return new PromotionFlowResult(plan, Outcome: null);
        }

        plan = await TraceAsync("decide gates", request, () => DecideAsync(plan, cancellationToken));
        await ConfirmAsync(plan, cancellationToken);
        begins();
        return await ApplyAsync(plan, cancellationToken);
    }

    private async Task<PromotionFlowResult> ApplyAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        var environment = plan.Request.Environment.DisplayName;
        var promoter = new Promoter
        {
            Time = Time,
            Deploying = step => view.Inform($"{step.Description} …"),
            WaveBegins = wave => view.Inform($"Promoting to {environment}: {wave.DisplayName} …"),
            Pausing = (wave, until) => view.Inform($"Waiting until {Format.Time(until)} for {wave.DisplayName} …"),
        };
        var placed = await TraceAsync("copy images", plan.Request, () => view.ShowProgressAsync(
            promoter.Progress, () => promoter.CopyImagesAsync(plan, cancellationToken), cancellationToken));
        var outcome = await TraceAsync("deploy", plan.Request, () => promoter.DeployAsync(placed, cancellationToken));
        view.ShowOutcome(outcome);
        view.Report(plan, outcome);
        if (AutomaticReturn.IsDue(outcome))
            await ReturnAsync(new AutomaticReturn(registries, planner, promoter, Time), outcome, cancellationToken);
        outcome.ThrowIfFailed();
        return new PromotionFlowResult(plan, outcome);
    }

    // Where an environment before is held, the release is not there: that is no error of a run for which no person has named a release.
    private async Task<PromotionPlan?> PlanAsync(PromotionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await planner.PlanAsync(request, cancellationToken);
        }
        catch (GantryException) when (!IsNamed && request is { IsNamed: false, Returns: false, Environment.After: not null })
        {
            if (await FindHeldBeforeAsync(request, cancellationToken) is not { } held)
                throw;
            view.Warn(Offer(held.Refuse(request.Release.Version, request.Environment)));
            return null;
        }
    }

    private async Task<HoldState?> FindHeldBeforeAsync(PromotionRequest request, CancellationToken cancellationToken)
    {
        var release = request.Release;
        try
        {
            var images = release.Images.Select(image => image.Name).ToList();
            for (var before = request.Environment.After; before is not null; before = before.After)
            {
                foreach (var target in await TargetsOfAsync(before, cancellationToken))
                {
                    var state = await new HoldReader(registries).ReadAsync(target, images, cancellationToken);
                    var there = await registries.Open(target.Address, images[0]).FindTagAsync(release.Tag, cancellationToken);
                    if (state.KeepsOut(release.Version) && there?.Digest != release.Images[0].Digest)
                        return state;
                }
            }
        }
        catch (GantryException error)
        {
            // What stopped the promotion says more.
            Ignored(error);
        }

        return null;
    }

    // A person who has named the release for a later environment must know that it does not get there.
    private PromotionFlowResult Stay(PromotionPlan plan)
    {
        view.ShowPlan(plan);
        view.Report(plan, outcome: null);
        var held = plan.Holds[0].Refuse(plan.Request.Release.Version);
        if (IsNamed || plan.Request.IsNamed)
            throw held;
        view.Warn(Offer(held));
        return new PromotionFlowResult(plan, Outcome: null);
    }

    private async Task ReturnAsync(AutomaticReturn way, PromotionOutcome failed, CancellationToken cancellationToken)
    {
        var environment = failed.Plan.Request.Environment.DisplayName;
        view.Inform($"{environment} returns to the release that was there before …");
        var returned = await way.RunAsync(failed, cancellationToken);
        if (returned.Outcome is { } outcome)
        {
            view.ShowPlan(outcome.Plan);
            view.ShowOutcome(outcome);
            view.Report(outcome.Plan, outcome);
            await NotifyAsync(
                outcome.Plan.Request, NotificationEvents.RolledBack, PromotionMessages.Of(outcome), cancellationToken);
        }

        var cause = failed.Deployment.Steps.Select(step => step.Error).OfType<GantryException>().First();
        throw RunErrors.Returned(cause, environment, returned);
    }

    // Steps on hosts are shown and not taken. A promotion of images that are there may still have to record the hosts.
    private async Task<PromotionFlowResult> ShowAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        WarnOf(plan);
        var keeper = await KeeperOfAsync(plan, cancellationToken);
        plan = keeper.DecideInAdvance(plan);
        view.ShowPlan(plan);
        if (plan.AwaitsDecision && (keeper.Unconfirmed ?? GateKeeper.FindRefusal(plan)) is { } refusal && refusal != Reported)
            view.Warn(refusal);
        foreach (var gate in plan.AwaitsDecision ? plan.ReplacedByApproval : [])
            view.Inform($"Dry run: this needs {gate}, or one person with --approve \"reason\" or at a terminal");
        view.Report(plan, outcome: null);
        return new PromotionFlowResult(plan, Outcome: null);
    }

    private async Task<PromotionPlan> DecideAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        WarnOf(plan);
        var keeper = await KeeperOfAsync(plan, cancellationToken);
        plan = await keeper.DecideAsync(plan, cancellationToken);

        // The plan was shown before anyone was asked.
        if (keeper.Approvals is not null)
            view.ShowApprovals(plan);
        return plan;
    }

    private void WarnOf(PromotionPlan plan)
    {
        foreach (var gate in plan.Gates.Where(gate => gate.Verdict == GateVerdict.Overridden))
            view.Warn(RunErrors.GateOverridden(plan.Request.Release.Version, gate, plan.Request.Environment.DisplayName));
        Warn(plan);
    }
}

/// <summary>The result of a promotion.</summary>
/// <param name="Plan">The plan; null when a hold of an environment before keeps the release from it.</param>
/// <param name="Outcome">The outcome; null when nothing was applied.</param>
public sealed record PromotionFlowResult(PromotionPlan? Plan, PromotionOutcome? Outcome)
{
    /// <summary>True when the promotion has changed something, or would without a dry run.</summary>
    public bool Changes => Plan is { IsHeld: false, WritesNothing: false };
}

using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Differences;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Promotion;
using Gantry.Promotion.Runs;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Nuke.Promoting;

/// <summary>Runs one promotion as a target does: plan, gates, and the application of the plan.</summary>
internal sealed record PromotionRun
{
    private readonly BuildRun _run = BuildRun.From(EnvironmentInfo.Variables);

    /// <summary>The environment to promote to.</summary>
    public required PromotionEnvironment Environment { get; init; }

    /// <summary>The registries of the build.</summary>
    public required RegistrySettings Registries { get; init; }

    /// <summary>The keys of the build and its environments.</summary>
    public required SigningKeys Keys { get; init; }

    /// <summary>The sources that declare the environments; null when they are not known.</summary>
    public PolicySource? Policy { get; init; }

    /// <summary>The deployers; the first one that accepts a deployment carries it out.</summary>
    public required IReadOnlyList<IDeployer> Deployers { get; init; }

    /// <summary>The evaluators of the gates that the build class has derived.</summary>
    public required IReadOnlyList<IGateEvaluator> GateEvaluators { get; init; }

    /// <summary>Copies images on the server side; null when this machine reads and writes them.</summary>
    public IServerSideCopy? ServerSideCopy { get; init; }

    /// <summary>Returns the environments of Azure DevOps whose checks are the gates of the environment: one for each pipeline.</summary>
    public required Func<IReadOnlyList<string>> AzureEnvironments { get; init; }

    /// <summary>Returns the environment of GitHub whose rules are the gates of the environment.</summary>
    public required Func<string> GitHubEnvironment { get; init; }

    /// <summary>Returns the users and teams of GitHub for approvers of the build class.</summary>
    public required Func<IReadOnlyDictionary<string, string>> GitHubApprovers { get; init; }

    /// <summary>The only region to promote to; null for all.</summary>
    public string? Region { get; init; }

    /// <summary>The slice to place; null to promote the whole release.</summary>
    public ReleaseSlice? Slice { get; init; }

    /// <summary>The number of the only wave of regions to promote to; null for all.</summary>
    public int? Wave { get; init; }

    /// <summary>The reason of an approval given in advance.</summary>
    public string? Approve { get; init; }

    /// <summary>The reason for not waiting for the soak time.</summary>
    public string? OverrideSoak { get; init; }

    /// <summary>The reason for skipping what does not hold, in an emergency.</summary>
    public string? BreakGlass { get; init; }

    /// <summary>The reason for moving tags that exist with another digest.</summary>
    public string? MoveTag { get; init; }

    /// <summary>The reason for going back to an older release.</summary>
    public string? GoBack { get; init; }

    /// <summary>True when a person has named the release, which ends a hold.</summary>
    public bool IsNamed { get; init; }

    /// <summary>True to go back to a release that was there before.</summary>
    public bool Returns { get; init; }

    /// <summary>Adds the parameters and targets of the build to the remedy of a warning.</summary>
    public Func<GantryException, GantryException> Offer { get; init; } = warning => warning;

    /// <summary>True to unlock a locked tag in order to move it.</summary>
    public bool UnlockTags { get; init; }

    /// <summary>Shows what happens.</summary>
    public required IPromotionView View { get; init; }

    /// <summary>The dry run; null when the promotion is carried out.</summary>
    public DryRun? Dry { get; init; }

    public async Task RunAsync(Release release, CancellationToken cancellationToken)
    {
        var confirmation = await RunConfirmation.OfAsync(Registries.Build, _run, GitHubApprovers, cancellationToken);
        var access = RegistryAccess.Of(Registries, Environment);
        var planner = new PromotionPlanner(access.Client)
        {
            Deployments = BuiltInDeployers.Planner(Deployers),
            Evaluators = GateEvaluators,
            Keys = new KeyFiles(Registries.Build.RootDirectory),
        };
        using var notifier = BuiltInDeployers.Notifier();
        var flow = new PromotionFlow(planner, access.Client, View)
        {
            TargetsOfAsync = Keys.TargetsOfAsync,
            KeeperOfAsync = (plan, token) => KeeperAsync(plan, confirmation, token),
            Reading = access.Reading,
            Commits = new GitCommitLog(Registries.Build.RootDirectory),
            Offer = Offer,
            Ignored = VerboseLog.WriteCauses,
            Warn = plan => Warn(plan, confirmation),
            Reported = confirmation.Problem,
            Notifier = notifier,
            IsNamed = IsNamed,
            IsDry = Dry is not null,
        };
        var result = await flow.RunAsync(
            await CreateRequestAsync(release, access.Locks, confirmation, cancellationToken), cancellationToken);
        if (result.Plan is { IsHeld: false })
            Dry?.Enter(Environment);
        Dry?.Report($"the promotion to {Environment.DisplayName}", result.Changes);
    }

    private static void Warn(PromotionPlan plan, RunConfirmation confirmation)
    {
        if (confirmation is { Run: null, Problem: { } problem })
            RunReport.Current.Warn(problem);
        if (plan.HasDelegableGates && confirmation.Run is { IsEnvironmentVerified: false, Environment: { } claimed } run)
            RunReport.Current.Warn(run.IsInGitHub
                ? PromoteErrors.ClaimedGitHubEnvironment(run.Id, claimed)
                : PromoteErrors.ClaimedEnvironment(run.Id, claimed));
    }

    private async Task<GateKeeper> KeeperAsync(
        PromotionPlan plan, RunConfirmation confirmation, CancellationToken cancellationToken)
    {
        var elsewhere = plan.HasDelegableGates && confirmation.Run is { } run && !IsBesideDeployment(plan, run)
            ? FindOtherEnvironment(run)
            : null;
        var gap = elsewhere is null && confirmation.Run is { } holder ? FindGap(plan, holder) : null;
        return new(new TerminalPrompt(Registries.Build))
        {
            Service = elsewhere is null ? confirmation.Run?.ToString() : null,
            Holds = gate => confirmation.Run?.FindGap(gate) is null,
            Approvals = elsewhere is null && plan.Request.Slice is null && confirmation.Run is { } asked && AsksForApproval(plan, asked)
                ? await asked.ReadApprovalsAsync(cancellationToken)
                : null,
            Approval = Approve,
            Unconfirmed = elsewhere ?? gap ?? confirmation switch
            {
                { Problem: { } problem } => problem,
                { IsClaimed: true, Run: null } => confirmation.NoToken(_run.Claims!, Environment.DisplayName),
                _ => null,
            },
        };
    }

    private static bool AsksForApproval(PromotionPlan plan, ConfirmedRun run) => plan.HasDelegableGates && plan.Gates.Any(gate =>
        gate is { Verdict: null, DoesNotHold: false, Gate: ApprovalGate } && run.FindGap(gate.Gate) is null);

    // Azure Pipelines asks the checks of a stage before any of its jobs. A deployment job cannot be split, so the jobs that place slices
    // deploy to no environment: they are in the stage of the one that does and that records who held the gates.
    private static bool IsBesideDeployment(PromotionPlan plan, ConfirmedRun run) =>
        plan.Request.Slice is not null && run is { IsInGitHub: false, Environment: null };

    // A run holds the checks of the environment that its job deploys to, and of no other. Names of environments have no case there.
    private GantryException? FindOtherEnvironment(ConfirmedRun run)
    {
        if (run.Environment is not { } there)
            return run.IsInGitHub
                ? PromoteErrors.NoGitHubEnvironment(run.Id, Environment.DisplayName)
                : PromoteErrors.NoAzureEnvironment(run.Id, Environment.DisplayName);
        var names = run.IsInGitHub ? [GitHubEnvironment()] : AzureEnvironments();
        if (names.Contains(there, StringComparer.OrdinalIgnoreCase))
            return null;
        return run.IsInGitHub
            ? PromoteErrors.OtherGitHubEnvironment(run.Id, there, names[0], Environment.DisplayName)
            : PromoteErrors.OtherAzureEnvironment(run.Id, there, names[0], Environment.DisplayName);
    }

    // A service that is asked for a gate which it does not have must not be recorded as its holder.
    private static GantryException? FindGap(PromotionPlan plan, ConfirmedRun run) => plan.Gates
        .Where(gate => gate is { Verdict: null, DoesNotHold: false, Gate.IsEvaluatedByPromotion: false })
        .Select(gate => run.FindGap(gate.Gate) is not { } gap ? null
            : run.IsKnown(gate.Gate) ? PromoteErrors.UnprotectedEnvironment(run, gate.Gate.Description, gap)
            : PromoteErrors.GateWithoutHolder(run, gate))
        .OfType<GantryException>()
        .FirstOrDefault();

    private async Task<PromotionRequest> CreateRequestAsync(
        Release release, IImageLocks locks, RunConfirmation confirmation, CancellationToken cancellationToken)
    {
        var keys = await Keys.OfAsync(Environment, cancellationToken);
        var isUnpublished = Dry?.IsUnpublished == true;
        var target = EnvironmentDeclarations.TargetName(Environment);

        // The default target of the class is the goal only when none is named.
        var planned = Registries.Build.ExecutionPlan;
        var isNamed = planned.Any(other => other.Invoked);
        var isGoal = Returns || planned.Any(other => (isNamed ? other.Invoked : other.IsDefault) && other.Name == target);

        IReadOnlyList<PromotionTarget> targets =
        [
            .. RegionChoice.Of(Environment, Registries.Of(Environment), Region, Wave, isGoal)
                .Select(target => target with { Trust = keys.Trust }),
        ];
        return new PromotionRequest
        {
            Release = release,
            Base = isUnpublished ? Registries.Store : Registries.Base,
            EarlierReleases = Registries.Base,
            Targets = targets,
            EarlierWaves = Returns ? []
                : RegionChoice.EarlierWavesOf(targets, await Keys.TargetsOfAsync(Environment, cancellationToken)),

            // The job of a region may have no right to change the others.
            ReturnsEarlierWaves = Region is null,
            Before = Environment.After is { } before ? await Keys.TargetsOfAsync(before, cancellationToken) : [],
            Signer = keys.Signer,

            // In a dry run, a release that is not published yet has no provenance.
            BaseTrust = isUnpublished ? null : (await Keys.OfBuildAsync(cancellationToken)).Trust,
            Policy = Policy,
            ExtraSignatures = await Keys.ExtraSignaturesOfAsync(Environment, cancellationToken),
            BreakGlassReason = BreakGlass,

            // In a dry run, the previous environment may be entered by this run itself.
            AssumesBefore = Environment.After is { } entered && Dry?.Entered(entered) == true,
            IsOnTheWay = !isGoal,
            Slice = isGoal ? Slice : null,
            MoveTagReason = MoveTag,
            GoBackReason = GoBack,
            IsNamed = IsNamed && isGoal,
            Returns = Returns,
            UnlocksTags = UnlockTags,
            ServerSideCopy = isUnpublished ? null : ServerSideCopy,
            Locks = locks,
            OverrideSoakReason = OverrideSoak,
            By = _run.ActorOf(confirmation.Run),
        };
    }
}

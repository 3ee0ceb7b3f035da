using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.Nuke.Promoting;

/// <summary>Runs one promotion as a target does: plan, gates, and the application of the plan.</summary>
internal sealed class PromotionRun
{
    private readonly BuildRun _run = BuildRun.From(EnvironmentInfo.Variables);

    /// <summary>The environment to promote to.</summary>
    public required PromotionEnvironment Environment { get; init; }

    /// <summary>The registries of the build.</summary>
    public required RegistrySettings Registries { get; init; }

    /// <summary>The deployers; the first one that accepts a deployment carries it out.</summary>
    public required IReadOnlyList<IDeployer> Deployers { get; init; }

    /// <summary>The evaluators of the gates that the build class has derived.</summary>
    public required IReadOnlyList<IGateEvaluator> GateEvaluators { get; init; }

    /// <summary>Copies images on the server side; null when this machine reads and writes them.</summary>
    public IServerSideCopy? ServerSideCopy { get; init; }

    /// <summary>The only region to promote to; null for all.</summary>
    public string? Region { get; init; }

    /// <summary>True when the promotion itself checks that the release is in the environment before, also in Azure Pipelines.</summary>
    public bool RequirePrevious { get; init; }

    /// <summary>The reason of an approval given in advance.</summary>
    public string? Approve { get; init; }

    /// <summary>The reason for not waiting for the soak time.</summary>
    public string? OverrideSoak { get; init; }

    /// <summary>The reason for moving tags that exist with another digest.</summary>
    public string? MoveTag { get; init; }

    /// <summary>True to unlock a locked tag in order to move it.</summary>
    public bool UnlockTags { get; init; }

    public async Task RunAsync(Release release, CancellationToken cancellationToken)
    {
        var access = RegistryAccess.Of(Registries, Environment);
        var planner = new PromotionPlanner(access.Client)
        {
            Deployments = BuiltInDeployers.Planner(Deployers),
            Evaluators = GateEvaluators,
        };
        var plan = await planner.PlanAsync(CreateRequest(release, access.Locks), cancellationToken);
        PromotionLog.Write(plan);
        if (plan.NothingMoves && plan.Deployment.Steps.Count == 0)
        {
            RunReport.Current.WritePromotion(plan, outcome: null);
            return;
        }

        plan = await DecideAsync(plan, cancellationToken);
        var promoter = new Promoter { Deploying = step => BuildOutput.Information($"{step.Description} …") };
        var placed = await CopyDisplay.ShowAsync(
            promoter.Progress, () => promoter.CopyImagesAsync(plan, cancellationToken), cancellationToken);
        var outcome = await promoter.DeployAsync(placed, cancellationToken);
        PromotionLog.Write(outcome);
        RunReport.Current.WritePromotion(plan, outcome);
        outcome.ThrowIfFailed();
    }

    private async Task<PromotionPlan> DecideAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        var service = FindService();
        foreach (var gate in plan.Gates.Where(gate => gate.Verdict == GateVerdict.Overridden))
            RunReport.Current.Warn(
                PromoteErrors.GateOverridden(plan.Request.Release.Version, gate, Environment.DisplayName));
        if (plan.AwaitsDecision && service is not null && _run.AzureEnvironment is null)
            RunReport.Current.Warn(PromoteErrors.NoAzureEnvironment(Environment.DisplayName));
        var keeper = new GateKeeper(new TerminalPrompt(Registries.Build)) { Service = service, Approval = Approve };
        return await keeper.DecideAsync(plan, cancellationToken);
    }

    private PromotionRequest CreateRequest(Release release, IImageLocks locks)
    {
        var target = EnvironmentDeclarations.TargetName(Environment);
        var isGoal = Registries.Build.ExecutionPlan.Any(planned => (planned.Invoked || planned.IsDefault) && planned.Name == target);

        // In Azure Pipelines the order of the stages ensures that the release is in the environment before, unless the pipeline says
        // otherwise. Only the registry shows since when.
        var requiresBefore = RequirePrevious || FindService() is null;
        var readsBefore = requiresBefore || Environment.Gates.Any(gate => gate.IsEvaluatedByPromotion);
        return new PromotionRequest
        {
            Release = release,
            Base = Registries.Base,
            Targets = RegionChoice.Of(Environment, Registries.Of(Environment), Region, isGoal),
            Before = Environment.After is { } before && readsBefore ? PromotionTarget.Of(before, Registries.Of(before)) : [],
            RequireBefore = requiresBefore,
            MoveTagReason = MoveTag,
            UnlocksTags = UnlockTags,
            ServerSideCopy = ServerSideCopy,
            Locks = locks,
            OverrideSoakReason = OverrideSoak,
            By = _run.Actor,
        };
    }

    // Other build servers do not know the gates. A run without an id only pretends to be Azure Pipelines.
    private string? FindService()
    {
        if (AzurePipelinesHost.Instance is null || _run.Id is null)
            return null;
        return _run.AzureEnvironment is { } name ? $"Azure Pipelines, environment {name}" : "Azure Pipelines";
    }
}

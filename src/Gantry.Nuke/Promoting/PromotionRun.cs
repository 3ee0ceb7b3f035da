using Gantry.Azure.Registries;
using Gantry.Environments;
using Gantry.Nuke.Reporting;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Serilog;

namespace Gantry.Nuke.Promoting;

/// <summary>Runs one promotion as a target does: plan, gates, and the application of the plan.</summary>
internal sealed class PromotionRun(IPromote build, PromotionEnvironment environment)
{
    private readonly RegistrySession _registries = RegistrySessions.Of(build, environment);
    private readonly BuildRun _run = BuildRun.From(EnvironmentInfo.Variables);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var request = CreateRequest(await build.FindReleaseAsync(cancellationToken));
        var plan = await new PromotionPlanner(_registries) { Deployments = Deployers.Planner(build) }.PlanAsync(request, cancellationToken);
        PromotionLog.Write(plan);
        if (plan.NothingMoves && plan.Deployment.Steps.Count == 0)
        {
            RunReport.Current.WritePromotion(plan, outcome: null);
            return;
        }

        plan = await DecideAsync(plan, cancellationToken);
        var promoter = new Promoter { Deploying = step => Log.Information("{Step:l} …", step.Description) };
        var placed = await CopyDisplay.ShowAsync(promoter.Progress, () => promoter.CopyImagesAsync(plan, cancellationToken), cancellationToken);
        var outcome = await promoter.DeployAsync(placed, cancellationToken);
        PromotionLog.Write(outcome);
        RunReport.Current.WritePromotion(plan, outcome);
        outcome.ThrowIfFailed();
    }

    private async Task<PromotionPlan> DecideAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        var service = FindService();
        foreach (var gate in plan.Gates.Where(gate => gate.Verdict == GateVerdict.Overridden))
            RunReport.Current.Warn(PromoteErrors.SoakOverridden(plan.Request.Release.Version, environment.DisplayName, gate.Reason!, gate.Finding));
        if (plan.AwaitsDecision && service is not null && _run.AzureEnvironment is null)
            RunReport.Current.Warn(PromoteErrors.NoAzureEnvironment(environment.DisplayName));
        return await new GateKeeper(new TerminalPrompt(build)) { Service = service, Approval = build.Approve }.DecideAsync(plan, cancellationToken);
    }

    private PromotionRequest CreateRequest(Release release)
    {
        var isGoal = build.ExecutionPlan.Any(target => (target.Invoked || target.IsDefault) && target.Name == EnvironmentDeclarations.TargetName(environment));
        var (targets, regions) = RegionChoice.Of(environment, build.RegistriesOf(environment), build.Region, isGoal);

        // In Azure Pipelines the order of the stages ensures that the release is in the environment before, unless the pipeline says
        // otherwise. Only the registry shows since when.
        var requiresBefore = build.RequirePrevious || FindService() is null;
        return new PromotionRequest
        {
            Release = release,
            Environment = environment,
            Base = build.BaseRegistryAddress,
            Targets = targets,
            Regions = regions,
            Before = environment.After is { } before && (requiresBefore || environment.Gates.OfType<SoakGate>().Any()) ? build.RegistriesOf(before) : [],
            RequireBefore = requiresBefore,
            MoveTagReason = build.MoveTag,
            UnlocksTags = build.UnlockTags,
            ServerSideCopy = CreateTransfer(),
            Locks = new AcrLocks(_registries),
            OverrideSoakReason = build.OverrideSoak,
            By = _run.Actor,
        };
    }

    private AcrImport? CreateTransfer() => build.Transfer == TransferMode.Copy
        ? null
        : new AcrImport(AzureRun.Session(build))
        {
            IsRequired = build.Transfer == TransferMode.Import,
            IdentityOf = AzureRun.Identities(build, environment).GetValueOrDefault,
            ResourceIdOf = AzureRun.ResourceIds(build, environment).GetValueOrDefault,
        };

    // Other build servers do not know the gates. A run without an id only pretends to be Azure Pipelines.
    private string? FindService() => AzurePipelinesHost.Instance is null || _run.Id is null ? null
        : _run.AzureEnvironment is { } name ? $"Azure Pipelines, environment {name}"
        : "Azure Pipelines";
}

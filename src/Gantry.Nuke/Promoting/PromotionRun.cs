using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Promotion;
using Gantry.Releases;
using Serilog;

namespace Gantry.Nuke.Promoting;

/// <summary>Runs one promotion as a target does: plan, gates, and the application of the plan.</summary>
internal sealed class PromotionRun(PromotionParameters parameters)
{
    private readonly PromotionEnvironment _environment = parameters.Environment;
    private readonly INukeBuild _build = parameters.Registries.Build;
    private readonly RegistryAccess _registries = RegistryAccess.Of(parameters.Registries, parameters.Environment);
    private readonly BuildRun _run = BuildRun.From(EnvironmentInfo.Variables);

    public async Task RunAsync(Release release, CancellationToken cancellationToken)
    {
        var planner = new PromotionPlanner(_registries.Client)
        {
            Deployments = Deployers.Planner(parameters.Deployers),
            Evaluators = parameters.GateEvaluators,
        };
        var plan = await planner.PlanAsync(CreateRequest(release), cancellationToken);
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
            RunReport.Current.Warn(PromoteErrors.SoakOverridden(plan.Request.Release.Version, _environment.DisplayName, gate.Reason!, gate.Finding));
        if (plan.AwaitsDecision && service is not null && _run.AzureEnvironment is null)
            RunReport.Current.Warn(PromoteErrors.NoAzureEnvironment(_environment.DisplayName));
        var keeper = new GateKeeper(new TerminalPrompt(_build)) { Service = service, Approval = parameters.Approve };
        return await keeper.DecideAsync(plan, cancellationToken);
    }

    private PromotionRequest CreateRequest(Release release)
    {
        var target = EnvironmentDeclarations.TargetName(_environment);
        var isGoal = _build.ExecutionPlan.Any(planned => (planned.Invoked || planned.IsDefault) && planned.Name == target);

        // In Azure Pipelines the order of the stages ensures that the release is in the environment before, unless the pipeline says
        // otherwise. Only the registry shows since when.
        var requiresBefore = parameters.RequirePrevious || FindService() is null;
        var readsBefore = requiresBefore || _environment.Gates.OfType<SoakGate>().Any();
        return new PromotionRequest
        {
            Release = release,
            Base = parameters.Registries.Base,
            Targets = RegionChoice.Of(_environment, parameters.Registries.Of(_environment), parameters.Region, isGoal),
            Before = _environment.After is { } before && readsBefore ? PromotionTarget.Of(before, parameters.Registries.Of(before)) : [],
            RequireBefore = requiresBefore,
            MoveTagReason = parameters.MoveTag,
            UnlocksTags = parameters.UnlockTags,
            ServerSideCopy = parameters.ServerSideCopy,
            Locks = _registries.Locks,
            OverrideSoakReason = parameters.OverrideSoak,
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

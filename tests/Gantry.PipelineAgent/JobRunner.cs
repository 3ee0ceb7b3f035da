using System.Globalization;
using Gantry.AzurePipelines.Yaml;
using Gantry.PipelineAgent.Expressions;
using Gantry.PipelineAgent.Plans;
using Gantry.PipelineAgent.Tasks;

namespace Gantry.PipelineAgent;

/// <summary>Runs the steps of a job in its own workspace.</summary>
internal sealed class JobRunner(RunContext run, PlannedStage stage, PlannedJob job, VariableSet variables)
{
    private int Attempt => run.Result.Attempts[stage.Name];

    private readonly JobResult _result = new() { Outcome = Outcome.Succeeded };

    /// <summary>The position among the jobs of <c>strategy: parallel</c>; null for any other job.</summary>
    public int? Position { get; init; }

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        var workspace = Path.Combine(
            run.Folder, string.Create(CultureInfo.InvariantCulture, $"{stage.Name}.{job.Name}{Position}.{Attempt}"));
        SetVariables(workspace);
        foreach (var step in Steps())
            await RunStepAsync(step, workspace, cancellationToken);
        run.Options.ReusedFiles.Save(workspace, StepContext.SourcesIn(workspace));
        return _result;
    }

    // The implicit first steps: a job checks out, a deployment downloads every artifact.
    private IEnumerable<PlannedStep> Steps()
    {
        if (job.IsAgentless)
            return job.Steps;
        var kind = job.IsDeployment ? "download" : "checkout";
        return job.Steps.Any(step => step.Kind == kind) ? job.Steps : job.Steps.Prepend(new PlannedStep(Implicit(kind)));
    }

    private static YamlMapping Implicit(string kind) =>
        new([KeyValuePair.Create(kind, YamlValue.Of(kind == "download" ? "current" : "self"))]);

    private async Task RunStepAsync(PlannedStep step, string workspace, CancellationToken cancellationToken)
    {
        variables.Set("Agent.JobStatus", _result.Outcome.ToString());
        var context = Conditions.ForStep(_result.Outcome).With("variables", variables.ForExpressions());
        if (!Conditions.IsTrue(step.Condition, context))
        {
            _result.Steps.Add(new(step.DisplayName, Outcome.Skipped, []));
            return;
        }

        var running = new StepContext(run, stage, job, step, variables, workspace, _result);
        running.Write($"==== {stage.Name} / {job.Name} / {step.DisplayName}");
        var outcome = Outcome.Failed;
        for (var attempt = 1; attempt <= step.Tries && outcome == Outcome.Failed; attempt++)
            outcome = await TryAsync(running, cancellationToken) ? Outcome.Succeeded : Outcome.Failed;
        running.Finish();
        if (outcome == Outcome.Failed && (step.ContinueOnError || job.ContinueOnError))
            outcome = Outcome.SucceededWithIssues;
        _result.Steps.Add(new(step.DisplayName, outcome, running.Log));
        if (outcome > _result.Outcome)
            _result.Outcome = outcome;
    }

    private static async Task<bool> TryAsync(StepContext step, CancellationToken cancellationToken)
    {
        try
        {
            return await StepKinds.RunAsync(step, cancellationToken);
        }
        catch (Exception exception) when (exception is PipelineException or IOException or UnauthorizedAccessException)
        {
            step.Write($"##[error]{exception.Message}");
            return false;
        }
    }

    private void SetVariables(string workspace)
    {
        (string Name, string Value)[] predefined =
        [
            ("Pipeline.Workspace", workspace),
            ("Agent.BuildDirectory", workspace),
            ("Build.SourcesDirectory", StepContext.SourcesIn(workspace)),
            ("System.DefaultWorkingDirectory", StepContext.SourcesIn(workspace)),
            ("Build.ArtifactStagingDirectory", Path.Combine(workspace, "a")),
            ("Build.BinariesDirectory", Path.Combine(workspace, "b")),
            ("Agent.TempDirectory", Path.Combine(workspace, "_temp")),
            ("System.StageAttempt", Attempt.ToString(CultureInfo.InvariantCulture)),
            ("System.JobAttempt", Attempt.ToString(CultureInfo.InvariantCulture)),
            ("System.StageName", stage.Name),
            ("System.JobName", job.Name),
        ];
        foreach (var (name, value) in predefined)
        {
            variables.Set(name, value);
            if (value.StartsWith(workspace, StringComparison.Ordinal) && !job.IsAgentless)
                Directory.CreateDirectory(value);
        }

        if (Position is { } position)
        {
            variables.Set("System.JobPositionInPhase", position.ToString(CultureInfo.InvariantCulture));
            variables.Set("System.TotalJobsInPhase", job.Parallel!.Value.ToString(CultureInfo.InvariantCulture));
        }

        if (job.Environment is { } environment)
            variables.Set("Environment.Name", environment);
    }
}

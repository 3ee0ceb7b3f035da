using Gantry.PipelineAgent.Expressions;
using Gantry.PipelineAgent.Plans;

namespace Gantry.PipelineAgent;

/// <summary>Runs a stage: its condition, the checks of its environments, and its jobs.</summary>
internal sealed class StageRunner(RunContext run, PlannedStage stage)
{
    private readonly StageResult _result = new();

    /// <summary>Runs the stage.</summary>
    /// <param name="kept">
    /// The jobs that an attempt before completed and that are not run again; of jobs with parts, also those that completed some of them.
    /// </param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task<StageResult> RunAsync(IReadOnlyDictionary<string, JobResult> kept, CancellationToken cancellationToken)
    {
        var context = StageContext();
        if (!Conditions.IsTrue(stage.Condition, context))
            return Skip();

        var decisions = run.Options.Decisions;
        var connections = stage.Connections.Select(name => (name, decisions.CheckConnectionAsync(stage.Name, name, cancellationToken)));
        var environments = stage.Jobs.Select(job => job.Environment).OfType<string>().Distinct()
            .Select(name => (name, decisions.CheckAsync(stage.Name, name, cancellationToken)));
        foreach (var (resource, asked) in connections.Concat(environments))
        {
            var answer = await asked;
            run.Options.Log($"{stage.Name}: the checks of {resource}: {answer}");
            if (answer == Decision.Approved)
                continue;

            // After a timeout the service reports skipped, not failed.
            Skip();
            _result.Outcome = answer == Decision.Rejected ? Outcome.Failed : Outcome.Skipped;
            return _result;
        }

        var variables = new VariableSet(run.Variables);
        run.Declare(variables, stage.Variables, context);
        foreach (var (name, job) in kept.Where(job => job.Value.HasSucceeded))
            _result.Jobs[name] = job;
        await RunJobsAsync(variables, kept, cancellationToken);
        _result.Outcome = Summarize();
        return _result;
    }

    private async Task RunJobsAsync(
        VariableSet variables, IReadOnlyDictionary<string, JobResult> kept, CancellationToken cancellationToken)
    {
        var waiting = stage.Jobs.Where(job => !_result.Jobs.ContainsKey(job.Name)).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(job => job.DependsOn.All(_result.Jobs.ContainsKey))
                ?? throw new PipelineException($"the jobs of the stage {stage.Name} depend on what never runs");
            waiting.Remove(next);

            var context = JobContext(next).With("variables", variables.ForExpressions());
            if (!Conditions.IsTrue(next.Condition, context))
            {
                _result.Jobs[next.Name] = new JobResult();
                continue;
            }

            _result.Jobs[next.Name] = next.Parallel is { } count
                ? await RunPartsAsync(next, count, kept.GetValueOrDefault(next.Name))
                : await RunJobAsync(next, position: null);

            Task<JobResult> RunJobAsync(PlannedJob job, int? position)
            {
                var own = new VariableSet(variables);
                run.Declare(own, job.Variables, context);
                return new JobRunner(run, stage, job, own) { Position = position }.RunAsync(cancellationToken);
            }

            // A part that fails does not stop the others.
            async Task<JobResult> RunPartsAsync(PlannedJob job, int parts, JobResult? before)
            {
                var all = new JobResult();
                for (var position = 1; position <= parts; position++)
                {
                    all.Parts[position] = before?.Parts.TryGetValue(position, out var done) == true && done.HasSucceeded
                        ? done
                        : await RunJobAsync(job, position);
                }

                all.Outcome = all.Parts.Values.All(part => part.HasSucceeded)
                    ? all.Parts.Values.Max(part => part.Outcome)
                    : Outcome.Failed;
                return all;
            }
        }
    }

    private StageResult Skip()
    {
        foreach (var job in stage.Jobs)
            _result.Jobs[job.Name] = new JobResult();
        return _result;
    }

    private Outcome Summarize()
    {
        var outcomes = _result.Jobs.Values.Select(job => job.Outcome).ToList();
        if (outcomes.Contains(Outcome.Failed))
            return Outcome.Failed;
        if (outcomes.Contains(Outcome.SucceededWithIssues))
            return Outcome.SucceededWithIssues;
        return outcomes.All(outcome => outcome == Outcome.Skipped) ? Outcome.Skipped : Outcome.Succeeded;
    }

    private ExpressionContext StageContext()
    {
        var before = stage.DependsOn.ToDictionary(name => name, name => run.Result.Stages[name], StringComparer.OrdinalIgnoreCase);
        var dependencies = Conditions.Dictionary();
        foreach (var (name, result) in before)
            dependencies[name] = Conditions.Describe(result);
        return Conditions.ForDependencies(
            before
                .Where(known => !known.Value.IsLeftOut)
                .ToDictionary(known => known.Key, known => known.Value.Outcome, StringComparer.OrdinalIgnoreCase))
            .With("dependencies", dependencies)
            .With("stageDependencies", StageDependencies())
            .With("variables", run.Variables.ForExpressions());
    }

    private ExpressionContext JobContext(PlannedJob job)
    {
        var before = job.DependsOn.ToDictionary(name => name, name => _result.Jobs[name], StringComparer.OrdinalIgnoreCase);
        var dependencies = Conditions.Dictionary();
        foreach (var (name, result) in before)
            dependencies[name] = Conditions.Describe(result);
        return Conditions.ForDependencies(
            before.ToDictionary(known => known.Key, known => known.Value.Outcome, StringComparer.OrdinalIgnoreCase))
            .With("dependencies", dependencies)
            .With("stageDependencies", StageDependencies());
    }

    private Dictionary<string, object?> StageDependencies()
    {
        var stages = Conditions.Dictionary();
        foreach (var name in stage.DependsOn)
        {
            var jobs = Conditions.Dictionary();
            foreach (var (job, result) in run.Result.Stages[name].Jobs)
                jobs[job] = Conditions.Describe(result);
            stages[name] = jobs;
        }

        return stages;
    }
}

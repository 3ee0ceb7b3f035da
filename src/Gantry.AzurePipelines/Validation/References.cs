using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>
/// The references that an expression may use at its place. A stage accesses the stages directly before it through <c>dependencies</c>; a
/// job accesses the jobs directly before it through <c>dependencies</c>, and those of the stages directly before its stage through
/// <c>stageDependencies</c>. Steps access neither.
/// </summary>
internal sealed class References
{
    private readonly PipelineIndex? _index;
    private readonly IndexedStage? _stage;
    private readonly IndexedJob? _job;

    private References(PipelineIndex? index, IndexedStage? stage, IndexedJob? job)
    {
        _index = index;
        _stage = stage;
        _job = job;
    }

    public static References OfPipeline() => new(index: null, stage: null, job: null);

    public static References OfStep() => OfPipeline();

    public static References OfStage(PipelineIndex index, IndexedStage stage) => new(index, stage, job: null);

    public static References OfJob(PipelineIndex index, IndexedJob job) => new(index, job.Stage, job);

    public IEnumerable<Diagnostic> Check(Expression expression, string path, string what) =>
        ExpressionPaths.Of(expression).SelectMany(used => CheckPath(used, path, what))
            .Concat(ExpressionPaths.Calls(expression).SelectMany(call => CheckStatus(call, path, what)));

    private IEnumerable<Diagnostic> CheckPath(ExpressionPath used, string path, string what)
    {
        if (used.Root is not ("dependencies" or "stagedependencies"))
            return [];
        if (_index is null || _stage is null)
            return [PipelineErrors.OutOfReach(path, what, used.Text, "only stages and jobs reach what they depend on")];

        var segments = used.Segments;
        if (used.Root == "dependencies")
            return _job is null ? CheckStage(used, segments, path, what) : CheckJob(used, segments, DirectJobs(), path, what);

        if (segments.Count < 2)
            return [PipelineErrors.OutOfReach(path, what, used.Text, "it names no job: stageDependencies.stage.job")];
        if (FindStageBefore(segments[0]) is not { } stage)
            return [NotBefore(used, path, what, "stage", segments[0])];
        return stage.HasTemplates && stage.FindJob(segments[1]) is null
            ? []
            : CheckJob(used, [.. segments.Skip(1)], stage.Jobs, path, what);
    }

    // dependencies.stage.result and dependencies.stage.outputs['job.step.variable']
    private IEnumerable<Diagnostic> CheckStage(ExpressionPath used, IReadOnlyList<string> segments, string path, string what)
    {
        if (segments.Count == 0 || FindStageBefore(segments[0]) is not { } stage)
            return [NotBefore(used, path, what, "stage", segments.Count == 0 ? "" : segments[0])];
        if (segments.Count < 3 || !segments[1].Equals("outputs", PipelineIndex.IgnoreCase))
            return CheckResult(used, segments, path, what);

        var output = segments[2].Split('.');
        if (stage.FindJob(output[0]) is { } job)
            return CheckOutput(used, job, [.. output.Skip(1)], path, what);
        var reason = $"the stage '{stage.Stage.Name}' has no job '{output[0]}'; the form is 'job.step.variable'";
        return stage.HasTemplates ? [] : [PipelineErrors.UnknownOutput(path, what, used.Text, reason)];
    }

    // dependencies.job.result and dependencies.job.outputs['step.variable'], or the same behind stageDependencies.stage
    private static IEnumerable<Diagnostic> CheckJob(
        ExpressionPath used, IReadOnlyList<string> segments, IEnumerable<IndexedJob> reachable, string path, string what)
    {
        var name = segments.Count == 0 ? "" : segments[0];
        if (reachable.FirstOrDefault(job => job.Job.Name.Equals(name, PipelineIndex.IgnoreCase)) is not { } found)
            return [NotBefore(used, path, what, "job", name)];
        return segments.Count >= 3 && segments[1].Equals("outputs", PipelineIndex.IgnoreCase)
            ? CheckOutput(used, found, segments[2].Split('.'), path, what)
            : CheckResult(used, segments, path, what);
    }

    private static IEnumerable<Diagnostic> CheckResult(ExpressionPath used, IReadOnlyList<string> segments, string path, string what) =>
        segments.Count < 2
        || segments[1].Equals("result", PipelineIndex.IgnoreCase)
        || segments[1].Equals("outputs", PipelineIndex.IgnoreCase)
            ? []
            : [PipelineErrors.UnknownOutput(path, what, used.Text, $"'{segments[1]}' is neither 'result' nor 'outputs'")];

    private static IEnumerable<Diagnostic> CheckOutput(ExpressionPath used, IndexedJob job, string[] output, string path, string what)
    {
        // A deployment job that runs once puts its own name before that of the step.
        if (job.Job.Environment is not null)
        {
            if (output.Length < 3 || !output[0].Equals(job.Job.Name, PipelineIndex.IgnoreCase))
            {
                var reason = $"'{job.Job.Name}' is a deployment job, whose outputs have the form '{job.Job.Name}.step.variable'";
                return [PipelineErrors.UnknownOutput(path, what, used.Text, reason)];
            }

            output = output[1..];
        }

        if (output.Length < 2)
            return [PipelineErrors.UnknownOutput(path, what, used.Text, "the form is 'step.variable'")];
        return job.Steps.Any(step => step.Step is StepTemplate || output[0].Equals(step.Step.Name, PipelineIndex.IgnoreCase))
            ? []
            : [PipelineErrors.UnknownOutput(path, what, used.Text, $"the job '{job.Job.Name}' has no step '{output[0]}'")];
    }

    // For example succeeded('Build').
    private IEnumerable<Diagnostic> CheckStatus(FunctionExpression call, string path, string what)
    {
        if (call.Name.ToLowerInvariant() is not ("succeeded" or "failed" or "succeededorfailed") || call.Arguments.Count == 0)
            yield break;

        foreach (var name in call.Arguments.OfType<LiteralExpression>().Select(argument => argument.Value).OfType<string>())
        {
            var known = _stage is null || _index is null ? false
                : _job is null ? FindStageBefore(name) is not null
                : DirectJobs().Any(job => job.Job.Name.Equals(name, PipelineIndex.IgnoreCase));
            if (!known)
                yield return PipelineErrors.OutOfReach(path, what, call.ToString(), $"'{name}' is nothing that it depends on directly");
        }
    }

    private IndexedStage? FindStageBefore(string name) =>
        _stage!.DependsOn.Contains(name, StringComparer.OrdinalIgnoreCase) ? _index!.FindStage(name) : null;

    private IEnumerable<IndexedJob> DirectJobs() =>
        _stage!.Jobs.Where(job => _job!.Job.DependsOn.Contains(job.Job.Name, StringComparer.OrdinalIgnoreCase));

    private static Diagnostic NotBefore(ExpressionPath used, string path, string what, string kind, string name) =>
        PipelineErrors.OutOfReach(path, what, used.Text, $"the {kind} '{name}' is none that it depends on directly");
}

using System.Globalization;
using Gantry.AzurePipelines.Yaml;
using Gantry.PipelineAgent.Plans;
using Gantry.PipelineAgent.Templates;
using Gantry.Testing.Jobs;

namespace Gantry.PipelineAgent;

/// <summary>
/// Runs pipelines like the service and its agents: expands templates, runs stages and jobs in the order of their dependencies when their
/// conditions allow, each job in its own clone. README.md lists what it does not cover.
/// </summary>
public sealed class PipelineAgent(AgentOptions options)
{
    private int _runs;

    /// <summary>Runs a pipeline of the checked-out commit of the repository.</summary>
    public async Task<RunResult> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var result = NewResult(request);
        result.Commit = await JobProcess.GitAsync(options.Repository, cancellationToken, "rev-parse", "HEAD");
        var run = await PlanAsync(result, cancellationToken);
        foreach (var name in request.SkippedStages)
        {
            var stage = run.Plan.Stages.FirstOrDefault(stage => stage.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new PipelineException($"there is no stage {name} to leave out");
            if (!stage.IsSkippable)
                throw new PipelineException($"the stage {name} cannot be left out");
            result.Stages[stage.Name] = new StageResult { IsLeftOut = true };
        }

        await RunStagesAsync(run, keptIn: null, new Dictionary<string, JobResult>(), cancellationToken);
        return result;
    }

    /// <summary>
    /// Runs a stage of a run again, and all stages that come after it: with all of its jobs, or only with those that did not succeed.
    /// </summary>
    public async Task RerunAsync(RunResult result, string stage, bool onlyFailedJobs, CancellationToken cancellationToken)
    {
        var run = await PlanAsync(result, cancellationToken);
        var kept = onlyFailedJobs
            ? result.Stages[stage].Jobs.Where(job => job.Value.HasSucceeded || job.Value.Parts.Count > 0).ToDictionary()
            : [];
        HashSet<string> again = [stage];
        while (run.Plan.Stages.FirstOrDefault(other => !again.Contains(other.Name) && other.DependsOn.Any(again.Contains)) is { } next)
            again.Add(next.Name);
        foreach (var name in again)
            result.Stages.Remove(name);
        await RunStagesAsync(run, stage, kept, cancellationToken);
    }

    private async Task<RunContext> PlanAsync(RunResult result, CancellationToken cancellationToken)
    {
        var run = new RunContext(options, result.Request, result.Commit, result);
        run.Plan = RunPlan.Of(await ExpandAsync(result.Request, cancellationToken));
        run.SetVariables();
        return run;
    }

    private static async Task RunStagesAsync(
        RunContext run, string? keptIn, Dictionary<string, JobResult> kept, CancellationToken cancellationToken)
    {
        var waiting = run.Plan.Stages.Where(stage => !run.Result.Stages.ContainsKey(stage.Name)).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(stage => stage.DependsOn.All(name => run.Result.Stages.ContainsKey(name)))
                ?? throw new PipelineException(
                    $"the stages {string.Join(", ", waiting.Select(stage => stage.Name))} depend on what never runs");
            waiting.Remove(next);
            run.Result.Attempts[next.Name] = run.Result.Attempts.TryGetValue(next.Name, out var attempts) ? attempts + 1 : 1;
            run.Result.Stages[next.Name] = await new StageRunner(run, next)
                .RunAsync(next.Name == keptIn ? kept : new Dictionary<string, JobResult>(), cancellationToken);
        }
    }

    /// <summary>Expands the pipeline with all its templates, as the service does.</summary>
    internal async Task<YamlMapping> ExpandAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, string>(options.ExternalTemplates);
        foreach (var file in (await JobProcess.GitAsync(options.Repository, cancellationToken, "ls-files", "*.yml")).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries))
            files[file] = await JobProcess.GitAsync(options.Repository, cancellationToken, "show", "HEAD:" + file);
        var expander = new TemplateExpander(path =>
            files.TryGetValue(path, out var text) ? text : throw new PipelineException($"File {path} not found in the repository"))
        {
            Variables = RunContext.KnownBefore(request),
        };
        return expander.Expand(
            request.File, request.Parameters.ToDictionary(parameter => parameter.Key, object? (parameter) => parameter.Value));
    }

    private RunResult NewResult(RunRequest request)
    {
        var id = 1000 + ++_runs;
        var artifacts = Path.Combine(options.WorkFolder, $"run{id}", "artifacts");
        Directory.CreateDirectory(artifacts);
        return new RunResult
        {
            Id = id,
            Branch = request.Branch,
            Request = request,
            ArtifactFolder = artifacts,
            BuildNumber = string.Create(CultureInfo.InvariantCulture, $"20240101.{_runs}"),
        };
    }
}

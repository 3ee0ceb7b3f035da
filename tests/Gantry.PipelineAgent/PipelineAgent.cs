using System.Globalization;
using Gantry.AzurePipelines.Yaml;
using Gantry.PipelineAgent.Plans;
using Gantry.PipelineAgent.Templates;

namespace Gantry.PipelineAgent;

/// <summary>
/// Runs pipelines as the service and its agents do: templates expanded, stages and jobs in the order of their dependencies as far as
/// their conditions let them, each job in a clone of its own. What of a real agent it does not cover stands in README.md beside it.
/// </summary>
public sealed class PipelineAgent(AgentOptions options)
{
    private int _runs;

    /// <summary>Runs a pipeline of the commit that the repository has checked out.</summary>
    public async Task<RunResult> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var commit = await Shell.GitAsync(options.Repository, cancellationToken, "rev-parse", "HEAD");
        var run = new RunContext(options, request, commit, NewResult(request.Branch));
        run.Plan = RunPlan.Of(await ExpandAsync(request, cancellationToken));
        run.SetVariables();

        var waiting = run.Plan.Stages.ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(stage => stage.DependsOn.All(name => run.Result.Stages.ContainsKey(name)))
                ?? throw new PipelineException($"the stages {string.Join(", ", waiting.Select(stage => stage.Name))} depend on what never runs");
            waiting.Remove(next);
            run.Result.Stages[next.Name] = await new StageRunner(run, next).RunAsync(cancellationToken);
        }

        return run.Result;
    }

    /// <summary>The pipeline as the service sees it when all templates are in place.</summary>
    internal async Task<YamlMapping> ExpandAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, string>(options.ForeignTemplates);
        foreach (var file in (await Shell.GitAsync(options.Repository, cancellationToken, "ls-files", "*.yml")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            files[file] = await Shell.GitAsync(options.Repository, cancellationToken, "show", "HEAD:" + file);
        var expander = new TemplateExpander(path => files.TryGetValue(path, out var text) ? text : throw new PipelineException($"File {path} not found in the repository"));
        return expander.Expand(request.File, request.Parameters.ToDictionary(parameter => parameter.Key, object? (parameter) => parameter.Value));
    }

    private RunResult NewResult(string branch)
    {
        var id = 1000 + ++_runs;
        var artifacts = Path.Combine(options.WorkFolder, $"run{id}", "artifacts");
        Directory.CreateDirectory(artifacts);
        return new RunResult { Id = id, Branch = branch, ArtifactFolder = artifacts, BuildNumber = string.Create(CultureInfo.InvariantCulture, $"20240101.{_runs}") };
    }
}

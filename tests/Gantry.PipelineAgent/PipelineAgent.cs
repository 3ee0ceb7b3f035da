using System.Globalization;
using Gantry.AzurePipelines.Yaml;
using Gantry.PipelineAgent.Plans;
using Gantry.PipelineAgent.Templates;

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
        var commit = await ProcessRunner.GitAsync(options.Repository, cancellationToken, "rev-parse", "HEAD");
        var run = new RunContext(options, request, commit, NewResult(request.Branch));
        run.Plan = RunPlan.Of(await ExpandAsync(request, cancellationToken));
        run.SetVariables();

        var waiting = run.Plan.Stages.ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(stage => stage.DependsOn.All(name => run.Result.Stages.ContainsKey(name)))
                ?? throw new PipelineException(
                    $"the stages {string.Join(", ", waiting.Select(stage => stage.Name))} depend on what never runs");
            waiting.Remove(next);
            run.Result.Stages[next.Name] = await new StageRunner(run, next).RunAsync(cancellationToken);
        }

        return run.Result;
    }

    /// <summary>Expands the pipeline with all its templates, as the service does.</summary>
    internal async Task<YamlMapping> ExpandAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, string>(options.ExternalTemplates);
        foreach (var file in (await ProcessRunner.GitAsync(options.Repository, cancellationToken, "ls-files", "*.yml")).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries))
            files[file] = await ProcessRunner.GitAsync(options.Repository, cancellationToken, "show", "HEAD:" + file);
        var expander = new TemplateExpander(path =>
            files.TryGetValue(path, out var text) ? text : throw new PipelineException($"File {path} not found in the repository"));
        return expander.Expand(
            request.File, request.Parameters.ToDictionary(parameter => parameter.Key, object? (parameter) => parameter.Value));
    }

    private RunResult NewResult(string branch)
    {
        var id = 1000 + ++_runs;
        var artifacts = Path.Combine(options.WorkFolder, $"run{id}", "artifacts");
        Directory.CreateDirectory(artifacts);
        return new RunResult
        {
            Id = id,
            Branch = branch,
            ArtifactFolder = artifacts,
            BuildNumber = string.Create(CultureInfo.InvariantCulture, $"20240101.{_runs}"),
        };
    }
}

using System.Globalization;
using Gantry.Testing.Jobs;
using YamlDotNet.RepresentationModel;

namespace Gantry.WorkflowRunner;

/// <summary>Runs workflows of a repository, one job after the other.</summary>
public sealed class WorkflowRunner(RunnerOptions options)
{
    private static readonly string[] WorkflowKeys = ["name", "run-name", "on", "permissions", "env", "jobs"];

    private static readonly string[] JobKeys =
        [
            "name", "needs", "if", "runs-on", "container", "environment", "concurrency", "permissions", "strategy", "timeout-minutes",
            "outputs", "steps",
        ];

    private int _lastRun = 700;

    /// <summary>Runs a workflow as it is in the last commit of its branch.</summary>
    public async Task<RunResult> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var run = await StartAsync(request, cancellationToken);
        var workflow = WorkflowYaml.Load(Path.Combine(options.Repository, request.File)).Allow("the workflow", WorkflowKeys);
        run.Inputs = InputsOf(workflow, request);
        run.Environment = [.. workflow.Mapping("env").Pairs()];
        var open = workflow.Mapping("jobs").Children
            .Select(job => (Id: ((YamlScalarNode)job.Key).Value!, Job: ((YamlMappingNode)job.Value).Allow("a job", JobKeys)))
            .ToList();
        while (open.Count > 0)
        {
            var ready = open.FindIndex(job => job.Job.Texts("needs").All(run.Result.Jobs.ContainsKey));
            if (ready < 0)
                throw new WorkflowException($"{string.Join(", ", open.Select(job => job.Id))} need each other, or what is not there");
            var (id, job) = open[ready];
            open.RemoveAt(ready);

            // What succeeded in the attempt before is not run again.
            run.Result.Jobs[id] = request.Again?.Jobs.GetValueOrDefault(id) is { Result: "success" } before
                ? before
                : await RunJobAsync(run, id, job, request.Again?.Jobs.GetValueOrDefault(id), cancellationToken);
        }

        return run.Result;
    }

    // The jobs of a matrix of one list, none of which stops the others. What succeeded in the attempt before is not run again.
    private static async Task<JobResult> RunJobAsync(
        RunContext run, string id, YamlMappingNode job, JobResult? before, CancellationToken cancellationToken)
    {
        var strategy = job.Mapping("strategy").Allow("a strategy", "fail-fast", "matrix");
        if (strategy.Mapping("matrix").Children.Count == 0)
            return await new JobRunner(run, id, job).RunAsync(cancellationToken);
        if (strategy.Text("fail-fast") != "false" || strategy.Mapping("matrix").Children.Count > 1)
            throw new WorkflowException("only a matrix of one list without fail-fast is known here");

        var name = ((YamlScalarNode)strategy.Mapping("matrix").Children.Single().Key).Value!;
        var all = new JobResult();
        foreach (var value in strategy.Mapping("matrix").Texts(name))
        {
            all.Parts[value] = before?.Parts.GetValueOrDefault(value) is { Result: "success" } done
                ? done
                : await new JobRunner(run, id, job) { Matrix = new(name, value) }.RunAsync(cancellationToken);
        }

        string[] results = [.. all.Parts.Values.Select(part => part.Result)];
        all.Result = results.Contains("failure") ? "failure" : results.Contains("success") ? "success" : "skipped";
        return all;
    }

    private async Task<RunContext> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var id = request.Again?.Id ?? (++_lastRun).ToString(CultureInfo.InvariantCulture);
        var folder = Path.Combine(options.WorkFolder, $"{id}.{(request.Again?.Attempt ?? 0) + 1}");
        Directory.CreateDirectory(folder);
        var references = await JobProcess.GitAsync(
            options.Repository, cancellationToken, "for-each-ref", "--format=%(refname) %(objectname)", "refs/pull");
        var merge = references.Split('\n').Select(line => line.Split(' ')).FirstOrDefault(line => line[0] == request.Reference)?[1];
        return new RunContext(options, request, folder)
        {
            Commit = merge ?? (await JobProcess.GitAsync(options.Repository, cancellationToken, "rev-parse", "HEAD")).Trim(),
            IsMerge = merge is not null,
            Result = new RunResult
            {
                Id = id,
                ArtifactFolder = request.Again?.ArtifactFolder ?? Path.Combine(options.WorkFolder, id, "artifacts"),
                Attempt = (request.Again?.Attempt ?? 0) + 1,
            },
        };
    }

    private static Dictionary<string, object?> InputsOf(YamlMappingNode workflow, RunRequest request)
    {
        var triggers = workflow.Mapping("on").Allow("on", "push", "pull_request", "schedule", "workflow_dispatch");
        if (triggers.Find(request.Event) is null)
            throw new WorkflowException($"the workflow does not run for {request.Event}");
        if (request.Event != "workflow_dispatch")
            return [];
        var declared = triggers.Mapping("workflow_dispatch").Mapping("inputs");
        var inputs = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in declared.Children)
        {
            var name = ((YamlScalarNode)key).Value!;
            var input = ((YamlMappingNode)value).Allow("an input", "description", "type", "required", "default", "options");
            var given = request.Inputs.GetValueOrDefault(name) ?? input.Text("default");
            if (given is null && input.Text("required") == "true")
                throw new WorkflowException($"the input '{name}' is required");
            if (input.Text("type") == "choice" && !input.Texts("options").Contains(given))
                throw new WorkflowException($"the input '{name}' cannot be '{given}'");
            inputs[name] = given ?? "";
        }

        return request.Inputs.Keys.FirstOrDefault(name => !inputs.ContainsKey(name)) is { } unknown
            ? throw new WorkflowException($"there is no input '{unknown}'")
            : inputs;
    }
}

/// <summary>A run in progress.</summary>
internal sealed class RunContext(RunnerOptions options, RunRequest request, string folder)
{
    public RunnerOptions Options => options;

    public RunRequest Request => request;

    public string Folder => folder;

    public required string Commit { get; init; }

    /// <summary>True for the merge of a pull request that the repository has as <c>refs/pull/1/merge</c>.</summary>
    public bool IsMerge { get; init; }

    public required RunResult Result { get; init; }

    public Dictionary<string, object?> Inputs { get; set; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; set; } = [];

    /// <summary>Gets the context <c>github</c>.</summary>
    public Dictionary<string, object?> GitHub => new(StringComparer.OrdinalIgnoreCase)
    {
        ["event_name"] = request.Event,
        ["ref"] = request.Reference,
        ["ref_name"] = request.Reference.Split('/')[^1],
        ["sha"] = Commit,
        ["repository"] = "contoso/shop",
        ["actor"] = "anna",
        ["run_id"] = Result.Id,
        ["run_attempt"] = (double)Result.Attempt,
        ["token"] = options.Token,
    };
}

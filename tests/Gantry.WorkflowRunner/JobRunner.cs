using YamlDotNet.RepresentationModel;

namespace Gantry.WorkflowRunner;

/// <summary>Runs a job in a workspace of its own, when its condition and its environment let it.</summary>
internal sealed class JobRunner(RunContext run, string id, YamlMappingNode job)
{
    private static readonly string[] StepKeys =
        [
            "id", "name", "if", "uses", "run", "shell", "working-directory", "with", "env", "continue-on-error", "timeout-minutes",
        ];

    private static readonly string[] Permissions = ["actions", "contents", "deployments", "id-token", "packages"];

    private readonly JobResult _result = new();
    private readonly Dictionary<string, object?> _steps = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name and the value of the matrix; null for a job without one.</summary>
    public KeyValuePair<string, string>? Matrix { get; init; }

    public string Workspace => Path.Combine(run.Folder, id + Matrix?.Value, "workspace");

    public string Temporary => Path.Combine(run.Folder, id + Matrix?.Value, "temp");

    public RunContext Run => run;

    public JobResult Result => _result;

    public bool HasFailed { get; private set; }

    public string Id => id;

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        if (!MayRun())
        {
            _result.Result = "skipped";
            return _result;
        }

        if (job.Texts("runs-on").Count == 0)
            throw new WorkflowException($"the job '{id}' runs on nothing");
        _result.Permissions = job.Mapping("permissions").Allow("permissions", Permissions).Pairs().ToDictionary();
        job.Mapping("concurrency").Allow("concurrency", "group", "cancel-in-progress", "queue");
        var environment = job.Text("environment");
        if (environment is not null && !run.Options.Rules.Allow(id, environment))
        {
            _result.Result = "failure";
            return _result;
        }

        run.Options.OnJob(new(run.Result.Id, run.Request.File, run.Commit, environment));
        Directory.CreateDirectory(Workspace);
        Directory.CreateDirectory(Temporary);
        foreach (var step in ((YamlSequenceNode)job.Find("steps")!).Cast<YamlMappingNode>())
            await RunStepAsync(step.Allow("a step", StepKeys), cancellationToken);
        foreach (var (name, value) in job.Mapping("outputs").Pairs())
            _result.Outputs[name] = CreateEvaluator().Expand(value);
        _result.Result = HasFailed ? "failure" : "success";
        return _result;
    }

    /// <summary>Creates the evaluator for steps that come now.</summary>
    public Evaluator CreateEvaluator() => new(new Dictionary<string, object?>(Contexts(), StringComparer.OrdinalIgnoreCase)
    {
        ["steps"] = _steps,
        ["runner"] = new Dictionary<string, object?> { ["os"] = "Linux", ["temp"] = Temporary },
        ["secrets"] = run.Options.Secrets,
        ["env"] = run.Environment.ToDictionary(),
        ["matrix"] = Matrix is { } matrix ? new Dictionary<string, object?> { [matrix.Key] = matrix.Value } : null,
        ["job"] = new Dictionary<string, object?> { ["status"] = HasFailed ? "failure" : "success" },
    })
    {
        Functions = new Dictionary<string, Func<IReadOnlyList<object?>, object?>>(StringComparer.OrdinalIgnoreCase)
        {
            ["success"] = _ => !HasFailed,
            ["failure"] = _ => HasFailed,
            ["always"] = _ => true,
            ["cancelled"] = _ => false,
            ["hashFiles"] = patterns => HashFiles.Of(Workspace, [.. patterns.Cast<string>()]),
        },
    };

    // Without a function that asks for a status, a job runs only when all jobs before it succeeded, also those before its needs.
    private bool MayRun()
    {
        var needs = job.Texts("needs");
        var condition = job.Text("if") ?? "success()";
        var evaluator = new Evaluator(Contexts())
        {
            Functions = new Dictionary<string, Func<IReadOnlyList<object?>, object?>>(StringComparer.OrdinalIgnoreCase)
            {
                ["success"] = _ => AllSucceeded(needs),
                ["failure"] = _ => needs.Any(need => run.Result.Jobs[need].Result == "failure"),
                ["always"] = _ => true,
                ["cancelled"] = _ => false,
            },
        };
        return evaluator.IsTrue(condition) && (Evaluator.AsksForStatus(condition) || AllSucceeded(needs));
    }

    private bool AllSucceeded(IReadOnlyList<string> needs) => needs.All(need => run.Result.Jobs[need].Result == "success");

    private Dictionary<string, object?> Contexts() => new(StringComparer.OrdinalIgnoreCase)
    {
        ["github"] = run.GitHub,
        ["inputs"] = run.Inputs,
        ["vars"] = run.Options.Variables,
        ["needs"] = job.Texts("needs").ToDictionary(
            need => need,
            need => (object?)new Dictionary<string, object?>
            {
                ["result"] = run.Result.Jobs[need].Result,
                ["outputs"] = run.Result.Jobs[need].Outputs,
            }),
    };

    private async Task RunStepAsync(YamlMappingNode step, CancellationToken cancellationToken)
    {
        var name = step.Text("name") ?? step.Text("uses") ?? step.Text("run")!.Split('\n')[0];
        var condition = step.Text("if") ?? "success()";
        var evaluator = CreateEvaluator();
        if (!evaluator.IsTrue(condition) || (HasFailed && !Evaluator.AsksForStatus(condition)))
        {
            _result.Steps.Add(new(name, "skipped", [], new Dictionary<string, string>()));
            return;
        }

        var running = new StepRunner(this, step, evaluator, _result.Steps.Count);
        running.Write($"==== {id} / {name}");
        bool succeeded;
        try
        {
            succeeded = await running.RunAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            running.Write($"##[error]{exception.Message}");
            succeeded = false;
        }

        var outputs = running.Finish();
        if (step.Text("id") is { } stepId)
            _steps[stepId] = new Dictionary<string, object?> { ["outputs"] = outputs, ["outcome"] = succeeded ? "success" : "failure" };
        _result.Steps.Add(new(name, succeeded ? "success" : "failure", running.Log, outputs));
        HasFailed |= !succeeded && step.Text("continue-on-error") != "true";
    }
}

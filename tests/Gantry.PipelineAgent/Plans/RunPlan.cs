using System.Globalization;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.PipelineAgent.Plans;

/// <summary>The plan of a run of an expanded pipeline.</summary>
internal sealed record RunPlan(IReadOnlyList<PlannedStage> Stages, IReadOnlyList<YamlMapping> Variables)
{
    public static RunPlan Of(YamlMapping pipeline)
    {
        var stages = new List<PlannedStage>();
        foreach (var stage in pipeline.Items("stages"))
            stages.Add(PlannedStage.Of(stage, stages.Count == 0 ? [] : [stages[^1].Name], pipeline["pool"]));
        return new(stages, pipeline.Items("variables"));
    }
}

/// <summary>A stage.</summary>
internal sealed record PlannedStage(
    string Name, IReadOnlyList<string> DependsOn, string? Condition, IReadOnlyList<YamlMapping> Variables, IReadOnlyList<PlannedJob> Jobs)
{
    // Inputs of tasks for a service connection.
    private static readonly string[] ConnectionInputs =
        ["azureSubscription", "connectedServiceNameARM", "containerRegistry", "kubernetesServiceConnection", "kubernetesServiceEndpoint"];

    /// <summary>True when a person who starts a run may leave the stage out.</summary>
    public bool IsSkippable { get; init; } = true;

    /// <summary>
    /// Gets the service connections that any step names, whatever its condition: their checks are asked before the stage.
    /// </summary>
    public IReadOnlyList<string> Connections =>
        [.. Jobs.SelectMany(job => job.Steps)
            .SelectMany(step => ConnectionInputs.Select(input => step.Inputs.GetValueOrDefault(input)))
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    public static PlannedStage Of(YamlMapping stage, IReadOnlyList<string> before, YamlValue? pool) => new(
        stage.Text("stage") ?? throw new PipelineException("a stage has no name"),
        stage["dependsOn"] is null ? before : stage.Texts("dependsOn"),
        stage.Text("condition"),
        stage.Items("variables"),
        [.. stage.Items("jobs").Select(job => PlannedJob.Of(job, stage["pool"] ?? pool))])
    {
        IsSkippable = stage.Text("isSkippable") != "false",
    };
}

/// <summary>A job. A deployment job has its environment and the steps of all hooks.</summary>
internal sealed record PlannedJob(
    string Name, string? Environment, bool IsAgentless, IReadOnlyList<string> DependsOn, string? Condition, bool ContinueOnError,
    IReadOnlyList<YamlMapping> Variables, IReadOnlyList<PlannedStep> Steps)
{
    public bool IsDeployment => Environment is not null;

    /// <summary>The number of jobs that run the steps, each with its position; null without <c>strategy: parallel</c>.</summary>
    public int? Parallel { get; init; }

    public static PlannedJob Of(YamlMapping job, YamlValue? pool)
    {
        var isDeployment = job["deployment"] is not null;
        return new(
            job.Text("job") ?? job.Text("deployment") ?? throw new PipelineException("a job has no name"),
            isDeployment
                ? job.Text("environment") ?? (job["environment"] as YamlMapping)?.Text("name")
                    ?? throw new PipelineException("a deployment job has no environment")
                : null,
            (job["pool"] ?? pool) is YamlScalar { Text: "server" },
            job.Texts("dependsOn"),
            job.Text("condition"),
            job.Text("continueOnError") == "true",
            job.Items("variables"),
            [.. (isDeployment ? Deploy(job) : job.Items("steps")).Select(step => new PlannedStep(step))])
        {
            Parallel = isDeployment ? null : ParallelOf(job),
        };
    }

    private static int? ParallelOf(YamlMapping job) => job["strategy"] switch
    {
        null => null,
        YamlMapping { Entries: [{ Key: "parallel", Value: YamlScalar { Text: var count } }] } =>
            int.Parse(count, CultureInfo.InvariantCulture),
        _ => throw new PipelineException("only the strategy parallel is known here for jobs that deploy nothing"),
    };

    // One strategy and one hook are enough here; others are refused rather than skipped.
    private static IReadOnlyList<YamlMapping> Deploy(YamlMapping job)
    {
        var strategy = job["strategy"] as YamlMapping;
        return strategy?["runOnce"] is YamlMapping { Entries: [{ Key: "deploy", Value: YamlMapping deploy }] }
            ? deploy.Items("steps")
            : throw new PipelineException("only the strategy runOnce with its hook deploy is known here");
    }
}

/// <summary>A step.</summary>
internal sealed record PlannedStep(YamlMapping Yaml)
{
    /// <summary>Gets the kind of the step: <c>bash</c>, <c>task</c>, <c>checkout</c>.</summary>
    public string Kind => Yaml.Entries[0].Key;

    /// <summary>Gets the value of the kind: a script, the name of a task.</summary>
    public string Argument => Yaml.Text(Kind) ?? "";

    public string? Name => Yaml.Text("name");

    public string DisplayName => Yaml.Text("displayName") ?? $"{Kind}: {Argument.Split('\n')[0]}";

    public string? Condition => Yaml.Text("condition");

    public bool ContinueOnError => Yaml.Text("continueOnError") == "true";

    /// <summary>Gets how often the step is tried at most.</summary>
    public int Tries => 1 + (Yaml.Text("retryCountOnTaskFailure") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : 0);

    public IReadOnlyDictionary<string, string> Inputs => Map("inputs");

    public IReadOnlyDictionary<string, string> Environment => Map("env");

    private Dictionary<string, string> Map(string key) =>
        ((Yaml[key] as YamlMapping)?.Entries ?? []).ToDictionary(
            entry => entry.Key, entry => ((YamlScalar)entry.Value).Text, StringComparer.OrdinalIgnoreCase);
}

internal static class YamlMappingExtensions
{
    public static string? Text(this YamlMapping mapping, string key) => (mapping[key] as YamlScalar)?.Text;

    public static IReadOnlyList<string> Texts(this YamlMapping mapping, string key) => mapping[key] switch
    {
        YamlScalar scalar => [scalar.Text],
        YamlSequence sequence => [.. sequence.Items.Select(item => ((YamlScalar)item).Text)],
        _ => [],
    };

    public static IReadOnlyList<YamlMapping> Items(this YamlMapping mapping, string key) =>
        [.. ((mapping[key] as YamlSequence)?.Items ?? []).Cast<YamlMapping>()];
}

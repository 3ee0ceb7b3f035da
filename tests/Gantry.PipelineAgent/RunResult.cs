namespace Gantry.PipelineAgent;

/// <summary>The outcome of a run, a stage, a job or a step.</summary>
public enum Outcome
{
    Succeeded,
    SucceededWithIssues,
    Failed,
    Skipped,
}

/// <summary>The results of a run.</summary>
public sealed class RunResult
{
    /// <summary>The id of the run.</summary>
    public required int Id { get; init; }

    /// <summary>The folder that holds each artifact in a folder of its name.</summary>
    public required string ArtifactFolder { get; init; }

    /// <summary>The branch or tag of the run.</summary>
    public required string Branch { get; init; }

    /// <summary>The start of the run.</summary>
    internal RunRequest Request { get; init; } = new();

    /// <summary>The commit of the run, which stays the same when a stage is run again.</summary>
    internal string Commit { get; set; } = "";

    /// <summary>The attempts of each stage so far.</summary>
    internal IDictionary<string, int> Attempts { get; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The number of the run.</summary>
    public string BuildNumber { get; set; } = "";

    public IList<string> BuildTags { get; } = [];

    /// <summary>Gets the attached summaries, as they were at the end of their steps.</summary>
    public IList<string> Summaries { get; } = [];

    /// <summary>Gets the reported warnings and errors, as <c>error GAN4021: …</c>.</summary>
    public IList<string> Issues { get; } = [];

    public IDictionary<string, StageResult> Stages { get; } = new OrderedDictionary<string, StageResult>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the outcome of the run: that of its worst stage.</summary>
    public Outcome Outcome =>
        Stages.Values.Any(stage => stage.Outcome == Outcome.Failed) ? Outcome.Failed
        : Stages.Values.Any(stage => stage.Outcome == Outcome.SucceededWithIssues) ? Outcome.SucceededWithIssues
        : Outcome.Succeeded;

    /// <summary>Returns the outcome of each stage: <c>Build=Succeeded PromoteDev=Failed</c>.</summary>
    public override string ToString() => string.Join(' ', Stages.Select(stage => $"{stage.Key}={stage.Value.Outcome}"));
}

/// <summary>The result of a stage.</summary>
public sealed class StageResult
{
    public Outcome Outcome { get; set; } = Outcome.Skipped;

    /// <summary>True when the person who started the run left it out: for <c>succeeded()</c> it is not there.</summary>
    public bool IsLeftOut { get; init; }

    public IDictionary<string, JobResult> Jobs { get; } = new OrderedDictionary<string, JobResult>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The result of a job.</summary>
public sealed class JobResult
{
    public Outcome Outcome { get; set; } = Outcome.Skipped;

    public bool HasSucceeded => Outcome is Outcome.Succeeded or Outcome.SucceededWithIssues;

    /// <summary>Gets the outputs as dependents read them: <c>step.variable</c>, prefixed with the job's name for deployment jobs.</summary>
    public IDictionary<string, string> Outputs { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IList<StepResult> Steps { get; } = [];

    /// <summary>Gets the results of the jobs of <c>strategy: parallel</c>, by their position from 1; empty for any other job.</summary>
    public IDictionary<int, JobResult> Parts { get; } = new SortedDictionary<int, JobResult>();
}

/// <summary>The result of a step.</summary>
public sealed record StepResult(string DisplayName, Outcome Outcome, IReadOnlyList<string> Log);

namespace Gantry.WorkflowRunner;

/// <summary>The result of a run.</summary>
public sealed class RunResult
{
    public required string Id { get; init; }

    public required string ArtifactFolder { get; init; }

    public int Attempt { get; internal set; } = 1;

    /// <summary>Gets the jobs in the order in which they ended.</summary>
    public Dictionary<string, JobResult> Jobs { get; } = [];

    /// <summary>Gets the summaries that steps wrote, in order.</summary>
    public List<string> Summaries { get; } = [];

    /// <summary>Gets the errors and warnings of steps: <c>error GAN4021: …</c>.</summary>
    public List<string> Annotations { get; } = [];

    /// <summary>Returns the results of the jobs: <c>build=success publish=skipped</c>.</summary>
    public override string ToString() => string.Join(' ', Jobs.Select(job => $"{job.Key}={job.Value.Result}"));
}

/// <summary>The result of a job.</summary>
public sealed class JobResult
{
    /// <summary>Gets <c>success</c>, <c>failure</c> or <c>skipped</c>.</summary>
    public string Result { get; internal set; } = "success";

    public Dictionary<string, string> Outputs { get; } = [];

    /// <summary>Gets the permissions of the token.</summary>
    public IReadOnlyDictionary<string, string> Permissions { get; internal set; } = new Dictionary<string, string>();

    public List<StepResult> Steps { get; } = [];

    /// <summary>Gets the results of the jobs of a matrix, by the value of each; empty for any other job.</summary>
    public Dictionary<string, JobResult> Parts { get; } = [];
}

/// <summary>The result of a step.</summary>
public sealed record StepResult(string Name, string Outcome, IReadOnlyList<string> Log, IReadOnlyDictionary<string, string> Outputs);

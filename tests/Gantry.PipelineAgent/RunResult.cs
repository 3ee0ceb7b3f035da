namespace Gantry.PipelineAgent;

/// <summary>How something ended.</summary>
public enum Outcome
{
    Succeeded,
    SucceededWithIssues,
    Failed,
    Skipped,
}

/// <summary>What a run left behind.</summary>
public sealed class RunResult
{
    /// <summary>The id of the run.</summary>
    public required int Id { get; init; }

    /// <summary>The folder that holds each artifact in a folder of its name.</summary>
    public required string ArtifactFolder { get; init; }

    /// <summary>The branch or tag that it ran for.</summary>
    public required string Branch { get; init; }

    /// <summary>The number of the run.</summary>
    public string BuildNumber { get; set; } = "";

    public IList<string> BuildTags { get; } = [];

    /// <summary>The summaries that were attached, as they were at the end of their steps.</summary>
    public IList<string> Summaries { get; } = [];

    /// <summary>Warnings and errors that steps reported, as <c>error GAN4021: …</c>.</summary>
    public IList<string> Issues { get; } = [];

    public IDictionary<string, StageResult> Stages { get; } = new OrderedDictionary<string, StageResult>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How the run ended: as its worst stage.</summary>
    public Outcome Outcome =>
        Stages.Values.Any(stage => stage.Outcome == Outcome.Failed) ? Outcome.Failed
        : Stages.Values.Any(stage => stage.Outcome == Outcome.SucceededWithIssues) ? Outcome.SucceededWithIssues
        : Outcome.Succeeded;

    /// <summary>How each stage ended: <c>Build=Succeeded PromoteDev=Failed</c>.</summary>
    public override string ToString() => string.Join(' ', Stages.Select(stage => $"{stage.Key}={stage.Value.Outcome}"));
}

/// <summary>How a stage ended.</summary>
public sealed class StageResult
{
    public Outcome Outcome { get; set; } = Outcome.Skipped;

    public IDictionary<string, JobResult> Jobs { get; } = new OrderedDictionary<string, JobResult>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>How a job ended.</summary>
public sealed class JobResult
{
    public Outcome Outcome { get; set; } = Outcome.Skipped;

    /// <summary>The outputs as dependents read them: <c>step.variable</c>, for deployment jobs with the job's name before.</summary>
    public IDictionary<string, string> Outputs { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IList<StepResult> Steps { get; } = [];
}

/// <summary>How a step ended.</summary>
public sealed record StepResult(string DisplayName, Outcome Outcome, IReadOnlyList<string> Log);

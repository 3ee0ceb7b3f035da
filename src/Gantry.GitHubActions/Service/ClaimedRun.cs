namespace Gantry.GitHubActions.Service;

/// <summary>The run that a process claims to be part of, as its environment variables say.</summary>
/// <param name="Id">The id of the run.</param>
public sealed record ClaimedRun(string Id)
{
    /// <summary>The commit; null when it is not claimed.</summary>
    public string? Commit { get; init; }

    /// <summary>The workflow with its repository and reference; null when it is not claimed.</summary>
    public string? Workflow { get; init; }

    /// <summary>The branch or tag as a full reference: <c>refs/heads/main</c>; null when it is not claimed.</summary>
    public string? Reference { get; init; }

    /// <summary>The environment of GitHub that the job deploys to; null for any other job.</summary>
    public string? Environment { get; init; }
}

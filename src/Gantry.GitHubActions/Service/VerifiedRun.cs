using Gantry.Environments;

namespace Gantry.GitHubActions.Service;

/// <summary>A run that GitHub confirmed: it is in progress, and of the claimed workflow and commit.</summary>
public sealed record VerifiedRun
{
    /// <summary>The id of the run.</summary>
    public required string Id { get; init; }

    /// <summary>The repository that confirmed it.</summary>
    public required GitHubRepository Repository { get; init; }

    /// <summary>The page of the run; null when GitHub does not say.</summary>
    public string? Url { get; init; }

    /// <summary>The person who started the run or this attempt of it; null when GitHub does not say.</summary>
    public string? RequestedFor { get; init; }

    /// <summary>
    /// The branch or tag of the run as a full reference: <c>refs/heads/main</c>. Null when GitHub does not confirm the claimed one, or
    /// when a branch and a tag have the same name.
    /// </summary>
    public string? Branch { get; init; }

    /// <summary>The environment of GitHub that the job deploys to; null for any other job.</summary>
    public string? Environment { get; init; }

    /// <summary>True when GitHub also confirmed that the run deploys to this environment now.</summary>
    public bool IsEnvironmentVerified { get; init; }

    /// <summary>The attempt of the run, from 1 on; null when GitHub does not say.</summary>
    internal int? Attempt { get; init; }

    internal EnvironmentState? Protection { get; init; }

    internal IReadOnlyDictionary<string, string> Approvers { get; init; } = new Dictionary<string, string>();

    /// <summary>True for a gate of a kind that GitHub has; the promotion evaluates others, or nothing holds them.</summary>
    /// <param name="gate">The gate.</param>
    public static bool IsKnown(Gate gate) => gate is ApprovalGate or BranchControlGate or AzurePipelines.Gates.ExclusiveLockGate;

    /// <summary>
    /// Returns why GitHub does not hold a gate, as the rest of a sentence; null when it does: then the rules of the environment are those
    /// of the gate, and the job began after they had passed.
    /// </summary>
    public string? FindGap(Gate gate) => gate switch
    {
        _ when Environment is null => "its job has no environment",
        _ when Protection is null => $"the environment '{Environment}' cannot be read",
        ApprovalGate approval => GateGaps.Find(approval, Environment, Protection, Approvers),
        BranchControlGate branches => GateGaps.Find(branches, Environment, Protection),
        _ when IsKnown(gate) => null,
        _ => "GitHub has no such gate",
    };

    /// <summary>
    /// Returns the service that holds gates, for records: <c>GitHub Actions, environment prod (run 7 of contoso/shop)</c>.
    /// </summary>
    public override string ToString()
    {
        var claimed = IsEnvironmentVerified ? "" : " as the job claims";
        var environment = Environment is null ? "" : $", environment {Environment}{claimed}";
        return $"GitHub Actions{environment} (run {Id} of {Repository})";
    }
}

using Gantry.Environments;
using Gantry.Promotion;
using AzureRun = Gantry.AzurePipelines.Service.VerifiedRun;
using GitHubRun = Gantry.GitHubActions.Service.VerifiedRun;

namespace Gantry.Nuke.Execution;

/// <summary>A run that its service confirmed: it is in progress, and the one that this process claims to be.</summary>
internal sealed record ConfirmedRun
{
    private readonly string _description;

    private ConfirmedRun(string description) => _description = description;

    /// <summary>The id of the run.</summary>
    public required string Id { get; init; }

    /// <summary>The page of the run; null when the service does not say.</summary>
    public string? Url { get; init; }

    /// <summary>The person who requested the run; null when the service does not say.</summary>
    public string? RequestedFor { get; init; }

    /// <summary>The branch or tag of the run, as the service writes it; null when the service does not say.</summary>
    public string? Branch { get; init; }

    /// <summary>The environment of the service that the job deploys to; null for any other job.</summary>
    public string? Environment { get; init; }

    /// <summary>True when the service also confirmed that the run deploys to this environment now.</summary>
    public bool IsEnvironmentVerified { get; init; }

    /// <summary>True in GitHub Actions; false in Azure Pipelines.</summary>
    public bool IsInGitHub { get; init; }

    /// <summary>Returns why the service does not hold a gate, as the rest of a sentence; null when it does.</summary>
    public Func<Gate, string?> FindGap { get; init; } = _ => null;

    /// <summary>True for a gate of a kind that the service has.</summary>
    public Func<Gate, bool> IsKnown { get; init; } = _ => true;

    /// <summary>Reads the approvals that the service has recorded for the job; without a way to read them, the answer says so.</summary>
    public Func<CancellationToken, Task<ServiceApprovals>> ReadApprovalsAsync { get; init; } =
        _ => Task.FromResult(ServiceApprovals.NotRead("nothing reads them here"));

    /// <summary>Returns a run that Azure DevOps confirmed.</summary>
    public static ConfirmedRun Of(AzureRun run) => new(run.ToString())
    {
        Id = run.Id,
        Url = run.Url,
        RequestedFor = run.RequestedFor,
        Branch = run.Branch,
        Environment = run.Environment,
        IsEnvironmentVerified = run.IsEnvironmentVerified,
    };

    /// <summary>Returns a run that GitHub confirmed.</summary>
    public static ConfirmedRun Of(GitHubRun run) => new(run.ToString())
    {
        Id = run.Id,
        Url = run.Url,
        RequestedFor = run.RequestedFor,
        Branch = run.Branch,
        Environment = run.Environment,
        IsEnvironmentVerified = run.IsEnvironmentVerified,
        IsInGitHub = true,
        FindGap = run.FindGap,
        IsKnown = GitHubRun.IsKnown,
    };

    /// <summary>Returns the service that holds gates, for records.</summary>
    public override string ToString() => _description;
}

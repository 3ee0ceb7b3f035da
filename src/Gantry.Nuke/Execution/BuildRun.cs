using Gantry.AzurePipelines.Service;
using Gantry.GitHubActions.Generation;
using Gantry.Promotion;
using GitHubClaim = Gantry.GitHubActions.Service.ClaimedRun;

namespace Gantry.Nuke.Execution;

/// <summary>The build server's run, as the variables of this process describe it. Until a service confirms it, it is a claim.</summary>
internal sealed record BuildRun
{
    private const string Heads = "refs/heads/";

    // Each with the variables of the run and of its requester.
    private static readonly (string Variable, string Name, string Run, string Requester)[] Systems =
    [
        ("BUILD_BUILDID", "Azure Pipelines run", "BUILD_BUILDID", "BUILD_REQUESTEDFOR"),
        ("TF_BUILD", "Azure Pipelines", "BUILD_BUILDID", "BUILD_REQUESTEDFOR"),
        ("GITHUB_ACTIONS", "GitHub Actions run", "GITHUB_RUN_ID", "GITHUB_ACTOR"),
        ("GITLAB_CI", "GitLab CI job", "CI_JOB_ID", "GITLAB_USER_LOGIN"),
        ("TEAMCITY_VERSION", "TeamCity build", "BUILD_NUMBER", ""),
        ("JENKINS_URL", "Jenkins build", "BUILD_TAG", ""),
    ];

    /// <summary>The run of Azure Pipelines for its service to confirm; null when none is claimed.</summary>
    public ClaimedRun? Claim { get; init; }

    /// <summary>The run of GitHub Actions for GitHub to confirm; null when none is claimed.</summary>
    public GitHubClaim? GitHubClaim { get; init; }

    /// <summary>The claim for records: <c>to run in Azure Pipelines run 4711, requested by Anna</c>. Null without one.</summary>
    public string? Claims { get; init; }

    /// <summary>Returns the person who promotes: the requester of a confirmed run, or the user of this machine with any claim.</summary>
    public PromotionActor ActorOf(ConfirmedRun? confirmed) => confirmed is null
        ? PromotionActor.LocalUser with { Claims = Claims }
        : new()
        {
            Name = confirmed.RequestedFor ?? PromotionActor.LocalUser.Name,
            RunId = confirmed.Id,
            RunUrl = confirmed.Url,
        };

    /// <summary>
    /// Returns the branch of a confirmed run, without its prefix; null when there is none. An agent checks out a commit and not a branch.
    /// </summary>
    public static string? BranchOf(ConfirmedRun? confirmed) =>
        confirmed?.Branch?.StartsWith(Heads, StringComparison.Ordinal) == true ? confirmed.Branch[Heads.Length..] : confirmed?.Branch;

    /// <summary>
    /// Returns the address of the run that the variables claim; null outside of Azure Pipelines and GitHub Actions. It is only a link.
    /// </summary>
    public static string? UrlOf(IReadOnlyDictionary<string, string> environment)
    {
        var organization = Find("SYSTEM_COLLECTIONURI") ?? Find("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI");
        if (Find("BUILD_BUILDID") is { } run && organization is { } collection
            && Find("SYSTEM_TEAMPROJECT") is { } project)
            return $"{collection.TrimEnd('/')}/{Uri.EscapeDataString(project)}/_build/results?buildId={Uri.EscapeDataString(run)}";
        return Find("GITHUB_SERVER_URL") is { } server && Find("GITHUB_REPOSITORY") is { } repository && Find("GITHUB_RUN_ID") is { } id
            ? $"{server.TrimEnd('/')}/{repository}/actions/runs/{Uri.EscapeDataString(id)}"
            : null;

        string? Find(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>Reads the variables. Throws <c>GAN4065</c> for an id that is not a number.</summary>
    /// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/build/variables">Azure Pipelines, predefined variables</seealso>
    /// <seealso href="https://docs.github.com/actions/reference/workflows-and-actions/variables">GitHub Actions, variables</seealso>
    public static BuildRun From(IReadOnlyDictionary<string, string> environment)
    {
        var id = FindId("BUILD_BUILDID", "Azure Pipelines");
        var github = Find("GITHUB_ACTIONS") is null ? null : FindId("GITHUB_RUN_ID", "GitHub Actions");
        return new BuildRun
        {
            GitHubClaim = github is null ? null : new GitHubClaim(github)
            {
                Commit = Find("GITHUB_SHA"),
                Workflow = Find("GITHUB_WORKFLOW_REF"),
                Reference = Find("GITHUB_REF"),
                Environment = Find(WorkflowGenerator.EnvironmentVariable),
            },
            Claim = id is null ? null : new ClaimedRun(id)
            {
                Definition = Find("SYSTEM_DEFINITIONID"),
                Commit = Find("BUILD_SOURCEVERSION"),
                Environment = Find("ENVIRONMENT_NAME"),
                Stage = Find("SYSTEM_STAGENAME"),
            },
            Claims = ClaimsOf(),
        };

        string? ClaimsOf()
        {
            var system = Systems.FirstOrDefault(known => Find(known.Variable) is not null);
            if (system.Name is null)
                return null;
            var run = Find(system.Run) is { } number ? " " + number : "";
            var requester = Find(system.Requester) is { } person ? $", requested by {person}" : "";
            return $"to run in {system.Name}{run}{requester}";
        }

        string? FindId(string name, string system) =>
            Find(name) is { } number && !number.All(char.IsAsciiDigit) ? throw ExecutionErrors.NoBuildId(name, number, system) : Find(name);

        string? Find(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }
}

using Gantry.Environments;
using Gantry.Http;
using Gantry.Processes;

namespace Gantry.Deployments.Git;

/// <summary>Interprets the error output of git.</summary>
internal static class GitErrorParser
{
    private static readonly string[] Refusals =
    [
        "Authentication failed", "could not read Username", "could not read Password", "Permission denied", "returned error: 401",
        "returned error: 403",
        "TF401019", "TF401027", "terminal prompts disabled",
    ];

    private static readonly string[] Absences =
        ["not found", "does not exist", "does not appear to be a git repository", "returned error: 404"];

    // Failures that may succeed when retried.
    private static readonly string[] Passing =
    [
        "Could not resolve host", "Connection reset", "Connection timed out", "Connection refused", "Failed to connect",
        "Operation timed out", "early EOF", "RPC failed",
        "remote end hung up unexpectedly", "returned error: 429", "returned error: 500", "returned error: 502", "returned error: 503",
        "returned error: 504",
    ];

    // Reported by the server when two pushes collide (TF401028: Azure Repos), and by git itself when the branch has moved meanwhile.
    private static readonly string[] Races =
        [
            "fetch first", "non-fast-forward", "stale info", "cannot lock ref", "failed to update ref", "incorrect old value provided",
            "TF401028",
        ];

    /// <summary>Creates the exception for a failed git command.</summary>
    public static Exception ToException(ProgramResult result, GitCommitDeployment deployment)
    {
        var reason = result.Reason("fatal:", "error:", "remote:");
        if (result.Errors.Contains("Remote branch", StringComparison.Ordinal)
            || result.Errors.Contains("couldn't find remote ref", StringComparison.Ordinal))
            return DeploymentErrors.BranchMissing(deployment.Repository, deployment.Branch);
        if (Says(result, Refusals))
            return DeploymentErrors.RepositoryRefused(deployment.Repository, reason);
        if (Says(result, Passing))
            return new TransientException(FailureKind.Broken, DeploymentErrors.RepositoryUnreachable(deployment.Repository, reason));
        return Says(result, Absences)
            ? DeploymentErrors.RepositoryRefused(deployment.Repository, reason)
            : DeploymentErrors.RepositoryUnreachable(deployment.Repository, reason);
    }

    /// <summary>Finds the reason why a push was rejected; null when it failed for another reason.</summary>
    /// <seealso href="https://git-scm.com/docs/git-push#_output">git push, porcelain output: flag, from and to, summary</seealso>
    public static (bool WasOvertaken, string Reason)? FindRejection(ProgramResult result)
    {
        var line = result.Output.Split('\n').FirstOrDefault(line => line.StartsWith("!\t", StringComparison.Ordinal));
        if (line?.Split('\t') is not [_, _, var summary])
            return null;
        var overtaken = Array.Exists(Races, race =>
            summary.Contains(race, StringComparison.OrdinalIgnoreCase) || result.Errors.Contains(race, StringComparison.OrdinalIgnoreCase));
        return (
            overtaken,
            result.Reason("remote: error:", "remote: fatal:", "remote:") is { Length: > 0 } said
                ? $"{summary.Trim()}, {said}"
                : summary.Trim());
    }

    private static bool Says(ProgramResult result, string[] texts) =>
        Array.Exists(texts, text => result.Errors.Contains(text, StringComparison.OrdinalIgnoreCase));
}

using Gantry.Environments;
using Gantry.GitHubActions.Environments;

namespace Gantry.GitHubActions.Service;

/// <summary>
/// Compares gates with the rules of an environment of GitHub, as the rest of a sentence. Rules that are there and others than declared hold
/// nothing: any reviewer would do for any approval.
/// </summary>
internal static class GateGaps
{
    public static string? Find(
        ApprovalGate gate, string environment, EnvironmentState found, IReadOnlyDictionary<string, string> approvers)
    {
        if (found.Reviewers.Count == 0)
            return $"the environment '{environment}' has no required reviewers";
        var declared = new List<string>();
        foreach (var approver in gate.Approvers)
        {
            if (EnvironmentProtection.ReviewerOf(approvers, approver) is not { } reviewer)
                return $"no Approvers of a workflow say who {approver} is in GitHub";
            declared.Add(reviewer);
        }

        var names = found.Reviewers.Select(reviewer => (reviewer.Type, reviewer.Name.TrimStart('@').ToLowerInvariant())).ToHashSet();
        if (!names.SetEquals(declared.Select(Identify)))
            return $"the required reviewers of the environment '{environment}' are "
                + $"{Format.List(found.Reviewers.Select(reviewer => reviewer.Name))}, and not {Format.List(declared.Distinct())}";
        return gate.RequesterMayApprove || found.PreventSelfReview
            ? null
            : $"in the environment '{environment}' people may approve what they started";
    }

    public static string? Find(BranchControlGate gate, string environment, EnvironmentState found)
    {
        var (areProtected, patterns) = EnvironmentProtection.BranchesOf(gate);
        if (!areProtected && patterns.Count == 0)
            return null;
        if (!found.ProtectedBranches && !found.HasPatterns)
            return $"the environment '{environment}' accepts every branch";
        var known = found.Patterns.Select(pattern => pattern.Pattern).ToList();
        var isAsDeclared = areProtected
            ? found.ProtectedBranches
            : found.HasPatterns && known.Count > 0 && known.All(patterns.Contains);
        return isAsDeclared
            ? null
            : $"the environment '{environment}' accepts {Describe(found.ProtectedBranches, known)}, and not "
                + Describe(areProtected, patterns);
    }

    // A team belongs to the organization of the repository, and GitHub says its short name alone.
    private static (string Type, string Name) Identify(string reviewer) => reviewer.Split('/') is [_, var team]
        ? ("Team", team.ToLowerInvariant())
        : ("User", reviewer.TrimStart('@').ToLowerInvariant());

    private static string Describe(bool areProtected, IEnumerable<BranchPattern> patterns) =>
        areProtected ? "protected branches" : Format.List(patterns.Select(pattern => pattern.ToString()));
}

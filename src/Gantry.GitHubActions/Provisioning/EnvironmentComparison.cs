using Gantry.GitHubActions.Environments;
using Gantry.GitHubActions.Service;

namespace Gantry.GitHubActions.Provisioning;

/// <summary>Compares an environment of GitHub with its declaration, and finds what would protect less than before.</summary>
internal static class EnvironmentComparison
{
    public static IReadOnlyList<SettingDifference> Compare(
        EnvironmentState? found, EnvironmentProtection desired, IReadOnlyList<Reviewer> reviewers) =>
    [
        .. new[]
        {
            CompareReviewers(found?.Reviewers ?? [], reviewers),
            CompareSelfReview(found?.PreventSelfReview == true, desired, reviewers),
            CompareWait(found?.WaitMinutes ?? 0, desired.WaitMinutes),
            CompareBranches(found, desired),
        }.OfType<SettingDifference>(),
    ];

    // One of the reviewers is enough: more of them is weaker, and none is weakest.
    private static SettingDifference? CompareReviewers(IReadOnlyList<Reviewer> found, IReadOnlyList<Reviewer> desired)
    {
        var added = desired.Where(reviewer => !found.Any(reviewer.Is)).ToList();
        if (added.Count == 0 && desired.Count == found.Count)
            return null;
        return new(
            "required reviewers",
            Format.List(found.Select(reviewer => reviewer.Name)),
            Format.List(desired.Select(reviewer => reviewer.Name)),
            IsWeaker: found.Count > 0 && (desired.Count == 0 || added.Count > 0));
    }

    // Without reviewers there is nothing to approve, and GitHub does not show the setting.
    private static SettingDifference? CompareSelfReview(bool found, EnvironmentProtection desired, IReadOnlyList<Reviewer> reviewers) =>
        reviewers.Count == 0 || found == desired.PreventSelfReview
            ? null
            : new("approval of an own run", found ? "no" : "yes", desired.PreventSelfReview ? "no" : "yes", IsWeaker: found);

    private static SettingDifference? CompareWait(int found, int desired) =>
        found == desired ? null : new("wait timer", DescribeWait(found), DescribeWait(desired), IsWeaker: desired < found);

    private static string DescribeWait(int minutes) => minutes == 0 ? "none" : Format.Duration(TimeSpan.FromMinutes(minutes));

    private static SettingDifference? CompareBranches(EnvironmentState? found, EnvironmentProtection desired)
    {
        var before = found?.Patterns.Select(known => known.Pattern).ToList() ?? [];
        var (from, to) = (
            Describe(found?.ProtectedBranches == true, found?.HasPatterns == true, before),
            Describe(desired.ProtectedBranches, desired.Patterns.Count > 0, desired.Patterns));
        if (from == to)
            return null;
        var isOpen = found is null or { ProtectedBranches: false, HasPatterns: false };
        var onlyRemoves = found?.HasPatterns == true && desired.Patterns.Count > 0 && desired.Patterns.All(before.Contains);
        return new("branches", from, to, IsWeaker: !isOpen && !onlyRemoves);
    }

    private static string Describe(bool isProtected, bool hasPatterns, IEnumerable<BranchPattern> patterns) =>
        isProtected ? "protected branches"
        : hasPatterns ? Format.List(patterns.Select(pattern => pattern.ToString()).Order(StringComparer.Ordinal))
        : "all";
}

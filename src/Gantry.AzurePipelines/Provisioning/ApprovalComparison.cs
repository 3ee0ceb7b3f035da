namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Compares approvals.</summary>
internal static class ApprovalComparison
{
    public static IEnumerable<SettingChange> Compare(CheckState current, CheckState desired)
    {
        var effect = IsAtLeastAsStrict(current, desired) ? SettingEffect.Stricter : SettingEffect.Weaker;
        if (!SameApprovers(current, desired))
            yield return new("approvers", Names(current.Approvers), Names(desired.Approvers), effect);
        if (current.Minimum != desired.Minimum)
            yield return new("minimum", CheckComparison.Text(current.Minimum), CheckComparison.Text(desired.Minimum), effect);
        if (current.InSequence != desired.InSequence)
            yield return new(
                "in sequence",
                CheckComparison.Text(current.InSequence),
                CheckComparison.Text(desired.InSequence),
                desired.InSequence ? SettingEffect.Stricter : SettingEffect.Weaker);
        if (current.RequesterMayApprove != desired.RequesterMayApprove)
            yield return new(
                "requester may approve",
                CheckComparison.Text(current.RequesterMayApprove),
                CheckComparison.Text(desired.RequesterMayApprove),
                desired.RequesterMayApprove ? SettingEffect.Weaker : SettingEffect.Stricter);
        if (!current.Blocked.ToHashSet().SetEquals(desired.Blocked))
            yield return new(
                "may never approve",
                Names(current.Blocked),
                Names(desired.Blocked),
                current.Blocked.All(desired.Blocked.Contains) ? SettingEffect.Stricter : SettingEffect.Weaker);
        foreach (var change in CheckComparison.Changed("instructions", current.Instructions, desired.Instructions, SettingEffect.Neutral))
            yield return change;
    }

    /// <summary>
    /// True when every set of approvers that is sufficient afterwards was sufficient before: even if all new approvers are among those who
    /// approve, enough of the previous ones must approve as well.
    /// </summary>
    internal static bool IsAtLeastAsStrict(CheckState current, CheckState desired) =>
        desired.Minimum - desired.Approvers.Distinct().Count(approver => !current.Approvers.Contains(approver)) >= current.Minimum;

    private static bool SameApprovers(CheckState current, CheckState desired) => desired.InSequence
        ? current.Approvers.SequenceEqual(desired.Approvers)
        : current.Approvers.ToHashSet().SetEquals(desired.Approvers);

    private static string Names(IReadOnlyList<Person> people) => string.Join(", ", people);
}

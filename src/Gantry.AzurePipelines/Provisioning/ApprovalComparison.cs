namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Compares approvals.</summary>
internal static class ApprovalComparison
{
    public static IEnumerable<SettingChange> Compare(CheckState there, CheckState wanted)
    {
        var effect = IsAtLeastAsStrict(there, wanted) ? SettingEffect.Stricter : SettingEffect.Weaker;
        if (!SameApprovers(there, wanted))
            yield return new("approvers", Names(there.Approvers), Names(wanted.Approvers), effect);
        if (there.Minimum != wanted.Minimum)
            yield return new("minimum", CheckComparison.Text(there.Minimum), CheckComparison.Text(wanted.Minimum), effect);
        if (there.InSequence != wanted.InSequence)
            yield return new("in sequence", CheckComparison.Text(there.InSequence), CheckComparison.Text(wanted.InSequence), wanted.InSequence ? SettingEffect.Stricter : SettingEffect.Weaker);
        if (there.RequesterMayApprove != wanted.RequesterMayApprove)
            yield return new("requester may approve", CheckComparison.Text(there.RequesterMayApprove), CheckComparison.Text(wanted.RequesterMayApprove), wanted.RequesterMayApprove ? SettingEffect.Weaker : SettingEffect.Stricter);
        if (!there.Blocked.ToHashSet().SetEquals(wanted.Blocked))
            yield return new("may never approve", Names(there.Blocked), Names(wanted.Blocked), there.Blocked.All(wanted.Blocked.Contains) ? SettingEffect.Stricter : SettingEffect.Weaker);
        foreach (var change in CheckComparison.Changed("instructions", there.Instructions, wanted.Instructions, SettingEffect.Neutral))
            yield return change;
    }

    /// <summary>
    /// Whether every choice of approvers that is enough afterwards was enough before: of those that have to approve, however many are
    /// new, enough must be left who could approve already.
    /// </summary>
    internal static bool IsAtLeastAsStrict(CheckState there, CheckState wanted) =>
        wanted.Minimum - wanted.Approvers.Distinct().Count(approver => !there.Approvers.Contains(approver)) >= there.Minimum;

    private static bool SameApprovers(CheckState there, CheckState wanted) => wanted.InSequence
        ? there.Approvers.SequenceEqual(wanted.Approvers)
        : there.Approvers.ToHashSet().SetEquals(wanted.Approvers);

    private static string Names(IReadOnlyList<Person> people) => string.Join(", ", people);
}

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Formats plans for people.</summary>
public static class ProvisioningFormatter
{
    /// <summary>Describes a plan, one line for each change.</summary>
    public static IEnumerable<string> Format(ProvisioningPlan plan) => Lines(plan).Select(DisplayText.Neutralize);

    private static IEnumerable<string> Lines(ProvisioningPlan plan)
    {
        yield return $"Environments of {plan.Project}:";
        foreach (var environment in plan.Environments)
        {
            foreach (var line in Lines(environment.Environment, "  "))
                yield return line;
            foreach (var line in environment.Checks.SelectMany(check => Lines(check, "    ")))
                yield return line;
        }

        foreach (var line in plan.Permissions.SelectMany(permission => Lines(permission, "  ")))
            yield return line;
        foreach (var note in plan.Notes)
            yield return $"  note: {note}";
        yield return Summary(plan);
        if (plan.Weakenings.Count > 0 && string.IsNullOrWhiteSpace(plan.WeakenReason))
            yield return "Protection would get weaker: applying this requires --weaken-checks \"reason\".";
    }

    /// <summary>Describes one change that was made: <c>created approval by [Contoso]\QA of the environment 'test'</c>.</summary>
    public static string Format(PlannedChange change) => DisplayText.Neutralize(change.Kind switch
    {
        ChangeKind.Create when change is PermissionChange => change.Subject,
        ChangeKind.Create => $"created {change.Subject}",
        ChangeKind.Change => $"changed {change.Subject}",
        ChangeKind.Remove => $"removed {change.Subject}",
        _ => $"left {change.Subject}",
    });

    private static IEnumerable<string> Lines(PlannedChange change, string indent)
    {
        var mark = change switch
        {
            { Kind: ChangeKind.Create } => '+',
            { Kind: ChangeKind.Change } => '~',
            { Kind: ChangeKind.Remove } => '-',
            { Note: not null } => '?',
            _ => '=',
        };
        var weakens = change.Kind == ChangeKind.Remove ? "  [weaker]" : "";
        yield return $"{indent}{mark} {change.ShortSubject}{weakens}{(change.Note is { } note ? $" ({note})" : "")}";
        foreach (var setting in change.Settings)
            yield return $"{indent}    {setting}{Effect(setting)}";
    }

    private static string Effect(SettingChange setting) => setting.Effect switch
    {
        SettingEffect.Weaker => "  [weaker]",
        SettingEffect.Unclear => "  [may be weaker]",
        _ => "",
    };

    private static string Summary(ProvisioningPlan plan)
    {
        var counts = plan.Changes.CountBy(change => change.Kind).ToDictionary();
        int Count(ChangeKind kind) => counts.GetValueOrDefault(kind);
        return plan.ChangesNothing
            ? "Nothing to do: all is as declared."
            : $"{Count(ChangeKind.Create)} to create, {Count(ChangeKind.Change)} to change, {Count(ChangeKind.Remove)} to remove, "
                + $"{Count(ChangeKind.Leave)} to leave.";
    }
}

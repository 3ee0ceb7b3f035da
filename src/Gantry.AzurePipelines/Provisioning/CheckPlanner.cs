using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Plans the checks of one environment: matches existing with declared checks, and determines the changes.</summary>
internal static class CheckPlanner
{
    /// <summary>Returns the changes in the order of the declaration, followed by the existing checks that are not declared.</summary>
    /// <param name="environment">The name of the environment.</param>
    /// <param name="desired">The declared checks, with ids.</param>
    /// <param name="found">The existing checks.</param>
    /// <param name="names">The names of ids in the declaration.</param>
    /// <param name="prune">True to remove checks that are not declared.</param>
    public static IReadOnlyList<CheckChange> Plan(
        string environment, IReadOnlyList<CheckConfiguration> desired, IReadOnlyList<CheckDocument> found,
        IReadOnlyDictionary<string, string> names, bool prune)
    {
        var open = found.Select(check => (Check: check, State: CheckState.Of(check, names))).ToList();
        var matches = new (CheckDocument Check, IReadOnlyList<SettingChange> Changes)?[desired.Count];
        var states = desired.Select(check => CheckState.Of(check, names)).ToList();

        // Checks that are already as declared are matched first, so that a new check does not change them.
        Match(allowChanges: false);
        Match(allowChanges: true);

        var changes = desired.Select((check, i) => Planned(environment, check, states[i], matches[i])).ToList();
        changes.AddRange(open.Select(left => NotDeclared(environment, left.Check, left.State, prune)));
        return changes;

        void Match(bool allowChanges)
        {
            for (var i = 0; i < desired.Count; i++)
            {
                if (matches[i] is not null)
                    continue;
                var at = open.FindIndex(candidate =>
                    IsSame(candidate.State, states[i]) && (allowChanges || CheckComparison.Compare(candidate.State, states[i]).Count == 0));
                if (at < 0)
                    continue;
                matches[i] = (open[at].Check, CheckComparison.Compare(open[at].State, states[i]));
                open.RemoveAt(at);
            }
        }
    }

    private static bool IsSame(CheckState current, CheckState desired) =>
        current.Kind == desired.Kind
        && (!CheckKinds.IsKnownByName(desired.Kind) || current.DisplayName.Equals(desired.DisplayName, StringComparison.OrdinalIgnoreCase));

    private static CheckChange Planned(
        string environment, CheckConfiguration check, CheckState state,
        (CheckDocument Check, IReadOnlyList<SettingChange> Changes)? match) => new()
    {
        Kind = match switch { null => ChangeKind.Create, { Changes.Count: 0 } => ChangeKind.Leave, _ => ChangeKind.Change },
        ShortSubject = state.Title,
        Subject = Of(environment, state),
        Settings = match?.Changes ?? [],
        Desired = check with
        {
            Settings = KeepVersion(check.Settings, match?.Check),
            IsDisabled = match?.Check.IsDisabled == true ? false : null,
        },
        Found = match?.Check,
    };

    private static CheckChange NotDeclared(string environment, CheckDocument check, CheckState state, bool prune) => new()
    {
        Kind = prune && state.Kind is not null ? ChangeKind.Remove : ChangeKind.Leave,
        ShortSubject = state.Title,
        Subject = Of(environment, state),
        Note = state.Kind is null ? "of a kind that cannot be declared: left unchanged" : prune ? null : "not declared: --prune removes it",
        Found = check,
    };

    private static string Of(string environment, CheckState state) => $"{state.Title} of the environment '{environment}'";

    // The service updates checks to newer versions of their tasks; this is not reverted.
    private static CheckSettings KeepVersion(CheckSettings settings, CheckDocument? found) =>
        settings is TaskSettings task && found?.Settings.Find("definitionRef")?.Find("version")?.Text() is { Length: > 0 } version
            ? task with { DefinitionRef = task.DefinitionRef with { Version = version } }
            : settings;
}

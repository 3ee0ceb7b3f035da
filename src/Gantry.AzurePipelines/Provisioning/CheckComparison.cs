using System.Globalization;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Compares an existing check with the declared one, and determines the effect of the changes on the protection.</summary>
internal static class CheckComparison
{
    /// <summary>Returns the settings that change; empty when the check is as declared.</summary>
    public static IReadOnlyList<SettingChange> Compare(CheckState current, CheckState desired) =>
    [
        .. General(current, desired),
        .. desired.Kind switch
        {
            CheckKind.Approval => ApprovalComparison.Compare(current, desired),
            CheckKind.ExclusiveLock => [],
            CheckKind.RequiredTemplate => Templates(current, desired),
            _ => [.. Task(current, desired), .. InputComparison.Compare(current, desired)],
        },
    ];

    /// <summary>Returns the change of a setting, or nothing when it stays the same.</summary>
    internal static IEnumerable<SettingChange> Changed(string setting, string old, string desired, SettingEffect effect)
    {
        if (old != desired)
            yield return new(setting, old, desired, effect);
    }

    internal static string Text(bool value) => value ? "yes" : "no";

    internal static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static IEnumerable<SettingChange> General(CheckState current, CheckState desired)
    {
        if (current.IsDisabled)
            yield return new("switched off", "yes", "no", SettingEffect.Stricter);
        if (desired.Timeout is null || current.Timeout == desired.Timeout)
            yield break;

        // A longer timeout lets later events satisfy the check. For a lock, it only affects the order.
        var effect = (desired.Kind, current.Timeout) switch
        {
            (CheckKind.ExclusiveLock, _) => SettingEffect.Neutral,
            (_, null) => SettingEffect.Unclear,
            var (_, before) => desired.Timeout > before ? SettingEffect.Weaker : SettingEffect.Stricter,
        };
        yield return new("timeout in minutes", Text(current.Timeout), Text(desired.Timeout), effect);
    }

    private static IEnumerable<SettingChange> Templates(CheckState current, CheckState desired)
    {
        if (current.Templates.ToHashSet(StringComparer.Ordinal).SetEquals(desired.Templates))
            return [];
        var effect = desired.Templates.All(current.Templates.Contains) ? SettingEffect.Stricter : SettingEffect.Unclear;
        return [new("template", string.Join(" or ", current.Templates), string.Join(" or ", desired.Templates), effect)];
    }

    private static IEnumerable<SettingChange> Task(CheckState current, CheckState desired)
    {
        var asksAgain = (current.RetryInterval, desired.RetryInterval) switch
        {
            (0, > 0) => SettingEffect.Weaker,
            ( > 0, 0) => SettingEffect.Stricter,
            _ => SettingEffect.Neutral,
        };
        return
        [
            .. Changed("name", current.DisplayName, desired.DisplayName, SettingEffect.Neutral),
            .. Changed("asked again after minutes", Text(current.RetryInterval), Text(desired.RetryInterval), asksAgain),
            .. Changed("variable group", current.VariableGroup, desired.VariableGroup, SettingEffect.Unclear),
        ];
    }
}

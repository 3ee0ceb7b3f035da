using System.Globalization;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>What is different between a check that is there and the declared one, and what the change does to the protection.</summary>
internal static class CheckComparison
{
    /// <summary>The settings that change; none: it is as declared.</summary>
    public static IReadOnlyList<SettingChange> Compare(CheckState there, CheckState wanted) =>
    [
        .. General(there, wanted),
        .. wanted.Kind switch
        {
            CheckKind.Approval => ApprovalComparison.Compare(there, wanted),
            CheckKind.ExclusiveLock => [],
            CheckKind.RequiredTemplate => Templates(there, wanted),
            _ => [.. Task(there, wanted), .. InputComparison.Compare(there, wanted)],
        },
    ];

    /// <summary>A change of a setting, or nothing when it stays.</summary>
    internal static IEnumerable<SettingChange> Changed(string setting, string old, string wanted, SettingEffect effect)
    {
        if (old != wanted)
            yield return new(setting, old, wanted, effect);
    }

    internal static string Text(bool value) => value ? "yes" : "no";

    internal static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static IEnumerable<SettingChange> General(CheckState there, CheckState wanted)
    {
        if (there.IsDisabled)
            yield return new("switched off", "yes", "no", SettingEffect.Stricter);
        if (wanted.Timeout is null || there.Timeout == wanted.Timeout)
            yield break;

        // What waits longer can be passed by what happens later. A lock only decides who is next.
        var effect = (wanted.Kind, there.Timeout) switch
        {
            (CheckKind.ExclusiveLock, _) => SettingEffect.Neutral,
            (_, null) => SettingEffect.Unclear,
            var (_, before) => wanted.Timeout > before ? SettingEffect.Weaker : SettingEffect.Stricter,
        };
        yield return new("timeout in minutes", Text(there.Timeout), Text(wanted.Timeout), effect);
    }

    private static IEnumerable<SettingChange> Templates(CheckState there, CheckState wanted)
    {
        if (there.Templates.ToHashSet(StringComparer.Ordinal).SetEquals(wanted.Templates))
            return [];
        var effect = wanted.Templates.All(there.Templates.Contains) ? SettingEffect.Stricter : SettingEffect.Unclear;
        return [new("template", string.Join(" or ", there.Templates), string.Join(" or ", wanted.Templates), effect)];
    }

    private static IEnumerable<SettingChange> Task(CheckState there, CheckState wanted)
    {
        var asksAgain = (there.RetryInterval, wanted.RetryInterval) switch
        {
            (0, > 0) => SettingEffect.Weaker,
            ( > 0, 0) => SettingEffect.Stricter,
            _ => SettingEffect.Neutral,
        };
        return
        [
            .. Changed("name", there.DisplayName, wanted.DisplayName, SettingEffect.Neutral),
            .. Changed("asked again after minutes", Text(there.RetryInterval), Text(wanted.RetryInterval), asksAgain),
            .. Changed("variable group", there.VariableGroup, wanted.VariableGroup, SettingEffect.Unclear),
        ];
    }
}

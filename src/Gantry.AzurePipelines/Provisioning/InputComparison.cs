using System.Globalization;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Compares the inputs of tasks.</summary>
internal static class InputComparison
{
    private static readonly string[] TimeRanges = ["1h", "1d", "7d", "30d"];

    // Lists in which order and spaces do not matter.
    private static readonly HashSet<string> Lists = new(
        ["allowedBranches", "businessDays", "severity", "alertState", "monitorCondition"], StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<SettingChange> Compare(CheckState current, CheckState desired) =>
        current.Inputs.Keys.Concat(desired.Inputs.Keys)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Where(name => Normal(name, Value(current, name)) != Normal(name, Value(desired, name)))
            .Select(name =>
                new SettingChange(name, Value(current, name), Value(desired, name), EffectOf(desired.Kind, name, current, desired)));

    private static SettingEffect EffectOf(
        CheckKind? kind, string name, CheckState current, CheckState desired) => (kind, name.ToLowerInvariant()) switch
    {
        (CheckKind.BranchControl, "allowedbranches") =>
            Judge(Branches(desired).All(branch => Branches(current).Any(pattern => Covers(pattern, branch)))),
        (CheckKind.BranchControl, "ensureprotectionofbranch") => Judge(IsYes(desired, name)),
        (CheckKind.BranchControl, "allowunknownstatusbranch") => Judge(!IsYes(desired, name)),
        (CheckKind.BusinessHours, "businessdays" or "starttime" or "endtime") => JudgeHours(current, desired),
        (CheckKind.Alerts, "severity") => Judge(Items(current, name).All(Items(desired, name).Contains)),
        (CheckKind.Alerts, "timerange") => Array.IndexOf(TimeRanges, Value(current, name)) is var before and >= 0
            ? Judge(Array.IndexOf(TimeRanges, Value(desired, name)) > before)
            : SettingEffect.Unclear,
        (CheckKind.WorkItems, "maxthreshold") => JudgeNumbers(current, desired, name, isUpper: true),
        (CheckKind.WorkItems, "minthreshold") => JudgeNumbers(current, desired, name, isUpper: false),
        _ => SettingEffect.Unclear,
    };

    private static SettingEffect Judge(bool isStricter) => isStricter ? SettingEffect.Stricter : SettingEffect.Weaker;

    // The new hours must be within the previous ones, in the same time zone.
    private static SettingEffect JudgeHours(CheckState current, CheckState desired)
    {
        if (Value(current, "timeZone") != Value(desired, "timeZone") || Hours(current) is not { } before || Hours(desired) is not { } after
            || before.Start > before.End || after.Start > after.End)
            return SettingEffect.Unclear;
        return Judge(after.Start >= before.Start
            && after.End <= before.End
            && Items(desired, "businessDays").All(Items(current, "businessDays").Contains));
    }

    private static (TimeOnly Start, TimeOnly End)? Hours(CheckState state) =>
        TimeOnly.TryParse(Value(state, "startTime"), CultureInfo.InvariantCulture, out var start)
        && TimeOnly.TryParse(Value(state, "endTime"), CultureInfo.InvariantCulture, out var end)
            ? (start, end)
            : null;

    private static SettingEffect JudgeNumbers(CheckState current, CheckState desired, string name, bool isUpper) =>
        int.TryParse(Value(current, name), CultureInfo.InvariantCulture, out var before)
        && int.TryParse(Value(desired, name), CultureInfo.InvariantCulture, out var after)
            ? Judge(isUpper ? after < before : after > before)
            : SettingEffect.Unclear;

    /// <summary>True when one branch pattern is known to match everything that another one matches.</summary>
    internal static bool Covers(string pattern, string other)
    {
        // Both are compared as texts: a '*' in the other pattern is a character that only a '*' here matches.
        var (at, of, star, mark) = (0, 0, -1, 0);
        while (of < other.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
                (star, mark, at) = (at, of, at + 1);
            else if (at < pattern.Length && pattern[at] == other[of] && other[of] != '*')
                (at, of) = (at + 1, of + 1);
            else if (star >= 0)
                (at, mark, of) = (star + 1, mark + 1, mark + 1);
            else
                return false;
        }

        return pattern[at..].All(character => character == '*');
    }

    // Without a list, every branch passes.
    private static string[] Branches(CheckState state) => Items(state, "allowedBranches") is { Length: > 0 } branches ? branches : ["*"];

    private static string[] Items(CheckState state, string name) => Items(Value(state, name));

    private static string[] Items(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsYes(CheckState state, string name) => Value(state, name).Equals("true", StringComparison.OrdinalIgnoreCase);

    private static string Value(CheckState state, string name) => state.Inputs.GetValueOrDefault(name) ?? "";

    private static string Normal(string name, string value)
    {
        if (Lists.Contains(name))
            return string.Join(',', Items(value).Distinct().Order(StringComparer.Ordinal));
        if (bool.TryParse(value, out var truth))
            return truth.ToString();
        return Guid.TryParse(value, out var id) ? id.ToString("D") : value;
    }
}

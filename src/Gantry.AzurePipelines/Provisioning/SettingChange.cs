namespace Gantry.AzurePipelines.Provisioning;

/// <summary>One setting that changes.</summary>
/// <param name="Setting">The name of the setting.</param>
/// <param name="Old">The current value.</param>
/// <param name="New">The new value.</param>
/// <param name="Effect">The effect on the protection.</param>
internal sealed record SettingChange(string Setting, string Old, string New, SettingEffect Effect)
{
    /// <summary>True when the change may weaken the protection.</summary>
    public bool MayWeaken => Effect is SettingEffect.Weaker or SettingEffect.Unclear;

    /// <summary>Returns a description: <c>minimum: 2 → 1</c>.</summary>
    public override string ToString() => $"{Setting}: {Quoted(Old)} → {Quoted(New)}";

    private static string Quoted(string value) => value.Length == 0 ? "(nothing)" : value;
}

/// <summary>The effects of a change on the protection.</summary>
internal enum SettingEffect
{
    /// <summary>No effect.</summary>
    Neutral,

    /// <summary>Everything that passes afterwards would have passed before.</summary>
    Stricter,

    /// <summary>Some runs pass afterwards that would not have passed before.</summary>
    Weaker,

    /// <summary>The effect can only be judged by a person, for example for another URL to call. Treated as <see cref="Weaker"/>.</summary>
    Unclear,
}

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>One setting that changes.</summary>
/// <param name="Setting">What it is called.</param>
/// <param name="Old">What it is.</param>
/// <param name="New">What it will be.</param>
/// <param name="Effect">What that does to the protection.</param>
internal sealed record SettingChange(string Setting, string Old, string New, SettingEffect Effect)
{
    /// <summary>Whether less may be protected afterwards.</summary>
    public bool MayWeaken => Effect is SettingEffect.Weaker or SettingEffect.Unclear;

    /// <summary>For people: <c>minimum: 2 → 1</c>.</summary>
    public override string ToString() => $"{Setting}: {Quoted(Old)} → {Quoted(New)}";

    private static string Quoted(string value) => value.Length == 0 ? "(nothing)" : value.ReplaceLineEndings(" ");
}

/// <summary>What a change does to the protection.</summary>
internal enum SettingEffect
{
    /// <summary>Nothing.</summary>
    Neutral,

    /// <summary>Whatever passes afterwards would have passed before.</summary>
    Stricter,

    /// <summary>Something passes afterwards that would not have passed before.</summary>
    Weaker,

    /// <summary>Nobody but a person can tell, as with another address to ask. Treated as <see cref="Weaker"/>.</summary>
    Unclear,
}

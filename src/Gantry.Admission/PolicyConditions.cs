namespace Gantry.Admission;

/// <summary>The words of a verification summary that policies ask for.</summary>
internal static class PolicyConditions
{
    /// <summary>The result of a promotion; FAILED withdraws one.</summary>
    public const string Passed = "PASSED";

    /// <summary>The level of a promotion whose gates held.</summary>
    public const string PromotedLevel = "GANTRY_PROMOTED";
}

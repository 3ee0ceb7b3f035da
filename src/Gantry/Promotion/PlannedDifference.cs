using Gantry.Differences;
using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>What a promotion changes at one target, for the person who decides about it. It decides nothing itself.</summary>
/// <param name="Target">The target.</param>
public sealed record PlannedDifference(PromotionTarget Target)
{
    /// <summary>
    /// The difference from the release that is there now; null when none is there, or when it is not known.
    /// </summary>
    public ReleaseDifference? Difference { get; init; }

    /// <summary>The reason why it is not known, as one sentence; null when it is.</summary>
    public string? Unknown { get; init; }
}

using Gantry.Attestations;

namespace Gantry.Promotion;

/// <summary>What a promotion of one image was verified with.</summary>
internal sealed record Evidence
{
    public static Evidence None { get; } = new();

    /// <summary>
    /// The attestations: the provenance in the base registry, or the promotions to all regions of the previous environment.
    /// </summary>
    public IReadOnlyList<ResourceDescriptor> Inputs { get; init; } = [];

    /// <summary>The levels that they show.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>Returns what a promotion was verified with that is signed already; nothing without one.</summary>
    public static Evidence Of(PromotionSignature? signature) => signature is null
        ? None
        : new Evidence
        {
            Inputs = signature.Inputs,
            Levels = [.. signature.Levels.Where(level => level == VerificationSummary.BuildLevel1)],
        };

    /// <summary>Adds what was verified elsewhere. Only a level that is shown everywhere counts.</summary>
    public Evidence With(Evidence other) => Inputs.Count == 0
        ? other
        : new Evidence { Inputs = [.. Inputs, .. other.Inputs], Levels = [.. Levels.Intersect(other.Levels)] };
}

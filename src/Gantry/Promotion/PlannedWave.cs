using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>The registries of the regions that a promotion reaches together.</summary>
/// <param name="Number">The number of the wave, from 1.</param>
/// <param name="Count">The number of waves of the environment.</param>
/// <param name="Targets">Those of its registries that the promotion targets.</param>
public sealed record PlannedWave(int Number, int Count, IReadOnlyList<PromotionTarget> Targets)
{
    /// <summary>The display name: <c>wave 1 of 2 (west-europe)</c>.</summary>
    public string DisplayName => $"{Record} ({string.Join(", ", Targets.Select(target => target.Region))})";

    internal RecordedWave Record => new() { Number = Number, Count = Count };

    /// <summary>
    /// Returns the waves of a promotion in their order; none when the environment has no waves, and for a return and a slice, which are for
    /// all regions at the same time.
    /// </summary>
    internal static IReadOnlyList<PlannedWave> Of(PromotionRequest request)
    {
        var environment = request.Environment;
        if (environment.Waves.Count == 0 || request.Returns || request.Slice is not null)
            return [];
        return
        [
            .. request.Targets
                .GroupBy(target => environment.WaveOf(target.Region)
                    ?? throw new ArgumentException($"The region '{target.Region}' is in no wave of {environment}.", nameof(request)))
                .OrderBy(wave => wave.Key)
                .Select(wave => new PlannedWave(wave.Key, environment.Waves.Count, [.. wave])),
        ];
    }
}

using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion.Runs;

/// <summary>The registries of an environment that a promotion targets.</summary>
public static class RegionChoice
{
    /// <summary>
    /// Returns all registries, that of one region, or those of one wave. Throws <c>GAN4047</c> for an unknown region, <c>GAN4048</c> when
    /// the environment has no regions, and <c>GAN4624</c> for an unknown wave or a region of another one.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="registries">Its registries, in the order of its regions.</param>
    /// <param name="region">The region, ignoring case; null for all.</param>
    /// <param name="wave">The number of the wave, from 1; null for all.</param>
    /// <param name="isGoal">
    /// True when this environment was requested. Environments on the way to it may have no regions, and have waves of their own.
    /// </param>
    public static IReadOnlyList<PromotionTarget> Of(
        PromotionEnvironment environment, IReadOnlyList<RegistryAddress> registries, string? region, int? wave, bool isGoal)
    {
        var targets = Of(environment, registries, region, isGoal);
        if (wave is not { } number || !isGoal)
            return targets;
        IReadOnlyList<PromotionTarget> chosen = [.. targets.Where(target => environment.WaveOf(target.Region) == number)];
        return chosen.Count > 0 ? chosen : throw RunErrors.UnknownWave(environment, number, region);
    }

    /// <summary>Returns the registries of the waves before the last one of some targets, which are not among them.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="all">All registries of the environment.</param>
    public static IReadOnlyList<PromotionTarget> EarlierWavesOf(
        IReadOnlyList<PromotionTarget> targets, IReadOnlyList<PromotionTarget> all)
    {
        var environment = targets[0].Environment;
        var last = targets.Max(target => environment.WaveOf(target.Region));
        var chosen = targets.Select(target => target.Region).ToHashSet();
        return [.. all.Where(target => environment.WaveOf(target.Region) < last && !chosen.Contains(target.Region))];
    }

    /// <summary>
    /// Returns all registries, or that of one region. Throws <c>GAN4047</c> for an unknown region, and <c>GAN4048</c> when the environment
    /// has no regions.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="registries">Its registries, in the order of its regions.</param>
    /// <param name="region">The region, ignoring case; null for all.</param>
    /// <param name="isGoal">True when this environment was requested. Environments on the way to it may have no regions.</param>
    public static IReadOnlyList<PromotionTarget> Of(
        PromotionEnvironment environment, IReadOnlyList<RegistryAddress> registries, string? region, bool isGoal)
    {
        if (region is null || (environment.Regions.Count == 0 && !isGoal))
            return PromotionTarget.Of(environment, registries);
        if (environment.Regions.Count == 0)
            throw RunErrors.NoRegions(environment.Name, region);

        return PromotionTarget.Of(environment, registries)
            .FirstOrDefault(target => region.Equals(target.Region, StringComparison.OrdinalIgnoreCase)) is { } only
            ? [only]
            : throw RunErrors.UnknownRegion(environment.Name, region, environment.Regions);
    }
}

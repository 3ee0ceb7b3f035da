using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Nuke.Promoting;

/// <summary>The registries of an environment that a promotion targets.</summary>
internal static class RegionChoice
{
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
            throw PromoteErrors.NoRegions(environment.Name, region);

        return PromotionTarget.Of(environment, registries)
            .FirstOrDefault(target => region.Equals(target.Region, StringComparison.OrdinalIgnoreCase)) is { } only
            ? [only]
            : throw PromoteErrors.UnknownRegion(environment.Name, region, environment.Regions);
    }
}

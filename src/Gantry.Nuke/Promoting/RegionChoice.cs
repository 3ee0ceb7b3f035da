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
    public static (IReadOnlyList<RegistryAddress> Registries, IReadOnlyList<string> Regions) Of(
        PromotionEnvironment environment, IReadOnlyList<RegistryAddress> registries, string? region, bool isGoal)
    {
        if (region is null || (environment.Regions.Count == 0 && !isGoal))
            return (registries, environment.Regions);
        if (environment.Regions.Count == 0)
            throw PromoteErrors.NoRegions(environment.Name, region);

        var number = environment.Regions.ToList().FindIndex(known => known.Equals(region, StringComparison.OrdinalIgnoreCase));
        return number < 0
            ? throw PromoteErrors.UnknownRegion(environment.Name, region, environment.Regions)
            : ([registries[number]], [environment.Regions[number]]);
    }
}

using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Nuke.Promoting;

/// <summary>Which registries of an environment a promotion goes to.</summary>
internal static class RegionChoice
{
    /// <summary>All of them, or the one of a region; <c>GAN4047</c> for a region that there is not, <c>GAN4048</c> where there are none.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="registries">Its registries, in the order of its regions.</param>
    /// <param name="region">The region, in any case; null for all.</param>
    /// <param name="isGoal">Whether this environment was asked for. On the way to one with regions there may be some without.</param>
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

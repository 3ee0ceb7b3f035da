using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>Compares the regions of environments, which are to have the same release with the same images.</summary>
public static class RegionComparison
{
    /// <summary>
    /// Returns the statuses, with <c>GAN4058</c> in those of an environment whose regions differ. Regions that could not be read are not
    /// compared.
    /// </summary>
    public static IReadOnlyList<EnvironmentStatus> Compare(IReadOnlyList<EnvironmentStatus> environments)
    {
        var differences = environments
            .Where(status => status.Release is not null || status.Problems.Count == 0)
            .GroupBy(status => status.Target.Environment)
            .Select(regions => (Environment: regions.Key, Difference: FindDifference([.. regions])))
            .Where(found => found.Difference is not null)
            .ToDictionary(found => found.Environment, found => found.Difference!);
        return [.. environments.Select(status => differences.TryGetValue(status.Target.Environment, out var difference)
            ? status with { Problems = [.. status.Problems, difference] }
            : status)];
    }

    private static GantryException? FindDifference(IReadOnlyList<EnvironmentStatus> regions)
    {
        var difference = regions.Skip(1).Select(other => Describe(regions[0], other)).FirstOrDefault(found => found is not null);
        return difference is null ? null : PromotionErrors.RegionsDiffer(regions[0].Target.Environment, difference);
    }

    private static string? Describe(EnvironmentStatus one, EnvironmentStatus other)
    {
        if (one.Release?.Version != other.Release?.Version)
            return $"{Release(one)}, and {Release(other)}";

        var images = one.Release?.Images.ToDictionary(image => image.Name, image => image.Digest) ?? [];
        var differing = other.Release?.Images.FirstOrDefault(image =>
            images.TryGetValue(image.Name, out var digest) && digest != image.Digest);
        return differing is null
            ? null
            : $"{differing.Name}:{other.Release!.Version} is {images[differing.Name]} in {one.Target.Region}, "
                + $"and {differing.Digest} in {other.Target.Region}";

        static string Release(EnvironmentStatus status) =>
            $"{status.Target.Region} has {status.Release?.Version ?? "none"}"
                + (status.Release?.Record?.Wave is { } wave ? $" ({wave})" : "");
    }
}

using Gantry.Sboms;

namespace Gantry.Differences;

/// <summary>Compares the packages of two SBOMs.</summary>
public static class PackageChanges
{
    /// <summary>Returns the packages that differ, sorted by name: those with another version, those that were added or removed.</summary>
    /// <param name="before">The components before.</param>
    /// <param name="after">The components after.</param>
    public static IReadOnlyList<ChangedPackage> Compare(IEnumerable<SbomComponent> before, IEnumerable<SbomComponent> after) =>
        Package.Compare(PackagesOf(before), PackagesOf(after));

    private static HashSet<Package> PackagesOf(IEnumerable<SbomComponent> components) =>
        [.. components.Where(component => component.IsPackage).Select(Package.Of)];
}

using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Nuke.Parameters;

/// <summary>The addresses of registries that the targets of a run need.</summary>
internal static class RegistryParameters
{
    /// <summary>
    /// Fails before the first target runs: with <c>GAN1006</c> for an invalid address, and with <c>GAN7018</c> when images would be built
    /// into a registry of releases.
    /// </summary>
    public static void Check(IHazRegistries build, IReadOnlyCollection<ExecutableTarget> running)
    {
        var names = running.Select(target => target.Name).ToHashSet(StringComparer.Ordinal);
        var declared = EnvironmentDeclarations.Of(build)?.ToList() ?? [];
        var entered = declared.Where(environment => names.Contains(EnvironmentDeclarations.TargetName(environment))).ToList();

        if (names.Contains(nameof(IPushBase.PushBase)) || entered.Count > 0)
            _ = build.BaseRegistryAddress;
        foreach (var environment in entered)
            _ = build.RegistriesOf(environment);
        if (names.Contains(nameof(IBuildImage.BuildImage)))
            CheckStore(build, declared);
    }

    // A build moves the tag of its version without a check. In a registry of releases, this would bypass all checks of a release.
    private static void CheckStore(IHazRegistries build, IEnumerable<PromotionEnvironment> declared)
    {
        var store = PlaceOf(RegistryAddress.Parse(build.ImageStore), build);
        if (IsAt(store, () => [build.BaseRegistryAddress], build))
            throw BuildErrors.StoreHoldsReleases(build.ImageStore, "the base registry");
        foreach (var environment in declared)
        {
            if (IsAt(store, () => build.RegistriesOf(environment), build))
                throw BuildErrors.StoreHoldsReleases(build.ImageStore, $"a registry of {environment.Name}");
        }
    }

    private static bool IsAt(string store, Func<IReadOnlyList<RegistryAddress>> addresses, IHazRegistries build)
    {
        try
        {
            return addresses().Any(address => string.Equals(PlaceOf(address, build), store, FileNames));
        }
        catch (GantryException)
        {
            // An invalid address matches no location; the target that needs it reports the error.
            return false;
        }
    }

    private static string PlaceOf(RegistryAddress address, IHazRegistries build) => address switch
    {
        LayoutAddress layout => FullPath(layout.Folder, build),
        ArchiveAddress archive => FullPath(archive.File, build),
        _ => address.ToString()!,
    };

    private static string FullPath(string path, IHazRegistries build) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, build.RootDirectory));

    private static StringComparison FileNames => OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
}

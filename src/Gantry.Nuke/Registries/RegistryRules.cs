using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Oci;

namespace Gantry.Nuke.Registries;

/// <summary>Checks the addresses of registries that the targets of a run need.</summary>
internal static class RegistryRules
{
    /// <summary>
    /// Fails before the first target runs: with <c>GAN1006</c> for an invalid address, and with <c>GAN7018</c> when images would be built
    /// into a registry of releases.
    /// </summary>
    public static void Check(RegistrySettings registries, IEnumerable<ExecutableTarget> running)
    {
        var names = running.Select(target => target.Name).ToHashSet(StringComparer.Ordinal);
        var declared = EnvironmentDeclarations.Of(registries.Build)?.ToList() ?? [];
        var entered = declared.Where(environment => names.Contains(EnvironmentDeclarations.TargetName(environment))).ToList();

        if (names.Contains(nameof(IPushBase.PushBase)) || entered.Count > 0)
            _ = registries.Base;
        foreach (var environment in entered)
            _ = registries.Of(environment);
        if (names.Contains(nameof(IBuildImage.BuildImage)))
            CheckStore(registries, declared);
    }

    // A build moves the tag of its version without a check. In a registry of releases, this would bypass all checks of a release.
    private static void CheckStore(RegistrySettings registries, IEnumerable<PromotionEnvironment> declared)
    {
        var store = PlaceOf(registries.Store, registries);
        if (IsAt(store, () => [registries.Base], registries))
            throw ImageStoreErrors.StoreHoldsReleases(registries.ImageStore, "the base registry");
        foreach (var environment in declared)
        {
            if (IsAt(store, () => registries.Of(environment), registries))
                throw ImageStoreErrors.StoreHoldsReleases(registries.ImageStore, $"a registry of {environment.Name}");
        }
    }

    private static bool IsAt(string store, Func<IReadOnlyList<RegistryAddress>> addresses, RegistrySettings registries)
    {
        try
        {
            return addresses().Any(address => string.Equals(PlaceOf(address, registries), store, FileNames));
        }
        catch (GantryException)
        {
            // An invalid address matches no location; the target that needs it reports the error.
            return false;
        }
    }

    private static string PlaceOf(RegistryAddress address, RegistrySettings registries) => address switch
    {
        LayoutAddress layout => FullPath(layout.Folder, registries),
        ArchiveAddress archive => FullPath(archive.File, registries),
        _ => address.ToString()!,
    };

    private static string FullPath(string path, RegistrySettings registries) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, registries.Build.RootDirectory));

    private static StringComparison FileNames => OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
}

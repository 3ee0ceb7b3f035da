using Gantry.Nuke.Parameters;
using Gantry.Nuke.Registries;
using Gantry.Oci;

namespace Gantry.Nuke;

/// <summary>Ensures before the first target that nothing of a dry run writes outside of the working folder.</summary>
internal static class DryRunRules
{
    // Builds and tests write below the root only; a target of a build class that one of these needs prepares them.
    private static readonly string[] Building =
    [
        nameof(IRestore.Restore), nameof(ICompile.Compile), nameof(ITest.Test),
        nameof(IPublishImages.PublishImages), nameof(IBuildImage.BuildImage),
    ];

    /// <summary>
    /// Throws <c>GAN7056</c> for a target that knows no dry run, and <c>GAN7057</c> when images would be built into a registry or into a
    /// folder elsewhere.
    /// </summary>
    public static void Check(INukeBuild build)
    {
        var local = new HashSet<ExecutableTarget>();
        foreach (var target in build.ExecutionPlan.Where(target => Building.Contains(target.Name) && !Promotes(target)))
            AddWithDependencies(target, local);
        foreach (var target in build.ScheduledTargets.Where(target => !local.Contains(target)))
        {
            if (!TargetUses.IsDeclared(target) || TargetUses.Of(target).WritesAlways)
                throw ParameterErrors.NoDryRun(target.Name);
        }

        if (build is IHazRegistries registries && build.ScheduledTargets.Any(target => target.Name == nameof(IBuildImage.BuildImage)))
            CheckStore(registries.RegistrySettings);
    }

    // A target with one of these names may also come after a promotion, as a test of what runs there.
    private static bool Promotes(ExecutableTarget target)
    {
        var all = new HashSet<ExecutableTarget>();
        AddWithDependencies(target, all);
        return all.Any(needed => needed.Name == nameof(IPushBase.PushBase));
    }

    private static void AddWithDependencies(ExecutableTarget target, HashSet<ExecutableTarget> all)
    {
        if (!all.Add(target))
            return;
        foreach (var dependency in target.ExecutionDependencies)
            AddWithDependencies(dependency, all);
    }

    private static void CheckStore(RegistrySettings registries)
    {
        var root = Path.GetFullPath(registries.Build.RootDirectory);
        var folder = registries.Store switch
        {
            LayoutAddress layout => layout.Folder,
            ArchiveAddress archive => archive.File,
            _ => null,
        };
        if (folder is null || Path.GetRelativePath(root, Path.GetFullPath(folder, root)).StartsWith("..", StringComparison.Ordinal))
            throw ImageStoreErrors.StoreOutsideOfDryRun(registries.ImageStore);
    }
}

using Gantry.Nuke.Building;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Registries;

namespace Gantry.Nuke;

/// <summary>
/// Checks the run before its first target, for builds with any base class. NUKE ignores an unknown parameter and then runs the default
/// target when the intended target follows that parameter: this must not start a promotion.
/// </summary>
internal static class RunRules
{
    /// <summary>Returns true, or throws the error that ends the run. Every target of these components requires it; it runs once.</summary>
    public static bool EnsureValid(INukeBuild build)
    {
        build.Once(() => Checked(build));
        return true;
    }

    private static object Checked(INukeBuild build)
    {
        DeclaredMembers.CheckParameters(build.GetType());
        string[] targets = [.. NamedTargets.Of(build.GetType())];
        CommandLineRules.Check(build, targets, targets);
        UnusedParameters.Check(build, [.. build.ScheduledTargets]);
        if (build is IHazDryRun { DryRun: true })
            DryRunRules.Check(build);
        if (build is IHazRegistries registries)
            RegistryRules.Check(registries.RegistrySettings, build.ScheduledTargets);

        if (build is IBuildImage images && build.ScheduledTargets.Any(target => target.Name == nameof(IBuildImage.BuildImage)))
            IgnoredSources.CheckAsync(images.Images, build.RootDirectory, images.ArtifactsDirectory, CancellationToken.None)
                .GetAwaiter().GetResult();

        // A version that cannot be determined ends the run before anything is compiled. A promotion of an existing release needs no
        // version.
        string[] building = [nameof(IPublishImages.PublishImages), nameof(IBuildImage.BuildImage)];
        if (build is IHazReleaseVersion versioned && build.ScheduledTargets.Any(target => building.Contains(target.Name)))
            _ = versioned.BuildVersion;
        return new object();
    }
}

namespace Gantry.Nuke.Parameters;

/// <summary>
/// Checks the run before its first target, for every base class of the build. NUKE ignores an unknown parameter and runs the
/// default target when the intended one is named after it: that must not be a promotion.
/// </summary>
internal static class RunRules
{
    /// <summary>Returns true, or throws the error that ends the run. Every target of these components requires it; it is checked once.</summary>
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
        if (build is IHazRegistries registries)
            RegistryParameters.Check(registries, build.ScheduledTargets);

        // A version that cannot be told ends the run before anything is compiled; promoting what exists needs none.
        if (build is IHazReleaseVersion versioned && build.ScheduledTargets.Any(target => target.Name is nameof(IPublishImages.PublishImages) or nameof(IBuildImage.BuildImage)))
            _ = versioned.BuildVersion;
        return new object();
    }
}

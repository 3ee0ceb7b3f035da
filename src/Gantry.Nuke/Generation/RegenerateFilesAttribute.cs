namespace Gantry.Nuke.Generation;

/// <summary>
/// Keeps generated files up to date: every local run writes those that are stale, and says so. Never on a build server, and never in a run
/// that verifies them. Builds that derive from <see cref="GantryBuild"/> have it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RegenerateFilesAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    /// <summary>Last: when the command line has been found right, and not for <c>--help</c>.</summary>
    public override float Priority { get; set; } = -200;

    /// <inheritdoc/>
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        KnownTargets.Remember(Build, executableTargets);
        if (Build.IsServerBuild || executionPlan.Any(target => target.Name == nameof(IGenerateFiles.VerifyGenerated)))
            return;

        foreach (var generator in GenerationRun.GeneratorsOf(Build).Where(generator => generator.AutoGenerate))
            GenerationRun.Write(Build, generator, executableTargets);
    }
}

/// <summary>All targets of a build: a target that runs only sees those that run with it.</summary>
internal static class KnownTargets
{
    public static void Remember(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets) => Holder(build).Targets = executableTargets;

    /// <summary>Gets the targets, or null when they are not known yet.</summary>
    public static IReadOnlyCollection<ExecutableTarget>? Find(INukeBuild build) => Holder(build).Targets;

    /// <summary>Gets the targets, or throws <c>GAN7031</c>.</summary>
    public static IReadOnlyCollection<ExecutableTarget> Of(INukeBuild build) => Find(build) ?? throw GenerationErrors.TargetsUnknown(build.GetType().Name);

    private static TargetHolder Holder(INukeBuild build) => build.Once(() => new TargetHolder());

    private sealed class TargetHolder
    {
        public IReadOnlyCollection<ExecutableTarget>? Targets { get; set; }
    }
}

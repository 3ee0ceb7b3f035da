namespace Gantry.Nuke.Generation;

/// <summary>
/// Keeps generated files up to date: every local run rewrites those that are stale and logs them. Does nothing on a build server and in a
/// run that verifies the files. Builds that derive from <see cref="GantryBuild"/> have this attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RegenerateFilesAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    /// <summary>Runs last: after the command line was validated, and not for <c>--help</c>.</summary>
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

/// <summary>All targets of a build: a running target only sees the targets that run with it.</summary>
internal static class KnownTargets
{
    public static void Remember(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets) => Holder(build).Targets = executableTargets;

    /// <summary>Gets the targets, or null before they are known.</summary>
    public static IReadOnlyCollection<ExecutableTarget>? Find(INukeBuild build) => Holder(build).Targets;

    /// <summary>Gets the targets, or throws <c>GAN7031</c>.</summary>
    public static IReadOnlyCollection<ExecutableTarget> Of(INukeBuild build) => Find(build) ?? throw GenerationErrors.TargetsUnknown(build.GetType().Name);

    private static TargetHolder Holder(INukeBuild build) => build.Once(() => new TargetHolder());

    private sealed class TargetHolder
    {
        public IReadOnlyCollection<ExecutableTarget>? Targets { get; set; }
    }
}

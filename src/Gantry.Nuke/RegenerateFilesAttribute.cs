using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

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
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        KnownTargets.Remember(Build, executableTargets);
        if (Build.IsServerBuild || executionPlan.Any(target => target.Name == nameof(IGenerateFiles.VerifyGenerated)))
            return;

        foreach (var generator in GenerationRun.GeneratorsOf(Build).Where(generator => generator.AutoGenerate))
            GenerationRun.Write(Build, generator, executableTargets);
    }
}

using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Keeps generated files up to date: every local run rewrites those that are stale and logs them. Does nothing on a build server and in a
/// run that verifies the files. Builds that derive from <see cref="GantryBuild"/> have this attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RegenerateFilesAttribute : BuildExtensionAttributeBase, IOnBuildCreated, IOnBuildInitialized
{
    /// <summary>Runs last: after the command line was validated, and not for <c>--help</c>.</summary>
    public override float Priority { get; set; } = -200;

    /// <summary>
    /// Keeps the targets, before a field asks for the version: what is generated from them is no change of the sources.
    /// </summary>
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) => KnownTargets.Remember(Build, executableTargets);

    /// <inheritdoc/>
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (Build.IsServerBuild || executionPlan.Any(target => target.Name == nameof(IGenerateFiles.VerifyGenerated)))
            return;

        foreach (var generator in GenerationRun.GeneratorsOf(Build).Where(generator => generator.AutoGenerate))
            GenerationRun.Write(Build, generator, executableTargets);
    }
}

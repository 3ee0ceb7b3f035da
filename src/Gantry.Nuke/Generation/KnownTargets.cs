using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Generation;

/// <summary>All targets of a build: a running target only sees the targets that run with it.</summary>
internal static class KnownTargets
{
    public static void Remember(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        Holder(build).Targets = executableTargets;

    /// <summary>Gets the targets, or null before they are known.</summary>
    public static IReadOnlyCollection<ExecutableTarget>? Find(INukeBuild build) => Holder(build).Targets;

    /// <summary>Gets the targets, or throws <c>GAN7031</c>.</summary>
    public static IReadOnlyCollection<ExecutableTarget> Of(INukeBuild build) =>
        Find(build) ?? throw GenerationErrors.TargetsUnknown(build.GetType().Name);

    private static TargetHolder Holder(INukeBuild build) => build.Once(() => new TargetHolder());

    private sealed class TargetHolder
    {
        public IReadOnlyCollection<ExecutableTarget>? Targets { get; set; }
    }
}

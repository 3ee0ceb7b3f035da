using Gantry.Nuke.Parameters;

namespace Gantry.Nuke;

/// <summary>
/// Skips the restore and the compilation of projects that are published, where nothing has changed since they were. Only the targets of
/// <see cref="ICompileImages"/> are skipped, and only when no other target of the run needs them.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ReuseUnchangedAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    private const string Reason = "sources have changed";

    /// <summary>Runs after the values of parameters were injected.</summary>
    public override float Priority { get; set; } = -200;

    /// <inheritdoc/>
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (Build is not ICompileImages build || build is IPushBase { PromotesExisting: true })
            return;
        var plan = executionPlan.Where(CommandLineTargets.WillRun).ToList();
        string[] compiling = [nameof(IRestore.Restore), nameof(ICompile.Compile)];
        string[] users = [.. compiling, nameof(IPublishImages.PublishImages)];
        var skipped = plan.Where(target => compiling.Contains(target.Name)).ToList();
        var isNeeded = plan.Exists(target => !users.Contains(target.Name) && target.ExecutionDependencies.Intersect(skipped).Any());
        var publishes = plan.Exists(target => target.Name == nameof(IPublishImages.PublishImages));
        if (skipped.Count == 0 || !publishes || isNeeded || skipped.Exists(target => target.Invoked) || !IsCurrent(build))
            return;
        foreach (var target in skipped)
            target.DynamicConditions.Add((Reason, () => false));
    }

    // Whatever is wrong is reported by the target that meets it.
    private static bool IsCurrent(ICompileImages build)
    {
        try
        {
            return build.EarlierPublication.IsCurrentAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (GantryException)
        {
            return false;
        }
    }
}

using Gantry.Nuke.Execution;

namespace Gantry.Nuke;

/// <summary>Ends a dry run with the exit code of a failure when a target fails that is not one of these components.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class DryRunExitCodeAttribute : BuildExtensionAttributeBase, IOnTargetFailed
{
    /// <inheritdoc/>
    public void OnTargetFailed(ExecutableTarget target) => DryRun.Failed(Build);
}

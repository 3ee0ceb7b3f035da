using Gantry.Nuke.Execution;

namespace Gantry.Nuke;

/// <summary>Lets targets show what they would change, without changing it.</summary>
public interface IHazDryRun : INukeBuild
{
    /// <summary>True to evaluate everything, to show what would change, and to change nothing outside of the working folder.</summary>
    [Parameter("Shows what would change, and changes nothing. Exit code 3 says that something would change")]
    bool DryRun => TryGetValue<bool?>(() => DryRun) ?? false;

    /// <summary>The dry run, or null when this is none.</summary>
    internal sealed DryRun? Dry => DryRun ? this.Once(() => new DryRun(this)) : null;
}

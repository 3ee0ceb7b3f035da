using Gantry.Environments;
using Gantry.Releases;

namespace Gantry.Nuke.Execution;

/// <summary>A run that shows what it would change: the findings that its targets share, and its exit code.</summary>
internal sealed class DryRun(INukeBuild build)
{
    /// <summary>The exit code of a dry run that found something to change. Without changes it is 0, after an error any other.</summary>
    public const int WouldChange = 3;

    private readonly HashSet<string> _entered = [];

    /// <summary>The release that <c>PushBase</c> would publish; null when it did not run.</summary>
    public Release? Release { get; set; }

    /// <summary>True when this release is not in the base registry yet, so that promotions are planned from the built images.</summary>
    public bool IsUnpublished { get; set; }

    /// <summary>True when this run would have promoted the release to the environment by now.</summary>
    public bool Entered(PromotionEnvironment environment) => _entered.Contains(environment.Name);

    /// <summary>Notes that a promotion to the environment was planned.</summary>
    public void Enter(PromotionEnvironment environment) => _entered.Add(environment.Name);

    /// <summary>Reports what a target found, and sets the exit code of the build.</summary>
    public void Report(string what, bool wouldChange)
    {
        if (wouldChange)
            build.ExitCode = WouldChange;
        var found = wouldChange ? "would change something" : "would change nothing";
        BuildOutput.Information($"Dry run: {what} {found}. Nothing was written");
    }

    /// <summary>Takes back the exit code, because the build has failed.</summary>
    public static void Failed(INukeBuild build)
    {
        if (build.ExitCode == WouldChange)
            build.ExitCode = null;
    }
}

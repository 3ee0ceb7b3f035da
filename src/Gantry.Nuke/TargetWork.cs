using Gantry.IO;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Reporting;

namespace Gantry.Nuke;

/// <summary>Runs the work of the targets of these components.</summary>
internal static class TargetWork
{
    /// <summary>
    /// Makes a target run work that can be interrupted with Ctrl-C and whose errors are single sentences. An interruption never leaves a
    /// tag on an incomplete image, and the next run completes it. A run with an invalid command line ends before its first target.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="build">The build.</param>
    /// <param name="work">The work.</param>
    /// <param name="endsBySignal">Returns true when the work has no other end than Ctrl-C; null for work that ends by itself.</param>
    public static ITargetDefinition ExecutesAsync(
        this ITargetDefinition target, INukeBuild build, Func<CancellationToken, Task> work, Func<bool>? endsBySignal = null) =>
        target
            .Requires(() => RunRules.EnsureValid(build))
            .Executes(async () =>
            {
                try
                {
                    await Interruption.RunAsync(work, endsBySignal?.Invoke() == true);
                }
                catch (GantryException error)
                {
                    DryRun.Failed(build);
                    Refusal.Note(build, error);
                    throw Failed(error);
                }
                catch (Exception exception) when (ResourceLimits.Find(exception) is not null)
                {
                    throw Failed(ResourceLimits.Find(exception)!);
                }
            });

    /// <summary>Computes the settings of a NUKE target, and turns its errors into single sentences.</summary>
    public static T Evaluate<T>(Func<T> settings)
    {
        try
        {
            return settings();
        }
        catch (GantryException error)
        {
            throw Failed(error);
        }
    }

    private static TargetFailedException Failed(GantryException error)
    {
        error = BuildOutput.Secrets.Apply(error.Offering(RemedyParameters.Of));
        RunReport.Current.Fail(error);
        VerboseLog.WriteCauses(error);
        return new TargetFailedException(error);
    }
}

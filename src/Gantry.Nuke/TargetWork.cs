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
    public static ITargetDefinition ExecutesAsync(this ITargetDefinition target, INukeBuild build, Func<CancellationToken, Task> work) =>
        target
            .Requires(() => RunRules.EnsureValid(build))
            .Executes(async () =>
            {
                try
                {
                    await Interruption.RunAsync(work);
                }
                catch (GantryException error)
                {
                    DryRun.Failed(build);
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

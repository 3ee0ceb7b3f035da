using Gantry.Nuke.Parameters;
using Gantry.Nuke.Reporting;

namespace Gantry.Nuke;

/// <summary>How the targets of these components do their work.</summary>
internal static class TargetWork
{
    /// <summary>
    /// Lets a target do work that can be interrupted with Ctrl-C and whose errors are sentences. Ctrl-C at any moment leaves no tag on
    /// anything incomplete: the next run finishes. A run whose command line is not understood ends before its first target.
    /// </summary>
    public static ITargetDefinition ExecutesAsync(this ITargetDefinition target, INukeBuild build, Func<CancellationToken, Task> work) => target
        .Requires(() => RunRules.EnsureValid(build))
        .Executes(async () =>
        {
            try
            {
                await Interruption.RunAsync(work);
            }
            catch (GantryException error)
            {
                throw Failed(error);
            }
        });

    /// <summary>Computes the settings of a target of NUKE, whose own work knows no sentences.</summary>
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
        RunReport.Current.Fail(error);
        return new TargetFailedException(error);
    }
}

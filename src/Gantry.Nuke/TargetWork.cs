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
    public static ITargetDefinition Does(this ITargetDefinition target, INukeBuild build, Func<CancellationToken, Task> work) => target
        .Requires(() => RunRules.Hold(build))
        .Executes(async () =>
        {
            try
            {
                await Interruption.RunAsync(work);
            }
            catch (GantryException error)
            {
                RunReport.Current.Fail(error);
                throw new TargetFailedException(error);
            }
        });
}

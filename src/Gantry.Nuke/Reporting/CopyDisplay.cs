using Gantry.Copying;
using Gantry.Display;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Reporting;

/// <summary>
/// Shows the progress of a publication or promotion: bars on a terminal, a line every few seconds in a log, and the progress of the
/// pipeline step.
/// </summary>
internal static class CopyDisplay
{
    public static Task<T> ShowAsync<T>(CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken) =>
        new ProgressDisplay(BuildOutput.Out, TimeProvider.System) { WriteLine = Report }.ShowAsync(progress, work, cancellationToken);

    private static void Report(string line, int percent)
    {
        BuildOutput.Information(line);
        RunReport.Current.WriteProgress(line, percent);
    }
}

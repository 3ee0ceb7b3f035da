using Nuke.Common;

namespace Gantry.Nuke;

/// <summary>How the targets of these components do their work.</summary>
internal static class TargetWork
{
    /// <summary>
    /// Lets a target do work that can be interrupted with Ctrl-C and whose errors are sentences. Ctrl-C at any moment leaves no new tag:
    /// the next run finishes.
    /// </summary>
    public static ITargetDefinition Does(this ITargetDefinition target, Func<CancellationToken, Task> work) => target.Executes(async () =>
    {
        using var interrupted = new CancellationTokenSource();
        ConsoleCancelEventHandler onInterrupt = (_, _) => interrupted.Cancel();
        Console.CancelKeyPress += onInterrupt;
        try
        {
            await work(interrupted.Token);
        }
        catch (GantryException error)
        {
            throw new TargetFailedException(error);
        }
        finally
        {
            Console.CancelKeyPress -= onInterrupt;
        }
    });
}

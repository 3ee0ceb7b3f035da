using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Tests.Execution;

/// <summary>
/// These tests as a program that a test starts and interrupts: a signal reaches a whole process, so it must not be the process of the
/// tests.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        Interruption.Listen();
        Console.CancelKeyPress += (_, _) => Console.WriteLine("somebody else was told");
        try
        {
            if (arguments is ["idle"])
                await BusyAsync(CancellationToken.None);
            await Interruption.RunAsync(
                interrupted => arguments switch
                {
                    ["orderly"] or ["unserved"] => BusyAsync(interrupted),
                    ["late"] or ["served"] => FinishAllTheSameAsync(interrupted),
                    _ => BusyAsync(CancellationToken.None, interrupted),
                },
                endsBySignal: arguments is ["served"] or ["unserved"]);
            Console.WriteLine("done");
            return Interruption.ExitCode ?? 0;
        }
        catch (GantryException error)
        {
            Console.WriteLine(error.Message);
            return Interruption.ExitCode ?? 1;
        }
    }

    private static Task BusyAsync(CancellationToken cancellationToken, CancellationToken told = default)
    {
        told.Register(() => Console.WriteLine("told"));
        Console.WriteLine("busy");
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static async Task FinishAllTheSameAsync(CancellationToken interrupted)
    {
        var told = new TaskCompletionSource();
        interrupted.Register(told.SetResult);
        Console.WriteLine("busy");
        await told.Task;
    }
}

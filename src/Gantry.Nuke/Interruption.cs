using System.Runtime.InteropServices;

namespace Gantry.Nuke;

/// <summary>
/// Ctrl-C, and the signal that asks a process to end: the first stops in order what a target is doing, the second ends the program at once.
/// While nothing is being done that could be stopped in order, it is as if nobody listened here.
/// </summary>
/// <remarks>
/// Signals belong to the process, and therefore so does this. NUKE listens too, and sums up the build although the target is still at work;
/// whoever listens first has to keep the signal to itself, so <see cref="GantryBuild"/> begins before NUKE does.
/// </remarks>
internal static class Interruption
{
    private static readonly Lock Sync = new();
    private static readonly ManualResetEventSlim EndOfProgram = new();
    private static PosixSignalRegistration? _termination;
    private static CancellationTokenSource? _current;

    /// <summary>Begins to listen; whoever does so later comes later.</summary>
    public static void Listen()
    {
        lock (Sync)
        {
            if (_termination is not null)
                return;
            Console.CancelKeyPress += OnCancelKey;
            _termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = Interrupt());
        }
    }

    /// <summary>Does something that can be stopped; <c>GAN7020</c> when it was.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> work)
    {
        Listen();
        var interrupted = Begin();
        try
        {
            await work(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            throw BuildErrors.Interrupted();
        }
        finally
        {
            lock (Sync)
                _current = null;
        }

        // It was over before it could be stopped. What comes after it has been stopped all the same.
        if (interrupted.IsCancellationRequested)
            throw BuildErrors.Interrupted();
    }

    private static CancellationToken Begin()
    {
        lock (Sync)
        {
            _current = new CancellationTokenSource();
            return _current.Token;
        }
    }

    private static void OnCancelKey(object? sender, ConsoleCancelEventArgs key)
    {
        if (!Interrupt())
            return;
        key.Cancel = true;

        // The build goes to its end in its own thread. Others who listen would sum it up now; they get to hear the second one.
        EndOfProgram.Wait();
    }

    /// <summary>Stops what is being done, once; false when nothing is, or when it was told before.</summary>
    private static bool Interrupt()
    {
        lock (Sync)
        {
            if (_current is not { IsCancellationRequested: false } current)
                return false;

            // Whatever follows from it runs elsewhere, and not within the lock.
            _ = current.CancelAsync();
            return true;
        }
    }
}

using System.Runtime.InteropServices;

namespace Gantry.Nuke.Execution;

/// <summary>
/// Handles Ctrl-C, the termination signal of the process and the end of its terminal: the first one cancels the running target in an
/// orderly way, the second one ends the program immediately. While no cancellable work is running, signals are not handled here.
/// </summary>
/// <remarks>
/// Signals belong to the process, so this class is static. NUKE listens as well, and would print its summary while the target is still
/// running. The first listener must consume the signal, so <see cref="GantryBuild"/> registers this class before NUKE registers its own.
/// </remarks>
internal static class Interruption
{
    private static readonly Lock Sync = new();
    private static readonly ManualResetEventSlim EndOfProgram = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static CancellationTokenSource? _current;

    /// <summary>Starts to listen for signals; has no effect when called again. Listeners are called in the order of registration.</summary>
    public static void Listen()
    {
        lock (Sync)
        {
            if (Registrations.Count > 0)
                return;
            Console.CancelKeyPress += OnCancelKey;
            Listen(PosixSignal.SIGTERM, 15);
            Listen(PosixSignal.SIGHUP, 1);
        }
    }

    /// <summary>The exit code of a build whose work was cancelled: 128 and the number of the signal, as shells count; else null.</summary>
    public static int? ExitCode { get; private set; }

    /// <summary>Runs work that can be cancelled, and throws <c>GAN7020</c> when it was.</summary>
    /// <param name="work">The work.</param>
    /// <param name="endsBySignal">
    /// True when a signal is the only end that the work has. It is no interruption then, if the work returns after it.
    /// </param>
    public static async Task RunAsync(Func<CancellationToken, Task> work, bool endsBySignal = false)
    {
        Listen();
        var interrupted = Begin();
        try
        {
            await work(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            throw ExecutionErrors.Interrupted();
        }
        finally
        {
            lock (Sync)
                _current = null;
        }

        if (!interrupted.IsCancellationRequested)
            return;

        // The work ended before it could be cancelled, but nothing that comes after it may start.
        if (!endsBySignal)
            throw ExecutionErrors.Interrupted();
        ExitCode = null;
    }

    private static void Listen(PosixSignal signal, int number) =>
        Registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = Interrupt(number)));

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
        if (!Interrupt(2))
            return;
        key.Cancel = true;

        // The build ends in its own thread. Other listeners would print its summary now; they receive only the second signal.
        EndOfProgram.Wait();
    }

    /// <summary>Cancels the current work once. Returns false when there is none, or when it is already cancelled.</summary>
    private static bool Interrupt(int signal)
    {
        lock (Sync)
        {
            if (_current is not { IsCancellationRequested: false } current)
                return false;

            ExitCode = 128 + signal;
            // Continuations run on another thread and not within the lock.
            _ = current.CancelAsync();
            return true;
        }
    }
}

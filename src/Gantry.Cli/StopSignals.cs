using System.Runtime.InteropServices;

namespace Gantry.Cli;

/// <summary>
/// The signals that stop a command in an orderly way: Ctrl-C, the termination of an agent or a container, and the end of the terminal. A
/// second signal ends the program at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode = ExitCodes.Cancelled;

    /// <summary>Starts to listen.</summary>
    public StopSignals()
    {
        Console.CancelKeyPress += OnCancelKey;
        Listen(PosixSignal.SIGTERM, ExitCodes.Terminated);
        Listen(PosixSignal.SIGHUP, ExitCodes.HungUp);
    }

    /// <summary>Is cancelled with the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code of a command that was cancelled: 128 and the number of the first signal, as shells count.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKey;
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Listen(PosixSignal signal, int exitCode) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !_stop.IsCancellationRequested;
            Stop(exitCode);
        }));

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs key)
    {
        key.Cancel = !_stop.IsCancellationRequested;
        Stop(ExitCodes.Cancelled);
    }

    private void Stop(int exitCode)
    {
        if (!_stop.IsCancellationRequested)
            Volatile.Write(ref _exitCode, exitCode);
        _stop.Cancel();
    }
}

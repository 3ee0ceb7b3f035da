using System.Runtime.InteropServices;
using Gantry.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += OnCancelKey;
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminated);
return await Commands.RunAsync(args, new CommandContext(Console.Out, Console.Error), stop.Token);

void OnCancelKey(object? sender, ConsoleCancelEventArgs key)
{
    // The first Ctrl-C cancels in an orderly way, the second one ends the program.
    key.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

void OnTerminated(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

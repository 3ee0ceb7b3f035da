using System.Runtime.InteropServices;
using Gantry.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += OnCancelKey;
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminated);
return await Commands.RunAsync(args, new CommandContext { Out = Console.Out, Error = Console.Error }, stop.Token);

void OnCancelKey(object? sender, ConsoleCancelEventArgs key)
{
    // Once ends what runs in order, twice ends it at once.
    key.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

void OnTerminated(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

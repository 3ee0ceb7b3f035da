using System.Runtime.CompilerServices;
using Gantry.IO;

namespace Gantry.Cli.Start;

internal static class Program
{
    // What the runtime opens on the way to the first request.
    private const int NeededFiles = 96;

    public static async Task<int> Main(string[] args)
    {
        if (CanOpenFiles(NeededFiles))
            return await RunAsync(args);
        Refuse();
        return 1;
    }

    // The runtime reports an assembly as missing when it cannot open its file. So nothing is loaded before it is known that it can be.
    private static bool CanOpenFiles(int count)
    {
        if (Environment.ProcessPath is not { } program)
            return true;
        var files = new List<IDisposable>();
        try
        {
            while (files.Count < count)
                files.Add(File.OpenHandle(program));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Refuse() => Console.Error.WriteLine(ResourceLimits.TooLow().Message);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> RunAsync(string[] args)
    {
        using var stop = new StopSignals();
        var context = new CommandContext(Console.Out, Console.Error) { OpenBytes = Console.OpenStandardOutput };
        try
        {
            var exitCode = await Commands.RunAsync(args, context, stop.Token);
            return exitCode == ExitCodes.Cancelled ? stop.ExitCode : exitCode;
        }
        catch (IOException exception)
        {
            // Commands answer for all other files.
            context.Error.WriteLine(CliErrors.UnwritableOutput(exception).Message);
            return ExitCodes.Failure;
        }
    }
}

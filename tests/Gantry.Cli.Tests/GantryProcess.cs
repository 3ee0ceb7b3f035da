using System.Diagnostics;
using System.Globalization;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>The command line as a process of its own, which can be killed.</summary>
internal sealed class GantryProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private int _killed;

    private GantryProcess(Process process)
    {
        _process = process;
        process.StandardInput.Close();
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public bool WasKilled => Volatile.Read(ref _killed) == 1;

    public static GantryProcess Start(params string[] arguments) => new(Process.Start(StartInfo(arguments))!);

    /// <summary>Starts it with no more than so many bytes for everything that it keeps in managed memory.</summary>
    public static async Task<ProcessResult> RunWithinAsync(long bytes, params string[] arguments)
    {
        var start = StartInfo(arguments);
        start.Environment["DOTNET_GCHeapHardLimit"] = bytes.ToString("X", CultureInfo.InvariantCulture);
        using var process = new GantryProcess(Process.Start(start)!);
        return await process.EndAsync();
    }

    /// <summary>Starts it with a variable of its environment set.</summary>
    public static async Task<ProcessResult> RunWithAsync(string variable, string value, params string[] arguments)
    {
        var start = StartInfo(arguments);
        start.Environment[variable] = value;
        using var process = new GantryProcess(Process.Start(start)!);
        return await process.EndAsync();
    }

    public static async Task<ProcessResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.EndAsync();
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _killed, 1) == 0)
            _process.Kill();
    }

    public async Task<ProcessResult> EndAsync()
    {
        await _process.WaitForExitAsync();
        return new ProcessResult(_process.ExitCode, await _output, await _error);
    }

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Gantry.Cli.dll");
        return ChildProcess.StartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [program, .. arguments]);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}

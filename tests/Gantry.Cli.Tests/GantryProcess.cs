using System.Diagnostics;
using System.Globalization;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>The command line tool as a separate process that can be killed.</summary>
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

    /// <summary>Starts a command that receives signals, although the tests may run in the background or under nohup.</summary>
    public static GantryProcess StartWithSignals(params string[] arguments)
    {
        var start = StartInfo(arguments);
        return new(Process.Start(
            ChildProcess.StartInfo("env", ["--default-signal=INT,HUP,TERM", start.FileName, .. start.ArgumentList]))!);
    }

    /// <summary>Runs a command with a limit of its managed memory in bytes.</summary>
    public static Task<ProcessResult> RunWithMemoryLimitAsync(long bytes, params string[] arguments) =>
        RunWithMemoryLimitAsync(bytes, arguments, []);

    /// <summary>Runs a command with a limit of its managed memory in bytes, and with environment variables.</summary>
    public static async Task<ProcessResult> RunWithMemoryLimitAsync(
        long bytes, string[] arguments, IEnumerable<(string Name, string Value)> variables)
    {
        var start = StartInfo(arguments);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        start.Environment["DOTNET_GCHeapHardLimit"] = bytes.ToString("X", CultureInfo.InvariantCulture);
        using var process = new GantryProcess(Process.Start(start)!);
        return await process.WaitForExitAsync();
    }

    /// <summary>Runs a command with one environment variable set.</summary>
    public static Task<ProcessResult> RunWithVariableAsync(string variable, string value, params string[] arguments) =>
        RunAsync(new Dictionary<string, string> { [variable] = value }, arguments);

    /// <summary>Runs a command under another program, if there is one, with environment variables.</summary>
    public static Task<ProcessResult> RunInAsync(
        IReadOnlyList<string> outer, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken,
        params string[] arguments)
    {
        var start = StartInfo(arguments);
        string[] all = [.. outer, start.FileName, .. start.ArgumentList];
        return ChildProcess.RunAsync(all[0], all[1..], environment, cancellationToken);
    }

    /// <summary>Runs a command with environment variables.</summary>
    public static async Task<ProcessResult> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = new GantryProcess(Process.Start(StartInfo(arguments, environment))!);
        return await process.WaitForExitAsync();
    }

    /// <summary>Runs a command that may have this number of open files.</summary>
    public static Task<ProcessResult> RunWithFilesAsync(int count, params string[] arguments) =>
        RunInShellAsync($"ulimit -n {count}; exec \"$0\" \"$@\"", arguments);

    /// <summary>Runs a command whose output goes to a file.</summary>
    public static Task<ProcessResult> RunIntoAsync(string file, params string[] arguments) =>
        RunInShellAsync($"exec \"$0\" \"$@\" > {file}", arguments);

    public static async Task<ProcessResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.WaitForExitAsync();
    }

    public async Task SignalAsync(string signal) =>
        (await ChildProcess.RunAsync("kill", ["-s", signal, $"{_process.Id}"])).EnsureSuccess();

    /// <summary>Kills the process as a power cut would.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _killed, 1) == 0)
            _process.Kill();
    }

    public async Task<ProcessResult> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        return new ProcessResult(_process.ExitCode, await _output, await _error);
    }

    // The script gets the program and its arguments as $0 and $@.
    private static async Task<ProcessResult> RunInShellAsync(string script, string[] arguments)
    {
        var start = StartInfo(arguments);
        using var process = new GantryProcess(Process.Start(
            ChildProcess.StartInfo("sh", ["-c", script, start.FileName, .. start.ArgumentList]))!);
        return await process.WaitForExitAsync();
    }

    private static ProcessStartInfo StartInfo(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Gantry.Cli.dll");
        return ChildProcess.StartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            [program, .. arguments],
            environment);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}

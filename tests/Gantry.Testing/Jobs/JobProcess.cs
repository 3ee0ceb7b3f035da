using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gantry.Testing.Jobs;

/// <summary>Runs the processes of a job, with exactly the given environment.</summary>
public static class JobProcess
{
    /// <summary>Runs a program and returns its exit code; every line of output is passed on immediately.</summary>
    public static async Task<int> RunAsync(
        string program, IReadOnlyList<string> arguments, string folder, IEnumerable<KeyValuePair<string, string>> environment,
        Action<string> line, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new IOException($"{program} does not start");
        process.StandardInput.Close();
        try
        {
            await Task.WhenAll(
                ReadAsync(process.StandardOutput), ReadAsync(process.StandardError), process.WaitForExitAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } text)
            {
                lock (start)
                    line(text);
            }
        }
    }

    /// <summary>Runs git and returns its output; throws when it fails.</summary>
    public static async Task<string> GitAsync(string folder, CancellationToken cancellationToken, params string[] arguments)
    {
        var lines = new ConcurrentQueue<string>();
        var environment = new Dictionary<string, string>(JobEnvironment.Inherit("PATH", "HOME")) { ["GIT_TERMINAL_PROMPT"] = "0" };
        var code = await RunAsync("git", arguments, folder, environment, lines.Enqueue, cancellationToken);
        return code == 0
            ? string.Join('\n', lines)
            : throw new IOException($"git {string.Join(' ', arguments)}: {string.Join('\n', lines)}");
    }
}

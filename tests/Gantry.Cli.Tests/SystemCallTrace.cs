using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>A call of the system that changes files: the n-th one with its name, on the thread that makes them.</summary>
internal sealed record SystemCall(string Name, int Number, string Text);

/// <summary>
/// Runs the command line under strace, which lists the calls that change files, and kills the process at any of them. All work is on one
/// thread then, so that every run makes the same calls in the same order.
/// </summary>
internal static partial class SystemCallTrace
{
    // With '?', because not every processor has each of them.
    private const string Calls =
        "?write,?writev,?pwrite64,?pwritev,?pwritev2,?ftruncate,?fallocate,?copy_file_range,?sendfile,?rename,?renameat,?renameat2,?link,"
        + "?linkat,?symlink,?symlinkat,?unlink,?unlinkat,?mkdir,?mkdirat,?rmdir,?fsync,?fdatasync";

    private static readonly Dictionary<string, string> s_oneThread = new()
    {
        ["DOTNET_PROCESSOR_COUNT"] = "1",
        ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "1",
        ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "1",
    };

    /// <summary>Runs a command to its end, and returns the successful calls that changed something below a folder.</summary>
    public static async Task<IReadOnlyList<SystemCall>> RecordAsync(string folder, TempFolder log, params string[] arguments)
    {
        var file = log.Combine("calls");
        var run = await RunAsync(["-y", "-o", file], arguments);
        Assert.True(run.ExitCode == 0, run.Error);

        var numbers = new Dictionary<(string Thread, string Name), int>();
        var calls = new List<SystemCall>();
        foreach (var match in File.ReadLines(file).Select(line => Entry().Match(line)).Where(match => match.Success))
        {
            var key = (match.Groups["thread"].Value, match.Groups["name"].Value);
            numbers[key] = numbers.GetValueOrDefault(key) + 1;
            if (match.Value.Contains(folder, StringComparison.Ordinal) && !match.Value.Contains(" = -1 ", StringComparison.Ordinal))
                calls.Add(new SystemCall(key.Item2, numbers[key], match.Value));
        }

        return calls;
    }

    /// <summary>Runs a command and kills it at a call. Returns true when it was killed.</summary>
    public static async Task<bool> KillAsync(SystemCall at, params string[] arguments)
    {
        var run = await RunAsync(["-o", "/dev/null", "-e", $"inject={at.Name}:signal=SIGKILL:when={at.Number}"], arguments);
        return run.ExitCode == 128 + 9;
    }

    private static Task<ProcessResult> RunAsync(string[] options, string[] arguments) => GantryProcess.RunInAsync(
        [RequiredProgram.Strace.RequirePath(), "-f", "-qq", "-e", $"trace={Calls}", .. options],
        s_oneThread,
        CancellationToken.None,
        arguments);

    [GeneratedRegex(@"^(?<thread>\d+) +(?<name>\w+)\(.*", RegexOptions.ExplicitCapture)]
    private static partial Regex Entry();
}

using System.Globalization;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>A run of the command line as a process, with everything that a person or a machine would notice of it.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The standard error.</param>
/// <param name="PeakMemory">The most memory that it had, in bytes; null where that cannot be measured.</param>
internal sealed record MeasuredRun(int ExitCode, string Output, string Error, long? PeakMemory)
{
    /// <summary>The time after which a run is killed: no case needs a tenth of it.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(5);

    /// <summary>Runs a command. Throws when it hangs.</summary>
    public static async Task<MeasuredRun> StartAsync(
        TempFolder folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var hang = new CancellationTokenSource(s_hang);
        var memory = folder.Combine("memory");
        var time = RequiredProgram.Time.Path;
        var run = await GantryProcess.RunInAsync(
            time is null ? [] : [time, "--quiet", "--format", "%M", "--output", memory], environment, hang.Token, arguments);
        return new MeasuredRun(
            run.ExitCode,
            run.Output,
            run.Error,
            time is null ? null : long.Parse(File.ReadAllText(memory), CultureInfo.InvariantCulture) * 1024);
    }
}

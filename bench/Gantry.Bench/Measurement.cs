using System.Diagnostics;
using System.Globalization;

namespace Gantry.Bench;

/// <summary>The time of one run of a tool, and its cost for the registries.</summary>
internal sealed record Measurement(
    string Set, string Mode, string Tool, double Seconds, double ProcessorSeconds, double RegistrySeconds, double PeakMebibytes,
    int Requests);

/// <summary>Runs a program and measures its time; processor time and memory with GNU time, as the operating system accounts them.</summary>
internal static class MeasuredProcess
{
    public static async Task<(double Seconds, double ProcessorSeconds, double PeakMebibytes)> RunAsync(
        IReadOnlyList<string> command, string work, CancellationToken cancellationToken)
    {
        var accounts = Path.Combine(work, "time");
        var log = Path.Combine(work, "tool.log");
        var start = new ProcessStartInfo(
            "sh", ["-c", "exec /usr/bin/time -q -f '%U %S %M' -o \"$0\" \"$@\" >>\"$LOG\" 2>&1 </dev/null", accounts, .. command]);
        start.Environment["LOG"] = log;

        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}; see {log}");

        var fields = (await File.ReadAllLinesAsync(accounts, cancellationToken))[^1]
            .Split(' ')
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture))
            .ToList();
        return (seconds, fields[0] + fields[1], fields[2] / 1024);
    }
}

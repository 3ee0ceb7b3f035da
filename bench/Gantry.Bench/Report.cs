using System.Globalization;

namespace Gantry.Bench;

/// <summary>
/// Formats medians as a table, and the time of each tool as a ratio to gantry's: ratios are comparable between machines, seconds are not.
/// </summary>
internal static class Report
{
    public static IEnumerable<string> Write(IReadOnlyList<Measurement> measurements)
    {
        yield return "| set | mode | tool | runs | seconds | fastest | cpu seconds | registries' cpu | peak MiB | "
            + "requests | times gantry |";
        yield return "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";
        foreach (var group in measurements.GroupBy(measurement => (measurement.Set, measurement.Mode)))
        {
            var gantry = Median(group.Where(measurement => measurement.Tool == "gantry"), measurement => measurement.Seconds);
            foreach (var tool in group.GroupBy(measurement => measurement.Tool))
            {
                var seconds = Median(tool, measurement => measurement.Seconds);
                var best = tool.Min(measurement => measurement.Seconds);
                var processor = Median(tool, measurement => measurement.ProcessorSeconds);
                var registry = Median(tool, measurement => measurement.RegistrySeconds);
                var memory = Median(tool, measurement => measurement.PeakMebibytes);
                var requests = Median(tool, measurement => measurement.Requests);
                FormattableString[] cells =
                [
                    $"| {group.Key.Set} | {group.Key.Mode} | {tool.Key} | {tool.Count()} | {seconds:0.000} | {best:0.000} ",
                    $"| {processor:0.00} | {registry:0.00} | {memory:0} | {requests:0} | {seconds / gantry:0.00} |",
                ];
                yield return string.Concat(cells.Select(FormattableString.Invariant));
            }
        }
    }

    private static double Median(IEnumerable<Measurement> measurements, Func<Measurement, double> value)
    {
        var sorted = measurements.Select(value).Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

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
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {group.Key.Set} | {group.Key.Mode} | {tool.Key} | {tool.Count()} | {seconds:0.000} | {tool.Min(measurement => measurement.Seconds):0.000} | {Median(tool, measurement => measurement.ProcessorSeconds):0.00} | {Median(tool, measurement => measurement.RegistrySeconds):0.00} | {Median(tool, measurement => measurement.PeakMebibytes):0} | {Median(tool, measurement => measurement.Requests):0} | {seconds / gantry:0.00} |");
            }
        }
    }

    private static double Median(IEnumerable<Measurement> measurements, Func<Measurement, double> value)
    {
        var sorted = measurements.Select(value).Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

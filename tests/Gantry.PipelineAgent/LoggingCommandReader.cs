using Gantry.AzurePipelines.Reporting;

namespace Gantry.PipelineAgent;

/// <summary>Finds commands to the agent anywhere in a line of output.</summary>
public static class LoggingCommandReader
{
    private const string Start = "##vso[";

    public static LoggingCommand? Find(string line)
    {
        var start = line.IndexOf(Start, StringComparison.OrdinalIgnoreCase);
        var end = start < 0 ? -1 : line.IndexOf(']', start);
        if (end < 0)
            return null;

        var head = line[(start + Start.Length)..end];
        var space = head.IndexOf(' ', StringComparison.Ordinal);
        var name = (space < 0 ? head : head[..space]).Split('.');
        if (name.Length != 2)
            return null;
        var properties = space < 0
            ? []
            : head[(space + 1)..].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new LoggingCommand(name[0], name[1])
        {
            Properties =
            [
                .. properties
                    .Select(property => property.Split('=', 2))
                    .Where(property => property.Length == 2)
                    .Select(property => KeyValuePair.Create(property[0], Unescape(property[1]))),
            ],
            Message = Unescape(line[(end + 1)..]),
        };
    }

    private static string Unescape(string text) => text
        .Replace("%3B", ";", StringComparison.OrdinalIgnoreCase)
        .Replace("%0D", "\r", StringComparison.OrdinalIgnoreCase)
        .Replace("%0A", "\n", StringComparison.OrdinalIgnoreCase)
        .Replace("%5D", "]", StringComparison.OrdinalIgnoreCase)
        .Replace("%AZP25", "%", StringComparison.OrdinalIgnoreCase);
}

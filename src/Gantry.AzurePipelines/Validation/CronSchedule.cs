using System.Globalization;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks cron schedules with five fields.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/process/scheduled-triggers#cron-syntax">
/// Azure Pipelines, cron syntax
/// </seealso>
internal static class CronSchedule
{
    private static readonly (string Name, int Minimum, int Maximum, string[] Names)[] Fields =
    [
        ("minute", 0, 59, []),
        ("hour", 0, 23, []),
        ("day", 1, 31, []),
        ("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day of the week", 0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    /// <summary>Returns the error of a schedule, as the rest of a sentence, or null when it is valid.</summary>
    public static string? Validate(string cron)
    {
        var parts = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
            return $"it has {parts.Length} fields, not {Fields.Length}";

        for (var i = 0; i < parts.Length; i++)
        {
            var field = Fields[i];
            foreach (var item in parts[i].Split(','))
            {
                if (!IsItem(item, field.Minimum, field.Maximum, field.Names))
                    return $"'{item}' is no {field.Name}";
            }
        }

        return null;
    }

    private static bool IsItem(string item, int minimum, int maximum, string[] names)
    {
        var step = item.Split('/');
        if (step.Length > 2 || (step.Length == 2 && (ToNumber(step[1]) is not { } every || every < 1 || every > maximum)))
            return false;

        var range = step[0];
        if (range == "*")
            return true;
        var bounds = range.Split('-');
        var first = ToValue(bounds[0], minimum, maximum, names);
        return bounds.Length switch
        {
            1 => first is not null,
            2 => first is not null && ToValue(bounds[1], minimum, maximum, names) is { } last && first <= last,
            _ => false,
        };
    }

    private static int? ToValue(string text, int minimum, int maximum, string[] names)
    {
        var named = Array.FindIndex(
            names, name => text.StartsWith(name, StringComparison.OrdinalIgnoreCase) && text.All(char.IsAsciiLetter));
        if (named >= 0)
            return minimum + named;
        return ToNumber(text) is { } number && number >= minimum && number <= maximum ? number : null;
    }

    private static int? ToNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

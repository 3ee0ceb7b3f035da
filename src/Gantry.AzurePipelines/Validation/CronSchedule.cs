using System.Globalization;
using System.Text.RegularExpressions;
using NCrontab;

namespace Gantry.AzurePipelines.Validation;

/// <summary>
/// Checks cron schedules with five fields. NCrontab reads them, as the service does. It takes every beginning of a name for that name
/// (<c>j</c> for January), turns ranges round and accepts steps of zero. Those are mistakes, so they are refused here.
/// </summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/process/scheduled-triggers#cron-syntax">
/// Azure Pipelines, cron syntax
/// </seealso>
internal static partial class CronSchedule
{
    private const int DayField = 2;
    private const int MonthField = 3;

    // A leap year, in which each month is as long as it can be.
    private const int LeapYear = 2024;

    private static readonly (string Name, CrontabFieldKind Kind, int Maximum, IReadOnlyList<string> Names)[] Fields =
    [
        ("minute", CrontabFieldKind.Minute, 59, []),
        ("hour", CrontabFieldKind.Hour, 23, []),
        ("day", CrontabFieldKind.Day, 31, []),
        ("month", CrontabFieldKind.Month, 12, CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12]),
        ("day of the week", CrontabFieldKind.DayOfWeek, 6, CultureInfo.InvariantCulture.DateTimeFormat.DayNames),
    ];

    /// <summary>Returns the error of a schedule, as the rest of a sentence, or null when it is valid.</summary>
    public static string? Validate(string cron)
    {
        var parts = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
            return $"it has {Format.Count(parts.Length, "field")}, not {Fields.Length}";

        foreach (var (part, field) in parts.Zip(Fields))
        {
            foreach (var item in part.Split(','))
            {
                if (FindError(item, field.Kind, field.Maximum, field.Names) is { } error)
                    return $"'{item}' is no {field.Name}{error}";
            }
        }

        var (days, months) = (CrontabField.Days(parts[DayField]), CrontabField.Months(parts[MonthField]));
        return Enumerable.Range(1, 12).Where(months.Contains).Any(month => days.GetFirst() <= DateTime.DaysInMonth(LeapYear, month))
            ? null
            : $"the month '{parts[MonthField]}' has no day '{parts[DayField]}'";
    }

    // The end of a sentence: empty when there is nothing to add.
    private static string? FindError(string item, CrontabFieldKind kind, int maximum, IReadOnlyList<string> names)
    {
        if (Item().Match(item) is not { Success: true } match || CrontabField.TryParse(kind, item) is not { } field)
            return "";

        foreach (var name in match.Groups["value"].Captures.Select(value => value.Value).Where(value => !char.IsAsciiDigit(value[0])))
        {
            if (!names.Any(known => IsName(name, known)))
                return $": write '{string.Join(", ", names.Take(2).Select(known => known[..3]))}, …', or whole names";
        }

        if (match.Groups["step"] is { Success: true } step && (!int.TryParse(step.Value, out var every) || every < 1 || every > maximum))
            return $": the step is from 1 to {maximum}";
        return match.Groups["value"].Captures is [var from, var to] && Number(kind, from.Value) > Number(kind, to.Value)
            ? ": the range ends before it begins"
            : null;
    }

    private static bool IsName(string text, string name) =>
        text.Equals(name, StringComparison.OrdinalIgnoreCase) || text.Equals(name[..3], StringComparison.OrdinalIgnoreCase);

    private static int Number(CrontabFieldKind kind, string value) => CrontabField.Parse(kind, value).GetFirst();

    [GeneratedRegex(
        @"^(\*|(?<value>[0-9]{1,2}|[A-Za-z]+)(-(?<value>[0-9]{1,2}|[A-Za-z]+))?)(/(?<step>[0-9]{1,2}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Item();
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Environments;

namespace Gantry.Verification.Rules;

/// <summary>A time without promotions in a declaration file: once, each year, or each week.</summary>
/// <param name="Every">The repetition: <c>once</c>, <c>year</c> or <c>week</c>.</param>
/// <param name="From">The beginning: <c>2026-12-20T08:00</c>, <c>12-20</c>, <c>Friday 15:00</c>.</param>
/// <param name="To">The end, in the same form.</param>
/// <param name="Reason">The reason.</param>
internal sealed record WindowEntry(string Every, string From, string To, string Reason)
{
    private const string Minute = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";
    private const string Day = "MM-dd";
    private const string Clock = "HH:mm:ss.FFFFFFF";

    public static WindowEntry Of(FreezeWindow window) => window switch
    {
        FreezeWindow.OnceWindow it => new("once", Write(it.From), Write(it.To), it.Reason),
        FreezeWindow.YearlyWindow it => new("year", Write(it.From), Write(it.To), it.Reason),
        FreezeWindow.WeeklyWindow it => new("week", Write(it.FromDay, it.From), Write(it.ToDay, it.To), it.Reason),
        _ => throw new NotSupportedException($"Times of the type {window.GetType().Name} cannot be written."),
    };

    public FreezeWindow ToWindow() => Every switch
    {
        "once" => FreezeWindow.Once(ReadTime(From), ReadTime(To), Reason),
        "year" => FreezeWindow.Yearly(ReadDay(From), ReadDay(To), Reason),
        "week" when (ReadClock(From), ReadClock(To)) is var ((fromDay, from), (toDay, to)) =>
            FreezeWindow.Weekly(fromDay, from, toDay, to, Reason),
        _ => throw new JsonException($"{Format.Refused(Every)} is not once, year or week"),
    };

    private static string Write(DateTime time) => time.ToString(Minute, CultureInfo.InvariantCulture);

    private static string Write((int Month, int Day) day) => string.Create(CultureInfo.InvariantCulture, $"{day.Month:00}-{day.Day:00}");

    private static string Write(DayOfWeek day, TimeOnly time) => $"{day} {time.ToString(Clock, CultureInfo.InvariantCulture)}";

    private static DateTime ReadTime(string text) =>
        DateTime.TryParseExact(text, Minute, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : throw Odd(text);

    // A day of a leap year: February 29 may be one.
    private static (int Month, int Day) ReadDay(string text) =>
        DateTime.TryParseExact("2024-" + text, "yyyy-" + Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (day.Month, day.Day)
            : throw Odd(text);

    private static (DayOfWeek Day, TimeOnly Time) ReadClock(string text) =>
        text.Split(' ') is [var name, var clock] && Enum.TryParse<DayOfWeek>(name, out var day) && Enum.IsDefined(day)
            && TimeOnly.TryParseExact(clock, Clock, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? (day, time)
                : throw Odd(text);

    private static JsonException Odd(string text) => new($"{Format.Refused(text)} is no time of a freeze");
}

using System.Globalization;

namespace Gantry.Environments;

/// <summary>
/// A time without promotions, once or again and again, by the clock of the gate's time zone. Where that clock is set forward or back at its
/// beginning or end, the longer reading counts.
/// </summary>
public abstract record FreezeWindow
{
    private protected FreezeWindow(string reason) => Reason = reason;

    /// <summary>The reason, for those who have to wait: <c>the shop is at its busiest</c>.</summary>
    public string Reason { get; }

    /// <summary>Stops promotions from one minute to another one.</summary>
    /// <param name="from">The first minute, by the clock of the time zone.</param>
    /// <param name="to">The first minute after it.</param>
    /// <param name="reason">The reason.</param>
    public static FreezeWindow Once(DateTime from, DateTime to, string reason) => new OnceWindow(from, to, reason);

    /// <summary>Stops promotions in each year from one day to another one, which both belong to it.</summary>
    /// <param name="from">The month and the first day: <c>(12, 20)</c>.</param>
    /// <param name="to">The month and the last day, in the next year when it is before the first: <c>(1, 2)</c>.</param>
    /// <param name="reason">The reason.</param>
    public static FreezeWindow Yearly((int Month, int Day) from, (int Month, int Day) to, string reason) =>
        new YearlyWindow(from, to, reason);

    /// <summary>Stops promotions in each week from one minute to another one.</summary>
    /// <param name="fromDay">The day on which it begins.</param>
    /// <param name="from">The first minute.</param>
    /// <param name="toDay">The day on which it ends.</param>
    /// <param name="to">The first minute after it.</param>
    /// <param name="reason">The reason.</param>
    public static FreezeWindow Weekly(DayOfWeek fromDay, TimeOnly from, DayOfWeek toDay, TimeOnly to, string reason) =>
        new WeeklyWindow(fromDay, from, toDay, to, reason);

    /// <summary>Returns the reason why the window is none; null when it is valid.</summary>
    internal string? Validate() => string.IsNullOrWhiteSpace(Reason) ? $"the time '{this}' has no reason" : FindFault();

    /// <summary>Finds the end of the window at a time; null when the time is outside of it.</summary>
    internal DateTimeOffset? FindEnd(DateTimeOffset time, TimeZoneInfo zone) =>
        Around(TimeZoneInfo.ConvertTime(time, zone).DateTime)
            .Select(span => (From: ToUtc(span.From, zone, late: false), To: ToUtc(span.To, zone, late: true)))
            .Where(span => span.From <= time && time < span.To)
            .Select(span => (DateTimeOffset?)span.To)
            .Max();

    private protected abstract string? FindFault();

    /// <summary>Returns the occurrences that a local time can be in.</summary>
    private protected abstract IEnumerable<(DateTime From, DateTime To)> Around(DateTime local);

    // Of a local time that occurs twice or never, the readings by the clock before and after the change are an hour or so apart.
    private static DateTimeOffset ToUtc(DateTime local, TimeZoneInfo zone, bool late)
    {
        var change = TimeSpan.FromHours(3);
        var isSingle = !zone.IsAmbiguousTime(local) && !zone.IsInvalidTime(local);
        TimeSpan[] offsets = isSingle
            ? [zone.GetUtcOffset(local)]
            : [zone.GetUtcOffset(local - change), zone.GetUtcOffset(local + change)];
        return new DateTimeOffset(local - (late ? offsets.Min() : offsets.Max()), TimeSpan.Zero);
    }

    internal sealed record OnceWindow(DateTime From, DateTime To, string Why) : FreezeWindow(Why)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{From:yyyy-MM-dd HH:mm} to {To:yyyy-MM-dd HH:mm}");

        private protected override string? FindFault() =>
            From >= To ? $"the time '{this}' ends before it starts"
            : From.Year < 2 || To.Year > 9998 ? $"the time '{this}' is out of range"
            : null;

        private protected override IEnumerable<(DateTime From, DateTime To)> Around(DateTime local) =>
            [(DateTime.SpecifyKind(From, DateTimeKind.Unspecified), DateTime.SpecifyKind(To, DateTimeKind.Unspecified))];
    }

    internal sealed record YearlyWindow((int Month, int Day) From, (int Month, int Day) To, string Why) : FreezeWindow(Why)
    {
        private const int LeapYear = 2024;

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"each year {From.Month:00}-{From.Day:00} to {To.Month:00}-{To.Day:00}");

        private protected override string? FindFault() =>
            IsDay(From) && IsDay(To) ? null : $"the time '{this}' has a day that does not exist";

        private protected override IEnumerable<(DateTime From, DateTime To)> Around(DateTime local) =>
            from year in (int[])[local.Year - 1, local.Year]
            let last = To.CompareTo(From) < 0 ? year + 1 : year
            select (On(year, From), On(last, To).AddDays(1));

        private static bool IsDay((int Month, int Day) day) =>
            day is { Month: >= 1 and <= 12, Day: >= 1 } && day.Day <= DateTime.DaysInMonth(LeapYear, day.Month);

        // February 29 is February 28 where there is none.
        private static DateTime On(int year, (int Month, int Day) day) =>
            new(year, day.Month, Math.Min(day.Day, DateTime.DaysInMonth(year, day.Month)), 0, 0, 0, DateTimeKind.Unspecified);
    }

    internal sealed record WeeklyWindow(DayOfWeek FromDay, TimeOnly From, DayOfWeek ToDay, TimeOnly To, string Why) : FreezeWindow(Why)
    {
        private const int Week = 7;

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"each week {FromDay} {From:HH\\:mm} to {ToDay} {To:HH\\:mm}");

        private protected override string? FindFault() =>
            !Enum.IsDefined(FromDay) || !Enum.IsDefined(ToDay) ? $"the time '{this}' has a day that does not exist"
            : FromDay == ToDay && From == To ? $"the time '{this}' ends when it starts"
            : null;

        private protected override IEnumerable<(DateTime From, DateTime To)> Around(DateTime local)
        {
            var days = (ToDay - FromDay + Week) % Week;
            var length = days == 0 && To < From ? Week : days;
            return
                from back in Enumerable.Range(0, Week + 1)
                let day = local.Date.AddDays(-back)
                where day.DayOfWeek == FromDay
                select (day + From.ToTimeSpan(), day.AddDays(length) + To.ToTimeSpan());
        }
    }
}

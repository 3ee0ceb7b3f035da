using System.Globalization;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Promotion.Gates;

public sealed class FreezeGateTests
{
    private static readonly FreezeWindow s_holidays = FreezeWindow.Yearly((12, 20), (1, 2), "the shop is at its busiest");
    private static readonly FreezeWindow s_leap = FreezeWindow.Yearly((2, 29), (2, 29), "leap");
    private static readonly FreezeWindow s_weekend =
        FreezeWindow.Weekly(DayOfWeek.Friday, new(14, 0), DayOfWeek.Monday, new(6, 0), "no one is there");

    private static readonly FreezeWindow s_night =
        FreezeWindow.Weekly(DayOfWeek.Monday, new(22, 0), DayOfWeek.Monday, new(4, 0), "all but a night");

    private static readonly FreezeWindow s_closing =
        FreezeWindow.Once(new DateTime(2026, 3, 29, 2, 30, 0), new DateTime(2026, 3, 29, 2, 45, 0), "closing");

    private static readonly FreezeWindow s_autumn =
        FreezeWindow.Once(new DateTime(2026, 10, 25, 2, 15, 0), new DateTime(2026, 10, 25, 2, 30, 0), "autumn");

    private const string Holidays = "does not hold: the freeze each year 12-20 to 01-02 ends at ";
    private const string Weekend = "does not hold: the freeze each week Friday 14:00 to Monday 06:00 ends at ";
    private const string Closing = "does not hold: the freeze 2026-03-29 02:30 to 2026-03-29 02:45 ends at ";
    private const string Autumn = "does not hold: the freeze 2026-10-25 02:15 to 2026-10-25 02:30 ends at ";

    private static readonly (string Time, string Zone, FreezeWindow Window, string? Finding)[] s_cases =
    [
        ("2025-12-19T22:59:59Z", "Europe/Berlin", s_holidays, null),
        ("2025-12-19T23:00:00Z", "Europe/Berlin", s_holidays, Holidays + "2026-01-02 23:00 UTC (the shop is at its busiest)"),
        ("2025-12-31T23:30:00Z", "Europe/Berlin", s_holidays, Holidays + "2026-01-02 23:00 UTC (the shop is at its busiest)"),
        ("2026-01-02T22:59:59Z", "Europe/Berlin", s_holidays, Holidays + "2026-01-02 23:00 UTC (the shop is at its busiest)"),
        ("2026-01-02T23:00:00Z", "Europe/Berlin", s_holidays, null),
        ("2026-07-01T00:00:00Z", "UTC", s_holidays, null),
        ("2026-02-28T12:00:00Z", "UTC", s_leap, "does not hold: the freeze each year 02-29 to 02-29 ends at 2026-03-01 00:00 UTC (leap)"),
        ("2028-02-28T12:00:00Z", "UTC", s_leap, null),
        ("2028-02-29T12:00:00Z", "UTC", s_leap, "does not hold: the freeze each year 02-29 to 02-29 ends at 2028-03-01 00:00 UTC (leap)"),

        // 2026-01-02 is a Friday.
        ("2026-01-02T12:59:59Z", "Europe/Berlin", s_weekend, null),
        ("2026-01-02T13:00:00Z", "Europe/Berlin", s_weekend, Weekend + "2026-01-05 05:00 UTC (no one is there)"),
        ("2026-01-04T12:00:00Z", "Europe/Berlin", s_weekend, Weekend + "2026-01-05 05:00 UTC (no one is there)"),
        ("2026-01-05T04:59:59Z", "Europe/Berlin", s_weekend, Weekend + "2026-01-05 05:00 UTC (no one is there)"),
        ("2026-01-05T05:00:00Z", "Europe/Berlin", s_weekend, null),

        // The clock is set forward during this weekend: it begins at 13:00 UTC, and ends at 04:00.
        ("2026-03-27T13:00:00Z", "Europe/Berlin", s_weekend, Weekend + "2026-03-30 04:00 UTC (no one is there)"),
        ("2026-03-30T04:00:00Z", "Europe/Berlin", s_weekend, null),
        ("2026-01-05T04:00:00Z", "UTC", s_night, null),
        ("2026-01-05T21:59:59Z", "UTC", s_night, null),
        ("2026-01-05T22:00:00Z", "UTC", s_night, "does not hold: the freeze each week Monday 22:00 to Monday 04:00 ends at "
            + "2026-01-12 04:00 UTC (all but a night)"),

        // In Berlin, 02:30 does not occur on this day: 02:00 is 03:00. The freeze is from 00:30 to 01:45 UTC, whichever way it is read.
        ("2026-03-29T00:29:59Z", "Europe/Berlin", s_closing, null),
        ("2026-03-29T00:30:00Z", "Europe/Berlin", s_closing, Closing + "2026-03-29 01:45 UTC (closing)"),
        ("2026-03-29T01:44:59Z", "Europe/Berlin", s_closing, Closing + "2026-03-29 01:45 UTC (closing)"),
        ("2026-03-29T01:45:00Z", "Europe/Berlin", s_closing, null),

        // 02:15 to 02:30 occurs twice: the freeze begins with the first, and ends with the second.
        ("2026-10-25T00:14:59Z", "Europe/Berlin", s_autumn, null),
        ("2026-10-25T00:15:00Z", "Europe/Berlin", s_autumn, Autumn + "2026-10-25 01:30 UTC (autumn)"),
        ("2026-10-25T01:00:00Z", "Europe/Berlin", s_autumn, Autumn + "2026-10-25 01:30 UTC (autumn)"),
        ("2026-10-25T01:30:00Z", "Europe/Berlin", s_autumn, null),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.Length)];

    [Theory, MemberData(nameof(Cases))]
    public async Task A_freeze_is_by_the_clock_of_its_time_zone(int number)
    {
        var (time, zone, window, finding) = s_cases[number];
        var now = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

        var gate = await EvaluateAsync(Gate.Freeze(zone, window), now);

        Assert.Equal(
            (finding is null ? GateVerdict.Held : null, finding ?? $"no freeze at {Format.Time(now)}"), (gate.Verdict, gate.Finding));
    }

    [Fact]
    public async Task Of_several_the_one_that_ends_last_is_named()
    {
        var now = new DateTimeOffset(2026, 1, 2, 15, 0, 0, TimeSpan.Zero);

        var gate = await EvaluateAsync(Gate.Freeze("UTC", s_holidays, s_weekend, s_closing), now);

        Assert.Equal(Weekend + "2026-01-05 06:00 UTC (no one is there)", gate.Finding);
    }

    [Fact]
    public async Task An_unknown_time_zone_does_not_hold()
    {
        var gate = await EvaluateAsync(Gate.Freeze("Atlantis Standard Time", s_weekend), DateTimeOffset.UnixEpoch);

        Assert.Equal((null, "does not hold: the time zone Atlantis Standard Time is not known here"), (gate.Verdict, gate.Finding));
        Assert.False(gate.IsDelegable);
    }

    public static TheoryData<string> HostileTexts => [.. HostileText.Values.Keys];

    [Theory, MemberData(nameof(HostileTexts))]
    public async Task Hostile_text_cannot_act(string name)
    {
        var text = HostileText.Values[name];
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var gate = await EvaluateAsync(Gate.Freeze("UTC", FreezeWindow.Yearly((1, 1), (1, 1), text)), now);

        Assert.Null(gate.Verdict);
        Assert.Null(HostileText.FindFault(gate.Finding!, lines: 0));
    }

    private static async Task<PlannedGate> EvaluateAsync(Gate gate, DateTimeOffset now)
    {
        using var fixture = await GateFixture.CreateAsync();
        var context = new GateContext(fixture.Context(gate).Request, fixture.Promotion.Repositories, new FakeTimeProvider(now));
        return Assert.Single(await new GateEvaluators([]).EvaluateAsync(context, new SkippedChecks(reason: null), CancellationToken.None));
    }
}

using Gantry.Formatting;
using Gantry.Holds;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Tests.Promotion.Waves;

/// <summary>Promotions that reach the regions of an environment one wave after the other.</summary>
public sealed class WaveTests
{
    private const string StoppedInWave1 =
        "GAN4622: the promotion of '1.1.0' to prod stopped in wave 1 of 2 (west): GAN4078: the health check https://west.test/health "
        + "did not answer with status 200 within 20 seconds; the last result was status 500; east, uk keep what they have; "
        + "look at the log of the host; "
        + "the images are in place, so running the same again continues with the deployment; then run the same again to continue there, or "
        + "go back to undo the waves that are done.";

    private readonly WaveHouse _house = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_wave_is_tagged_deployed_checked_and_recorded_before_the_next(bool isSigned)
    {
        var house = new WaveHouse { IsSigned = isSigned };

        (await house.PromoteAsync(house.Request(await house.PublishAsync("1.0.0")))).ThrowIfFailed();

        var events = house.Events.ToList();
        var lastBlob = events.FindLastIndex(one => one.Contains("StoreBlob", StringComparison.Ordinal)
            && !one.StartsWith("base", StringComparison.Ordinal));
        int[] steps =
        [
            events.IndexOf("wave 1 of 2 (west)"), events.IndexOf("west.test PutTag app:1.0.0"), events.IndexOf("check west"),
            events.IndexOf("wave 2 begins in 60 minutes"), events.IndexOf("wave 2 of 2 (east, uk)"),
            events.IndexOf("east.test PutTag app:1.0.0"), events.IndexOf("check east"), events.IndexOf("check front"),
        ];
        Assert.DoesNotContain(-1, steps);
        Assert.Equal(steps.Order(), steps);
        Assert.Equal("west 1.0.0, east 1.0.0, uk 1.0.0", await house.ReadAsync());
        Assert.True(events.FindIndex(one => one.StartsWith("uk.test PutManifest", StringComparison.Ordinal)) < steps[1], "copied first");
        Assert.True(lastBlob > 0);
        var (west, uk) = (await house.RecordOfAsync("west"), await house.RecordOfAsync("uk"));
        Assert.Equal((5, "wave 1 of 2", "wave 2 of 2"), (west.Schema, west.Wave?.ToString(), uk.Wave?.ToString()));
        Assert.True(uk.Promoted - west.Promoted >= WaveHouse.Pause);
        Assert.Equal(west.ToJson(), PromotionRecord.Read(west.ToJson(), "x").ToJson());
        Assert.Equal(isSigned, west.Signature is not null);
    }

    [Fact]
    public async Task What_is_there_is_neither_written_nor_waited_for_again()
    {
        var request = _house.Request(await _house.PublishAsync("1.0.0"));
        (await _house.PromoteAsync(request)).ThrowIfFailed();
        _house.Events.Clear();

        var plan = await _house.PlanAsync(request);
        (await _house.Promoter.ApplyAsync(plan, default)).ThrowIfFailed();

        Assert.True(plan.WritesNothing);
        Assert.DoesNotContain(_house.Events, one => one.Contains(" Put", StringComparison.Ordinal) || one.Contains("begins in"));
    }

    [Fact]
    public async Task A_failed_health_check_stops_there_says_so_and_the_next_run_continues()
    {
        var request = await ReplaceAsync();
        _house.Ill.Add("west");

        var failed = await _house.PromoteAsync(request);

        Assert.Equal(StoppedInWave1, Assert.Throws<GantryException>(failed.ThrowIfFailed).Message);
        Assert.Equal([1, 2], [failed.StoppedIn!.Number, Assert.Single(failed.NotBegun).Number]);
        Assert.Equal([true, false, false], failed.Targets.Select(target => target.Succeeded));
        Assert.Equal(
            [
                "east.test: not begun, keeps what it has", "uk.test: not begun, keeps what it has",
            ],
            PromotionFormatter.Describe(failed).Where(line => line.Contains("not begun, keeps", StringComparison.Ordinal)));
        Assert.Equal("west 1.1.0 unconfirmed, east 1.0.0, uk 1.0.0", await _house.ReadAsync());

        _house.Ill.Clear();
        (await _house.PromoteAsync(request)).ThrowIfFailed();
        Assert.Equal("west 1.1.0, east 1.1.0, uk 1.1.0", await _house.ReadAsync());
    }

    [Fact]
    public async Task Only_the_rest_of_a_pause_is_waited_for_by_the_next_run()
    {
        var request = await ReplaceAsync();
        await StopInPauseAsync(request);
        Assert.Equal("west 1.1.0, east 1.0.0, uk 1.0.0", await _house.ReadAsync());
        _house.Time.Advance(TimeSpan.FromMinutes(45));
        _house.Events.Clear();

        (await _house.PromoteAsync(request)).ThrowIfFailed();

        Assert.Contains("wave 2 begins in 15 minutes", _house.Events);
        Assert.DoesNotContain("west.test PutTag app:1.1.0", _house.Events);
        Assert.Equal("west 1.1.0, east 1.1.0, uk 1.1.0", await _house.ReadAsync());
    }

    [Fact]
    public async Task Images_that_cannot_be_copied_to_every_region_begin_no_wave()
    {
        var request = await ReplaceAsync();
        _house.Before = call => ThrowAt(call, "uk.test PutBlob");

        var failed = await _house.PromoteAsync(request);

        var error = Assert.Throws<GantryException>(failed.ThrowIfFailed);
        Assert.Equal("GAN4622", error.Code);
        Assert.StartsWith(
            "the promotion of '1.1.0' to prod stopped before its first wave: GAN2099: it is ill; west, east, uk keep", error.Problem,
            StringComparison.Ordinal);
        Assert.Equal("west 1.0.0, east 1.0.0, uk 1.0.0", await _house.ReadAsync());
        Assert.DoesNotContain(_house.Events, one => one.EndsWith("PutTag app:1.1.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_in_the_last_wave_keeps_the_others()
    {
        var request = await ReplaceAsync();
        _house.Before = call => ThrowAt(call, "uk.test PutTag");

        var failed = await _house.PromoteAsync(request);
        _house.Before = _ => { };

        var error = Assert.Throws<GantryException>(failed.ThrowIfFailed);
        Assert.Contains("stopped in wave 2 of 2 (east, uk): GAN2099: it is ill", error.Problem, StringComparison.Ordinal);
        Assert.Equal("west 1.1.0, east 1.1.0 unconfirmed, uk 1.0.0", await _house.ReadAsync());
        (await _house.PromoteAsync(request)).ThrowIfFailed();
        Assert.Equal("west 1.1.0, east 1.1.0, uk 1.1.0", await _house.ReadAsync());
    }

    [Fact]
    public async Task A_later_wave_alone_needs_the_ones_before()
    {
        var request = await ReplaceAsync();
        var second = _house.Request(request.Release, "east", "uk") with { EarlierWaves = [.. _house.Targets.Take(1)] };

        var early = await Assert.ThrowsAsync<GantryException>(() => _house.PlanAsync(second));
        await Assert.ThrowsAsync<ArgumentException>(() => _house.PlanAsync(second with { EarlierWaves = [] }));
        (await _house.PromoteAsync(_house.Request(request.Release, "west"))).ThrowIfFailed();
        var outcome = await _house.PromoteAsync(second);

        Assert.Equal("GAN4621", early.Code);
        Assert.Contains("prod, west has '1.0.0'", early.Problem, StringComparison.Ordinal);
        outcome.ThrowIfFailed();
        Assert.Contains("wave 2 begins in 60 minutes", _house.Events);
        Assert.Contains("check front", _house.Events);
        Assert.Equal("west 1.1.0, east 1.1.0, uk 1.1.0", await _house.ReadAsync());
    }

    [Fact]
    public async Task An_emergency_reaches_a_later_wave_first()
    {
        var request = await ReplaceAsync();
        var second = _house.Request(request.Release, "east") with { EarlierWaves = [.. _house.Targets.Take(1)], BreakGlassReason = "fire" };

        (await _house.PromoteAsync(second)).ThrowIfFailed();

        var record = await _house.RecordOfAsync("east");
        Assert.StartsWith("GAN4621: ", Assert.Single(record.BreakGlass!.Skipped), StringComparison.Ordinal);
        Assert.DoesNotContain(_house.Events, one => one.Contains("wave 2 begins in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_region_that_went_back_lets_no_later_wave_begin()
    {
        var request = await ReplaceAsync();
        var older = await ReleaseAsync("1.0.0");
        await StopInPauseAsync(request);
        var back = _house.Request(older, "west") with { Returns = true, GoBackReason = "it loses orders" };
        (await _house.PromoteAsync(back)).ThrowIfFailed();

        var thrown = await Assert.ThrowsAsync<GantryException>(() => _house.PlanAsync(
            _house.Request(request.Release, "east", "uk") with { EarlierWaves = [.. _house.Targets.Take(1)] }));

        Assert.Equal("GAN4621", thrown.Code);
        Assert.True((await _house.PlanAsync(request)).IsHeld);
    }

    [Theory]
    [InlineData("1.0.0", true)]
    [InlineData("1.2.0", false)]
    public async Task Another_release_that_comes_to_an_earlier_wave_in_the_pause_stops_the_next(string other, bool returns)
    {
        var request = await ReplaceAsync();
        var release = returns ? await ReleaseAsync(other) : await _house.PublishAsync(other);
        var change = _house.Request(release, "west") with { Returns = returns, GoBackReason = returns ? "it loses orders" : null };
        var plan = await _house.PlanAsync(request);
        var promoter = new Promoter { Time = _house.Time, Pausing = (_, _) => _house.PromoteAsync(change).GetAwaiter().GetResult() };

        var failed = await promoter.ApplyAsync(plan, default);

        Assert.Contains(
            $"stopped in wave 2 of 2 (east, uk): GAN4621: the release '1.1.0' cannot go to prod, east before it is in the earlier waves: "
                + $"prod, west has '{other}'",
            Assert.Throws<GantryException>(failed.ThrowIfFailed).Problem,
            StringComparison.Ordinal);
        Assert.Equal($"west {other}, east 1.0.0, uk 1.0.0", await _house.ReadAsync());
    }

    [Fact]
    public async Task A_hold_during_the_pause_keeps_the_next_wave_out()
    {
        var request = await ReplaceAsync();
        var plan = await _house.PlanAsync(request);
        var promoter = new Promoter
        {
            Time = _house.Time,
            Pausing = (_, _) => new HoldWriter(_house.Client, _house.Time).SetAsync(
                _house.Targets[2], ["app"], new() { By = "Anna", Reason = "it is slow" }, signer: null, default).GetAwaiter().GetResult(),
        };

        var failed = await promoter.ApplyAsync(plan, default);

        Assert.Contains(": GAN4602: ", Assert.Throws<GantryException>(failed.ThrowIfFailed).Problem, StringComparison.Ordinal);
        Assert.Null(await _house["uk"].FindTagAsync("1.1.0", default));
    }

    [Fact]
    public async Task A_return_by_itself_is_for_the_waves_that_were_begun()
    {
        var house = new WaveHouse();
        house = new WaveHouse { Prod = house.Prod with { ReturnsOnFailure = true, HealthChecks = [.. house.Prod.HealthChecks.Take(3)] } };
        (await house.PromoteAsync(house.Request(await house.PublishAsync("1.0.0")))).ThrowIfFailed();
        var request = house.Request(await house.PublishAsync("1.1.0"));
        house.Ill.Add("uk");
        var failed = await house.PromoteAsync(request);
        Assert.True(AutomaticReturn.IsDue(failed));
        house.Ill.Clear();
        house.Events.Clear();

        var returned = await house.Return.RunAsync(failed, default);

        Assert.Null(returned.Error);
        Assert.Equal("west 1.0.0, east 1.0.0, uk 1.0.0", await house.ReadAsync());
        Assert.DoesNotContain(house.Events, one => one.Contains("begins in", StringComparison.Ordinal));
        Assert.Null((await house.RecordOfAsync("west")).Wave);
        Assert.Equal(4, (await house.RecordOfAsync("west")).Schema);
    }

    [Theory]
    [InlineData(false, "west 1.1.0, east 1.0.0, uk 1.0.0")]
    [InlineData(true, "west 1.0.0, east 1.0.0, uk 1.0.0")]
    public async Task A_run_for_one_wave_returns_the_earlier_ones_where_it_may(bool mayReturn, string expected)
    {
        var house = new WaveHouse();
        house = new WaveHouse { Prod = house.Prod with { ReturnsOnFailure = true } };
        (await house.PromoteAsync(house.Request(await house.PublishAsync("1.0.0")))).ThrowIfFailed();
        var release = await house.PublishAsync("1.1.0");
        (await house.PromoteAsync(house.Request(release, "west"))).ThrowIfFailed();
        house.Ill.Add("east");
        var failed = await house.PromoteAsync(house.Request(release, "east", "uk") with
        {
            EarlierWaves = [.. house.Targets.Take(1)],
            ReturnsEarlierWaves = mayReturn,
        });
        house.Ill.Clear();

        Assert.Null((await house.Return.RunAsync(failed, default)).Error);
        Assert.Equal(expected, await house.ReadAsync());
    }

    [Fact]
    public async Task The_way_back_from_a_stop_is_what_the_other_regions_still_have()
    {
        (await _house.PromoteAsync(_house.Request(await _house.PublishAsync("0.9.0")))).ThrowIfFailed();
        await StopInPauseAsync(await ReplaceAsync());

        var version = await new EarlierReleaseFinder(_house.Client, _house.Time).FindAsync(_house.Targets, ["app"], default);
        var back = _house.Request(await ReleaseAsync(version)) with { Returns = true, GoBackReason = "it loses orders" };
        (await _house.PromoteAsync(back)).ThrowIfFailed();

        Assert.Equal("1.0.0", version);
        Assert.Equal("west 1.0.0, east 1.0.0, uk 1.0.0", await _house.ReadAsync());
    }

    [Fact]
    public async Task Regions_that_differ_between_waves_say_their_wave()
    {
        await StopInPauseAsync(await ReplaceAsync());

        var statuses = new List<EnvironmentStatus>();
        foreach (var target in _house.Targets)
            statuses.Add(await new EnvironmentReader(_house.Client, _house.Time).ReadAsync(target, ["app"], version: null, default));

        var problem = Assert.Single(RegionComparison.Compare(statuses)[0].Problems);
        Assert.Equal("GAN4058", problem.Code);
        Assert.Contains("west has 1.1.0 (wave 1 of 2), and east has 1.0.0 (wave 2 of 2)", problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_and_the_history_name_the_waves()
    {
        var request = await ReplaceAsync();

        Assert.Contains(
            "  in waves: wave 1 of 2 (west), then wave 2 of 2 (east, uk), 1 hour after the one before",
            PromotionFormatter.Describe(await _house.PlanAsync(request)));
        var history = await new EnvironmentHistoryReader(_house.Client, _house.Time).ReadAsync(_house.Targets[1], ["app"], default);
        var shown = ReportMarkdown.Write(HistoryFormatter.Describe("prod", [history]));
        Assert.Contains("promoted, wave 2 of 2", shown, StringComparison.Ordinal);
    }

    // Publishes and promotes 1.0.0, publishes 1.1.0, and returns the request for it.
    private async Task<PromotionRequest> ReplaceAsync()
    {
        (await _house.PromoteAsync(_house.Request(await _house.PublishAsync("1.0.0")))).ThrowIfFailed();
        _house.Time.Advance(TimeSpan.FromDays(1));
        var request = _house.Request(await _house.PublishAsync("1.1.0"));
        _house.Events.Clear();
        return request;
    }

    private async Task StopInPauseAsync(PromotionRequest request)
    {
        using var stop = new CancellationTokenSource();
        var plan = await _house.PlanAsync(request);
        var promoter = new Promoter { Time = _house.Time, Pausing = (_, _) => stop.Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => promoter.ApplyAsync(plan, stop.Token));
    }

    private Task<Release> ReleaseAsync(string version) => new ReleaseFinder(_house.Client, _house.Time).FindAsync(
        Gantry.Oci.RegistryAddress.Parse("base.test"), ["app"], version, digest: null, default);

    private static void ThrowAt(string call, string at)
    {
        if (call.StartsWith(at, StringComparison.Ordinal))
            throw new GantryException("GAN2099", "it is ill", "look at it");
    }
}

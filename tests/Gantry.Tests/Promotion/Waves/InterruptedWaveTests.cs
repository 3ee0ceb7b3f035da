using CsCheck;
using Gantry.Environments;
using Gantry.Promotion;

namespace Gantry.Tests.Promotion.Waves;

/// <summary>Promotions in waves that fail or are killed at any call.</summary>
public sealed class InterruptedWaveTests
{
    [Fact]
    public async Task A_run_that_is_killed_at_any_call_leaves_the_waves_in_order_and_the_next_one_completes_them()
    {
        var calls = await CountAsync();
        Assert.True(calls > 100);
        for (var at = 0; at < calls; at++)
            await StopAsync(at, isKilled: true);
    }

    [Fact]
    public async Task A_call_that_fails_lets_no_later_wave_begin()
    {
        var calls = await CountAsync();
        await Gen.Int[0, calls - 1].SampleAsync(at => StopAsync(at, isKilled: false), iter: 60, threads: 1);
    }

    [Fact]
    public Task Ill_hosts_of_any_regions_let_no_later_wave_begin() =>
        Gen.Int[0, 3].Select(host => ((string[])["west", "east", "uk", "front"])[host]).Array[1, 4].SampleAsync(
            IllAsync, iter: 30, threads: 1);

    private static async Task IllAsync(string[] ill)
    {
        var (house, request) = await PrepareAsync();
        house.Ill.UnionWith(ill);

        var outcome = await house.PromoteAsync(request);

        Assert.Equal("GAN4622", Assert.Throws<GantryException>(outcome.ThrowIfFailed).Code);
        AssertOrder(house);
        Assert.Equal(ill.Contains("west"), !house["east"].Tags.ContainsKey("1.1.0"));
        house.Ill.Clear();
        await CompleteAsync(house, request);
    }

    private static async Task StopAsync(int at, bool isKilled)
    {
        var (house, request) = await PrepareAsync();
        using var kill = new CancellationTokenSource();
        var calls = 0;
        house.Before = _ =>
        {
            if (Interlocked.Increment(ref calls) - 1 != at)
                return;
            if (isKilled)
                kill.Cancel();
            else
                throw new GantryException("GAN2099", "it is ill", "look at it");
        };
        try
        {
            var outcome = await house.PromoteAsync(request, kill.Token);
            if (outcome.StoppedIn is { } wave)
                Assert.All(outcome.NotBegun, later => Assert.True(later.Number > wave.Number));
        }
        catch (OperationCanceledException) when (isKilled)
        {
            // The process is gone.
        }
        catch (GantryException)
        {
            // The plan could not be made.
        }

        house.Before = _ => { };
        AssertOrder(house);
        await CompleteAsync(house, request);
    }

    // A region of the second wave has the release only when the first wave has it, with its hosts.
    private static void AssertOrder(WaveHouse house)
    {
        foreach (var region in house.Prod.Regions)
            house[region].AssertComplete();
        if (!house["east"].Tags.ContainsKey("1.1.0") && !house["uk"].Tags.ContainsKey("1.1.0"))
            return;
        Assert.True(house["west"].Tags.ContainsKey("1.1.0"));
        var events = house.Events.ToList();
        var first = events.FindIndex(one => one is "east.test PutTag app:1.1.0" or "uk.test PutTag app:1.1.0");
        Assert.InRange(events.IndexOf("check west"), 0, first);
    }

    private static async Task CompleteAsync(WaveHouse house, PromotionRequest request)
    {
        var outcome = await house.PromoteAsync(request);
        outcome.ThrowIfFailed();
        Assert.Equal("west 1.1.0, east 1.1.0, uk 1.1.0", await house.ReadAsync());
        var (west, east) = (await house.RecordOfAsync("west"), await house.RecordOfAsync("east"));
        Assert.True(east.Promoted - west.Promoted >= WaveHouse.Pause, $"{west.Promoted} and {east.Promoted}");
        Assert.True((await house.PlanAsync(request)).WritesNothing);
    }

    private static async Task<int> CountAsync()
    {
        var (house, request) = await PrepareAsync();
        var calls = 0;
        house.Before = _ => Interlocked.Increment(ref calls);
        (await house.PromoteAsync(request)).ThrowIfFailed();
        return calls;
    }

    private static async Task<(WaveHouse House, PromotionRequest Request)> PrepareAsync()
    {
        var house = new WaveHouse();
        (await house.PromoteAsync(house.Request(await house.PublishAsync("1.0.0")))).ThrowIfFailed();
        house.Time.Advance(TimeSpan.FromDays(1));
        var request = house.Request(await house.PublishAsync("1.1.0"));
        house.Events.Clear();
        return (house, request);
    }
}

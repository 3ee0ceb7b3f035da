using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Testing.Simulation;

namespace Gantry.Tests.Simulation;

public class SimulationTests
{
    private static readonly RegistryConditions s_narrow = new()
    {
        DownloadSpeed = 5_000_000,
        UploadSpeed = 2_000_000,
        Limits = new RequestLimits { Reads = 300, Writes = 60 },
        IdentityLimits = new RequestLimits { ReferrerLists = 100 },
    };

    private static readonly PromotionEnvironment s_prod = new("prod") { Regions = ["north", "south", "west"] };

    [Fact]
    public void The_same_work_gives_the_same_events()
    {
        var (first, second) = (Promote(_ => s_narrow), Promote(_ => s_narrow));

        Assert.Equal(first.Describe(), second.Describe());
        Assert.True(first.Outcome.Targets.All(target => target.Succeeded), first.Describe());
        Assert.All(first.Registries.Traffic.Where(each => each.Name != "base.test"), each => Assert.True(each.Throttled > 0, each.Name));
    }

    [Fact]
    public void A_limit_makes_it_take_at_least_as_many_minutes()
    {
        var run = Promote(_ => s_narrow with { IdentityLimits = new() });

        Assert.All(run.Registries.Traffic, each => Assert.True(
            run.Time.Elapsed >= TimeSpan.FromMinutes((each.Writes - each.Throttled) / 60 - 1), each.Name));
        Assert.Contains(run.Registries.Traffic, each => each.Waits.ContainsKey("60 writes a minute"));
    }

    [Fact]
    public void Bytes_take_the_time_that_their_line_needs()
    {
        var run = Promote(_ => new RegistryConditions { UploadSpeed = 1_000_000 });

        var most = run.Registries.Traffic.Max(each => each.BytesWritten);
        Assert.True(run.Time.Elapsed >= TimeSpan.FromSeconds(most / 1_000_000.0));
        Assert.True(run.Time.Elapsed < TimeSpan.FromSeconds(most / 1_000_000.0 + 10));
    }

    [Fact]
    public void A_slow_region_does_not_delay_the_others()
    {
        var even = Promote(_ => s_narrow);
        var uneven = Promote(name => name == "north.test" ? s_narrow with { UploadSpeed = 200_000 } : s_narrow);

        Assert.Equal(even.LastOf("south.test"), uneven.LastOf("south.test"));
        Assert.Equal(even.LastOf("west.test"), uneven.LastOf("west.test"));
        Assert.True(uneven.LastOf("north.test") > even.LastOf("north.test") * 2);
    }

    [Fact]
    public void A_region_that_fails_fails_alone()
    {
        var from = TimeSpan.MaxValue;
        var run = Promote(name => name == "north.test" ? new RegistryConditions { FailsFrom = from } : new(), planned: at => from = at);

        Assert.Equal([false, true, true], run.Outcome.Targets.Select(target => target.Succeeded));
        Assert.Equal("GAN2012", Assert.IsType<GantryException>(run.Outcome.Targets[0].Error).Code);
    }

    [Fact]
    public void Identities_share_what_a_registry_allows()
    {
        var time = new VirtualTime();
        var registries = new SimulatedRegistries(time, _ => new RegistryConditions { Limits = new RequestLimits { Reads = 10 } });
        var (one, other) = (registries.Connect("one"), registries.Connect("other"));

        time.Run(async () =>
        {
            for (var request = 0; request < 6; request++)
            {
                await one.Open(FleetWorld.Base, "app").FindTagAsync("1", default);
                await other.Open(FleetWorld.Base, "app").FindTagAsync("1", default);
            }

            return true;
        });

        Assert.True(time.Elapsed >= TimeSpan.FromMinutes(1));
        Assert.InRange(registries.Traffic[0].Throttled, 1, 2);
    }

    [Fact]
    public void A_timer_is_raised_at_its_time_and_not_after_it_was_disposed_of()
    {
        var time = new VirtualTime();
        var raised = new List<TimeSpan>();

        time.Run(async () =>
        {
            await using (time.CreateTimer(_ => raised.Add(time.Elapsed), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)))
                await time.DelayAsync(TimeSpan.FromSeconds(6), default);
            await time.DelayAsync(TimeSpan.FromSeconds(10), default);
            return true;
        });

        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)], raised);
        Assert.Equal(TimeSpan.FromSeconds(16), time.Elapsed);
    }

    private sealed record Run(VirtualTime Time, SimulatedRegistries Registries, PromotionOutcome Outcome, TimeSpan Planned)
    {
        public TimeSpan LastOf(string registry) => Registries.Traffic.Single(each => each.Name == registry).Last - Planned;

        public string Describe() => string.Join('\n', Registries.Traffic
            .Select(each => $"{each.Name} {each.Reads} {each.Writes} {each.Throttled} {each.BytesRead} {each.BytesWritten} {each.Last}")
            .Append($"{Planned} {Time.Elapsed}"));
    }

    private static Run Promote(Func<string, RegistryConditions> conditionsOf, Action<TimeSpan>? planned = null)
    {
        var time = new VirtualTime();
        var registries = new SimulatedRegistries(time, conditionsOf);
        var world = new FleetWorld(time, registries, images: 20, platforms: 2);
        var release = world.Publish("1.0.0", changed: 20);
        var client = registries.Connect("promotion");
        var at = TimeSpan.Zero;
        var outcome = time.Run(async () =>
        {
            var plan = await new PromotionPlanner(client, time).PlanAsync(FleetWorld.RequestOf(release, s_prod), default);
            at = time.Elapsed;
            planned?.Invoke(at);
            registries.Reset();
            return await new Promoter { Time = time }.ApplyAsync(plan, default);
        });
        return new Run(time, registries, outcome, at);
    }
}

using System.Diagnostics;
using System.Globalization;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Testing.Simulation;
using Gantry.Verification;

namespace Gantry.Bench;

/// <summary>Simulates promotions of many images to many registries, and writes what they cost and what limits them.</summary>
/// <param name="output">Receives the tables.</param>
/// <param name="tier">The conditions of the registries.</param>
internal sealed class FleetCost(TextWriter output, RegistryConditions tier)
{
    /// <summary>A distant region, over a thin line.</summary>
    private static readonly TimeSpan s_slowRoundTrip = TimeSpan.FromMilliseconds(300);

    /// <summary>Promotes to many regions: a first release, the same again, one in which little changed.</summary>
    public async Task WriteRegionsAsync(int images, int platforms, int regions, int changed)
    {
        var prod = new PromotionEnvironment("prod") { Regions = [.. Enumerable.Range(1, regions).Select(number => $"region{number:00}")] };
        await WriteHeadAsync($"{images} images × {platforms} platforms × {regions} regions");
        var run = Begin(images, platforms, _ => tier);
        var first = run.World.Publish("1.0.0", images);
        await WriteAsync(run, "a first release", first, prod);
        await WriteAsync(run, "the same again", first, prod);
        await WriteAsync(run, $"{changed} images changed", run.World.Publish("1.1.0", changed), prod);
    }

    /// <summary>Promotes to one environment after the other.</summary>
    public async Task WriteEnvironmentsAsync(int images, int platforms, int changed)
    {
        var dev = new PromotionEnvironment("dev");
        var test = new PromotionEnvironment("test") { After = dev };
        var prod = new PromotionEnvironment("prod") { After = test };
        await WriteHeadAsync($"{images} images × {platforms} platforms × 3 environments");
        var run = Begin(images, platforms, _ => tier);
        var first = run.World.Publish("1.0.0", images);
        foreach (var environment in (PromotionEnvironment[])[dev, test, prod])
            await WriteAsync(run, $"a first release to {environment.Name}", first, environment);
        var second = run.World.Publish("1.1.0", changed);
        foreach (var environment in (PromotionEnvironment[])[dev, test, prod])
            await WriteAsync(run, $"{changed} images changed, to {environment.Name}", second, environment);
    }

    /// <summary>Promotes to regions of which one is slow and one fails after it was planned.</summary>
    public async Task WriteUnevenAsync(int images, int platforms, int regions)
    {
        var prod = new PromotionEnvironment("prod") { Regions = [.. Enumerable.Range(1, regions).Select(number => $"region{number:00}")] };
        await output.WriteLineAsync();
        await output.WriteLineAsync("| one of the regions | done | the others, first | the others, last | that region | error |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- |");
        foreach (var what in (string[])["as the others", "is slow", "fails"])
        {
            var planned = TimeSpan.MaxValue;
            var run = Begin(images, platforms, name => name != "region01.test" || what == "as the others" ? tier
                : what == "is slow" ? tier with { RoundTrip = s_slowRoundTrip, UploadSpeed = tier.UploadSpeed / 5 }
                : tier with { FailsFrom = planned });
            var release = run.World.Publish("1.0.0", images);
            var client = run.Registries.Connect("promotion");
            var outcome = run.Time.Run(async () =>
            {
                var plan = await Planner(run, client).PlanAsync(FleetWorld.RequestOf(release, prod), default);
                planned = run.Time.Elapsed;
                run.Registries.Reset();
                return await Promoter(run).ApplyAsync(plan, default);
            });
            var last = run.Registries.Traffic.Where(each => each.Name.StartsWith("region", StringComparison.Ordinal))
                .ToDictionary(each => each.Name, each => each.Last - planned);
            var others = last.Where(each => each.Key != "region01.test").Select(each => each.Value).ToList();
            var error = outcome.Targets[0].Error is GantryException failure ? failure.Code : "";
            await output.WriteLineAsync(
                $"| {what} | {outcome.Targets.Count(each => each.Succeeded)} of {regions} | {Seconds(others.Min())} | "
                + $"{Seconds(others.Max())} | {Seconds(last["region01.test"])} | {error} |");
        }
    }

    /// <summary>Reads what runs where, with nothing in a cache.</summary>
    public async Task WriteStatusAsync(int images, int environments)
    {
        var all = Enumerable.Range(1, environments).Select(number => new PromotionEnvironment($"env{number:00}")).ToList();
        var run = Begin(images, platforms: 1, _ => tier);
        var release = run.World.Publish("1.0.0", images);
        var client = run.Registries.Connect("promotion");
        foreach (var environment in all)
            run.Time.Run(async () =>
            {
                var plan = await Planner(run, client).PlanAsync(FleetWorld.RequestOf(release, environment), default);
                (await Promoter(run).ApplyAsync(plan, default)).ThrowIfFailed();
                return true;
            });
        var policy = new VerificationPolicy
        {
            Base = FleetWorld.Base,
            Images = run.World.Images,
            Targets = [.. all.SelectMany(FleetWorld.TargetsOf)],
        };
        run.Registries.Reset();
        var at = run.Time.Elapsed;
        var status = run.Time.Run(() =>
            new StatusReader(run.Registries.Connect("reader"), policy, run.Time).ReadAsync(version: null, default));
        var (cells, reads) = (status.Cells.Count, run.Registries.Traffic.Sum(each => each.Reads));
        await output.WriteLineAsync();
        await output.WriteLineAsync("| status | reads | a cell | seconds | limit |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- |");
        await output.WriteLineAsync(
            $"| {environments} environments × {images} images | {reads} | "
            + $"{((double)reads / cells).ToString("0.000", CultureInfo.InvariantCulture)} | "
            + $"{(run.Time.Elapsed - at).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} | "
            + $"{LimitOf(run.Registries.Traffic)} |");
    }

    private sealed record Run(VirtualTime Time, SimulatedRegistries Registries, FleetWorld World);

    private static Run Begin(int images, int platforms, Func<string, RegistryConditions> conditionsOf)
    {
        var time = new VirtualTime();
        var registries = new SimulatedRegistries(time, conditionsOf);
        return new Run(time, registries, new FleetWorld(time, registries, images, platforms));
    }

    private async Task WriteAsync(Run run, string what, Release release, PromotionEnvironment environment)
    {
        PromotionPlan plan = null!;
        var client = run.Registries.Connect("promotion");
        var memory = new MemoryMeter();
        await MeasureAsync(run, memory, $"plan {what}", async () =>
            plan = await Planner(run, client).PlanAsync(FleetWorld.RequestOf(release, environment), default));
        await MeasureAsync(run, memory, $"apply {what}", async () => (await Promoter(run).ApplyAsync(plan, default)).ThrowIfFailed());
        GC.KeepAlive(plan);
    }

    private async Task MeasureAsync(Run run, MemoryMeter memory, string what, Func<Task> act)
    {
        run.Registries.Reset();
        run.Registries.Requesting = memory.Count;
        var (at, began) = (run.Time.Elapsed, Stopwatch.GetTimestamp());
        run.Time.Run(async () =>
        {
            await act();
            return true;
        });
        var itself = Stopwatch.GetElapsedTime(began);
        run.Registries.Requesting = null;
        var traffic = run.Registries.Traffic;
        var most = traffic.MaxBy(each => each.Reads + each.Writes)!;
        await output.WriteLineAsync(
            $"| {what} | {traffic.Sum(each => each.Reads)} | {traffic.Sum(each => each.Writes)} | {most.Reads + most.Writes} | "
            + $"{traffic.Sum(each => each.Throttled)} | {MiB(traffic.Sum(each => each.BytesRead))} | "
            + $"{MiB(traffic.Sum(each => each.BytesWritten))} | {Seconds(run.Time.Elapsed - at)} | {LimitOf(traffic)} | "
            + $"{MiB(memory.TakePeak(writes: traffic.Any(each => each.Writes > 0)))} | {Seconds(itself)} |");
    }

    // What made someone wait longest. Where nothing did, it is the way there and back.
    private static string LimitOf(IReadOnlyList<RegistryTraffic> traffic)
    {
        var longest = traffic
            .SelectMany(each => each.Waits.Select(wait => (each.Name, Limit: wait.Key, wait.Value)))
            .OrderByDescending(wait => wait.Value)
            .FirstOrDefault();
        return longest.Value < TimeSpan.FromSeconds(1) ? "round trips" : $"{longest.Limit}, {longest.Name}";
    }

    private static PromotionPlanner Planner(Run run, IRegistryClient client) => new(client, run.Time);

    private static Promoter Promoter(Run run) => new() { Time = run.Time };

    private async Task WriteHeadAsync(string what)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync(
            $"| {what} | reads | writes | most of one | throttled | MiB read | written | seconds | limit | peak MiB | s, itself |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    }

    private static string MiB(long bytes) => (bytes / 1048576.0).ToString("0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using Gantry.Environments;
using Gantry.Registries;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Bench;

/// <summary>Measures what the status of a large house costs, with a cache that is empty and with one that has seen everything.</summary>
internal static class StatusCost
{
    // What Azure Container Registry documents for its tiers, in reads per minute.
    private static readonly (string Tier, int ReadsPerMinute)[] s_tiers = [("Basic", 1000), ("Standard", 3000), ("Premium", 10000)];

    /// <summary>The questions that are asked of one registry at the same time.</summary>
    private const int AtOnce = 16;

    /// <summary>Measures many environments, over connections with a round trip.</summary>
    /// <param name="output">Receives the table.</param>
    /// <param name="environments">The number of environments.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="roundTrip">The time between a request and its answer.</param>
    /// <param name="cacheFolder">The folder for the cache, which is empty.</param>
    public static async Task WriteAsync(TextWriter output, int environments, int images, TimeSpan roundTrip, string cacheFolder)
    {
        await using var world = await SignedWorld.StartDistantAsync(images);
        var targets = new List<PromotionTarget>();
        foreach (var environment in Enumerable.Range(1, environments).Select(number => new PromotionEnvironment($"env{number:00}")))
        {
            await world.PromoteAsync(environment, isSigned: true);
            targets.Add(await world.TargetOfAsync(environment));
        }

        world.RoundTrip = roundTrip;
        await WriteAsync(
            output,
            $"| {environments} environments × {images} images | requests | of base | a cell | seconds |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- |");
        foreach (var run in (string[])["cold", "warm"])
        {
            var began = Stopwatch.GetTimestamp();
            var (requests, ofBase) = await world.CountAsync(client => ReadAsync(world, client, targets, cacheFolder));
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await WriteAsync(
                output, $"| {run} | {requests} | {ofBase} | {(double)requests / (environments * images):0.000} | {seconds:0.0} |");
        }
    }

    /// <summary>Measures many images in many regions, each with a registry of its own, in memory.</summary>
    /// <param name="output">Receives the table.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="regions">The number of regions.</param>
    /// <param name="roundTrip">The time that each request would take.</param>
    /// <param name="cacheFolder">The folder for the cache, which is empty.</param>
    public static async Task SimulateAsync(TextWriter output, int images, int regions, TimeSpan roundTrip, string cacheFolder)
    {
        await using var world = await SignedWorld.InMemoryAsync(images);
        var targets = await world.PromoteToRegionsAsync(
            new PromotionEnvironment("prod") { Regions = [.. Enumerable.Range(1, regions).Select(number => $"region{number:00}")] });

        var tiers = string.Join(" | ", s_tiers.Select(tier => $"{tier.Tier}"));
        await WriteAsync(
            output,
            $"\n| {images} images × {regions} regions | requests | of base | a cell | MiB read | kept | s, itself | no limit | {tiers} |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- | --- | --- |" + string.Concat(s_tiers.Select(_ => " --- |")));
        foreach (var run in (string[])["cold", "warm"])
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var counting = await world.UseAsync(client => Task.FromResult(new CountingRegistries(client)));
            var began = Stopwatch.GetTimestamp();
            var status = await ReadAsync(world, counting, targets, cacheFolder);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
            GC.KeepAlive(status);

            var ofBase = counting.Requests.GetValueOrDefault(world.Base.ToString()!);
            var requests = counting.Requests.Values.Sum() - ofBase;

            // The base registry has a round trip for each request, too, and is read at the same time.
            var most = counting.Requests.Values.Max();
            var unlimited = most * roundTrip.TotalSeconds / AtOnce;
            var limited = s_tiers.Select(tier => Math.Max(unlimited, SecondsOf(most, tier.ReadsPerMinute)));
            var ofTiers = string.Concat(limited.Select(limit => $"| {limit.ToString("0", CultureInfo.InvariantCulture)} ")) + "|";
            var (read, ofStatus) = (counting.Bytes / 1048576.0, kept / 1048576.0);
            var perCell = (double)requests / (images * regions);
            await WriteAsync(
                output,
                $"| {run} | {requests} | {ofBase} | {perCell:0.000} | {read:0.0} | {ofStatus:0.0} | {seconds:0} | {unlimited:0} {ofTiers}");
        }
    }

    // The first minute's requests pass at once; the others wait for a minute that has room.
    private static double SecondsOf(int requests, int perMinute) => (requests - 1) / perMinute * 60.0;

    private static async Task<FleetStatus> ReadAsync(
        SignedWorld world, IRegistryClient registries, IReadOnlyList<PromotionTarget> targets, string cacheFolder)
    {
        var client = new CachedRegistryClient(registries, new ContentCache(cacheFolder));
        var policy = new VerificationPolicy
        {
            Base = world.Base,
            BaseTrust = await world.TrustAsync("base"),
            Images = world.Images,
            Targets = targets,
        };
        var status = await new StatusReader(client, policy).ReadAsync(version: null, default);
        return status.Cells.All(cell => cell is { Signature: SignatureState.Signed, Marks.Count: 0 })
            ? status
            : throw new InvalidOperationException("a promotion does not count");
    }

    private static Task WriteAsync(TextWriter output, FormattableString line) =>
        output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}

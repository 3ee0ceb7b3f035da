using System.Diagnostics;
using System.Globalization;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Bench;

/// <summary>
/// Measures what signing and verifying cost: the requests of a promotion, those of a table of environments, and verifications.
/// </summary>
internal static class SigningCost
{
    private static readonly TimeSpan s_verifyingTakes = TimeSpan.FromSeconds(2);
    private static readonly PromotionEnvironment s_dev = new("dev");
    private static readonly PromotionEnvironment s_test = new("test") { After = s_dev };

    /// <summary>Measures everything, and writes tables.</summary>
    /// <param name="output">Receives the tables.</param>
    /// <param name="environments">The number of environments.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="cacheFolder">The folder for the cache, which is empty.</param>
    public static async Task WriteAsync(TextWriter output, int environments, int images, string cacheFolder)
    {
        await output.WriteLineAsync("| promotion of one image to | registry | signed | unsigned | more | times |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- |");
        foreach (var hasApi in (bool[])[true, false])
        {
            foreach (var environment in (PromotionEnvironment[])[s_dev, s_test])
            {
                var (signed, unsigned) = (
                    await PromoteAsync(environment, hasApi, isSigned: true), await PromoteAsync(environment, hasApi, isSigned: false));
                var (more, times) = (signed - unsigned, (double)signed / unsigned);
                await WriteAsync(output, $"| {environment.Name} | {NameOf(hasApi)} | {signed} | {unsigned} | {more} | {times:0.00} |");
            }
        }

        await WriteAsync(output, $"\n| {environments} environments × {images} images | registry | requests | of base | a cell | seconds |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- |");
        foreach (var hasApi in (bool[])[true, false])
            await WriteStatusAsync(output, hasApi, environments, images, Path.Combine(cacheFolder, hasApi ? "api" : "tags"));

        await WriteAsync(output, $"\nVerifications in a second, on one core: {await VerifyAsync():0}");
    }

    private static async Task<int> PromoteAsync(PromotionEnvironment environment, bool hasApi, bool isSigned)
    {
        await using var world = await SignedWorld.StartAsync(hasApi, images: 1);
        if (environment.After is { } before)
            await world.PromoteAsync(before, isSigned);
        return await world.PromoteAsync(environment, isSigned);
    }

    private static async Task WriteStatusAsync(TextWriter output, bool hasApi, int environments, int images, string cacheFolder)
    {
        await using var world = await SignedWorld.StartAsync(hasApi, images);
        var targets = new List<PromotionTarget>();
        foreach (var environment in Enumerable.Range(1, environments).Select(number => new PromotionEnvironment($"env{number:00}")))
        {
            await world.PromoteAsync(environment, isSigned: true);
            targets.Add(await world.TargetOfAsync(environment));
        }

        foreach (var run in (string[])["first run", "every other run"])
        {
            var began = Stopwatch.GetTimestamp();
            var (requests, ofBase) = await world.CountAsync(client => ReadAsync(world, client, targets, cacheFolder));
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var perCell = (double)requests / (environments * images);
            await WriteAsync(output, $"| {run} | {NameOf(hasApi)} | {requests} | {ofBase} | {perCell:0.000} | {seconds:0.0} |");
        }
    }

    // As ShowEnvironments does it.
    private static async Task ReadAsync(
        SignedWorld world, IRegistryClient registries, IReadOnlyList<PromotionTarget> targets, string cacheFolder)
    {
        var client = new CachedRegistryClient(registries, new ContentCache(cacheFolder));
        var policy = new VerificationPolicy { Base = world.Base, Images = world.Images, Targets = targets };
        var status = await new StatusReader(client, policy).ReadAsync(version: null, default);
        if (status.Marks.Any(mark => mark.Error is not null) || status.Cells.Any(cell => cell.Signature != SignatureState.Signed))
            throw new InvalidOperationException("a promotion does not count");
    }

    // All that is done with the bytes of attestations: parsing, signatures, what they say. From memory, and with one place, which is read
    // without another thread.
    private static async Task<double> VerifyAsync()
    {
        await using var world = await SignedWorld.InMemoryAsync(images: 1);
        await world.PromoteAsync(s_dev, isSigned: true);
        var image = world.Release.Images[0];
        var policy = new VerificationPolicy
        {
            Base = world.Base,
            BaseTrust = await world.TrustAsync("base"),
            Images = world.Images,
            Targets = [await world.TargetOfAsync(s_dev)],
        };
        var reader = await world.UseAsync(client => Task.FromResult(new ReleaseChainReader(client, policy)));

        var (verified, began) = (0, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < s_verifyingTakes)
        {
            var chain = await reader.ReadAsync(image.Name, image.Digest, world.Release.Version, default);
            if (chain.Findings.Count > 0 || chain.Build is null)
                throw new InvalidOperationException("an attestation does not count");
            verified += 1 + chain.Places.Sum(place => place.Promotions.Count);
        }

        return verified / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static string NameOf(bool hasApi) => hasApi ? "referrers API" : "fallback tags";

    private static Task WriteAsync(TextWriter output, FormattableString line) =>
        output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}

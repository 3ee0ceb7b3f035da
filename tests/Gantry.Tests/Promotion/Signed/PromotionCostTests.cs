using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Promotion.Signed;

/// <summary>
/// The requests that a promotion of one image costs because it is signed: beside it are the same attachments, and before it came the same
/// releases.
/// </summary>
public sealed class PromotionCostTests
{
    private const int AtMost = 6;

    [Theory]
    [InlineData(true, "dev", 0)]
    [InlineData(true, "dev", 5)]
    [InlineData(true, "test", 0)]
    [InlineData(true, "test", 5)]
    [InlineData(false, "dev", 0)]
    [InlineData(false, "dev", 5)]
    [InlineData(false, "test", 0)]
    [InlineData(false, "test", 5)]
    public async Task Signing_costs_at_most_six_requests(bool referrersApi, string environment, int releasesBefore)
    {
        var signed = await PromoteAsync(referrersApi, environment, releasesBefore, isSigned: true);
        var unsigned = await PromoteAsync(referrersApi, environment, releasesBefore, isSigned: false);

        var more = string.Join('\n', Differences(signed, unsigned));
        Assert.True(signed.Count - unsigned.Count <= AtMost, $"{signed.Count} instead of {unsigned.Count}:\n{more}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signing_costs_at_most_six_requests_when_an_environment_goes_back(bool referrersApi)
    {
        var signed = await PromoteAsync(referrersApi, "dev", releasesBefore: 5, isSigned: true, goesBack: true);
        var unsigned = await PromoteAsync(referrersApi, "dev", releasesBefore: 5, isSigned: false, goesBack: true);

        var more = string.Join('\n', Differences(signed, unsigned));
        Assert.True(signed.Count - unsigned.Count <= AtMost, $"{signed.Count} instead of {unsigned.Count}:\n{more}");
    }

    private static async Task<IReadOnlyList<string>> PromoteAsync(
        bool referrersApi, string environment, int releasesBefore, bool isSigned, bool goesBack = false)
    {
        await using var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { ReferrersApi = referrersApi });
        await using var session = new RegistrySession(registry.SessionOptions());
        using var house = new SignedHouse(session, registry.Address) { Images = ["app"] };
        var older = goesBack ? await house.PublishAsync("0.9.0") : null;
        for (var number = 0; number < releasesBefore; number++)
        {
            var before = await house.PublishAsync($"1.{number}.0");
            await ApplyAsync(session, house, await RequestAsync(house, before, "dev", isSigned));
            if (environment == "test")
                await ApplyAsync(session, house, await RequestAsync(house, before, "test", isSigned));
            house.Time.Advance(TimeSpan.FromHours(1));
        }

        var release = older ?? await house.PublishAsync("2.0.0");
        if (environment == "test")
            await ApplyAsync(session, house, await RequestAsync(house, release, "dev", isSigned));
        await LeaveOneAttachmentAsync(registry, house, release);
        var request = await RequestAsync(house, release, environment, isSigned);

        // Another run of the build, which knows nothing of the registry yet.
        await using var other = new RegistrySession(registry.SessionOptions());
        var already = registry.Requests.Count;
        await ApplyAsync(other, house, goesBack ? request with { GoBackReason = "a test" } : request);
        return [.. registry.Requests.Skip(already).Select(sent => $"{sent}")];
    }

    // Two that are written at the same time share requests, or do not: then the numbers are not the same each time.
    private static async Task LeaveOneAttachmentAsync(ScriptedRegistry registry, SignedHouse house, Release release)
    {
        var repository = house.Open("base");
        var subject = release.Images[0].Digest;
        var referrers = await repository.ListReferrersAsync(subject, default);
        var record = Assert.Single(referrers, referrer => referrer.ArtifactType == ReleaseReferrer.ArtifactType);
        if (registry.Options.ReferrersApi)
            registry.Store.Manifests.Remove((repository.Location[(registry.Host.Length + 1)..], record.Digest.ToString()), out _);
        else
            await repository.PutTagAsync(Referrer.FallbackTag(subject), Index(referrers.Where(referrer => referrer != record)), default);
        Assert.Single(await repository.ListReferrersAsync(subject, default));
    }

    private static ManifestContent Index(IEnumerable<Descriptor> manifests) =>
        ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [.. manifests] });

    private static async Task<PromotionRequest> RequestAsync(SignedHouse house, Release release, string environment, bool isSigned)
    {
        var request = environment == "dev" ? await house.ToDevAsync(release) : await house.ToTestAsync(release);
        return isSigned ? request : request with
        {
            Targets = [.. request.Targets.Select(target => target with { Trust = null })],
            Before = [.. request.Before.Select(target => target with { Trust = null })],
            Signer = null,
            BaseTrust = null,
        };
    }

    private static async Task ApplyAsync(RegistrySession session, SignedHouse house, PromotionRequest request)
    {
        var plan = await new PromotionPlanner(session, house.Time).PlanAsync(request, default);
        (await new Promoter { Time = house.Time }.ApplyAsync(plan, default)).ThrowIfFailed();
    }

    private static IEnumerable<string> Differences(IReadOnlyList<string> signed, IReadOnlyList<string> unsigned) =>
        [.. signed.Select(request => "+ " + request), .. unsigned.Select(request => "- " + request)];
}

using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Testing.Faults;
using Gantry.Verification;

namespace Gantry.Tests.Promotion.Signed;

/// <summary>
/// The requests for a cell of the table of environments, which is one image in one environment: with a cache that has seen what is there,
/// they are the tags, the digest of one and its referrers.
/// </summary>
public sealed class StatusCostTests : IAsyncLifetime
{
    private const int AtMost = 3;
    private static readonly string[] s_images = ["api", "app", "web", "worker"];
    private static readonly string[] s_environments = ["dev", "test"];

    private readonly TempFolder _folder = new();
    private ScriptedRegistry _registry = null!;
    private RegistrySession _session = null!;
    private SignedHouse _house = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _house.Dispose();
        await _session.DisposeAsync();
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_cell_costs_at_most_three_requests(bool referrersApi, bool isSigned)
    {
        await PromoteAsync(referrersApi, isSigned);
        await ReadAsync(isSigned, Cache());

        var (status, requests) = await ReadAsync(isSigned, Cache());

        AssertPromoted(status);
        foreach (var environment in s_environments)
            AssertAtMost(AtMost * s_images.Length, requests, environment, Probes(referrersApi));
    }

    [Fact]
    public async Task The_base_registry_costs_two_requests_for_each_image_however_many_environments_there_are()
    {
        await PromoteAsync(referrersApi: true, isSigned: true);
        await ReadAsync(isSigned: true, Cache());

        AssertAtMost(2 * s_images.Length, (await ReadAsync(isSigned: true, Cache())).Requests, "base", probes: 0);
    }

    [Fact]
    public async Task That_a_release_was_in_the_environment_before_is_verified_without_a_request_of_its_own()
    {
        await PromoteAsync(referrersApi: true, isSigned: true);
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromotedToDevAsync("1.1.0");
        await ReadAsync(isSigned: true, Cache());

        var (status, requests) = await ReadAsync(isSigned: true, Cache());

        Assert.Equal(1, status.Cells.Single(cell => cell is { Image: "api", Target.Environment.Name: "test" }).Behind);
        Assert.Equal(StatusMarkKind.Behind, Assert.Single(status.Marks).Kind);
        AssertAtMost((AtMost * s_images.Length) + 2, requests, "dev", probes: 0);
        AssertAtMost(AtMost * s_images.Length, requests, "test", probes: 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_cache_a_cell_costs_two_requests_more_for_its_promotion(bool isSigned)
    {
        await PromoteAsync(referrersApi: true, isSigned);

        var (status, requests) = await ReadAsync(isSigned, cache: null);

        AssertPromoted(status);
        foreach (var environment in s_environments)
            AssertAtMost((AtMost + 2) * s_images.Length, requests, environment, probes: 0);
    }

    [Fact]
    public async Task Each_version_more_costs_two_requests_in_each_environment()
    {
        await PromoteAsync(referrersApi: true, isSigned: true);
        _house.Time.Advance(TimeSpan.FromHours(1));
        await PromoteAsync("1.1.0", isSigned: true);
        await ReadAsync(isSigned: true, Cache());

        var (status, requests) = await ReadAsync(isSigned: true, Cache());

        AssertPromoted(status, "1.1.0");
        foreach (var environment in s_environments)
            AssertAtMost((AtMost * s_images.Length) + 2, requests, environment, probes: 0);
    }

    [Fact]
    public async Task What_the_cache_has_is_verified_each_time()
    {
        await PromoteAsync(referrersApi: true, isSigned: true);
        await ReadAsync(isSigned: true, Cache());
        var dev = await _house.DevTargetAsync();
        var others = new TrustPolicy { Keys = [new TrustedKey(await _house.AttackerKey.GetPublicKeyAsync(default), "other")] };

        var status = await ReaderOf(_session, Cache()).ReadAsync(dev with { Trust = others }, s_images, version: null, default);

        Assert.Contains(status.Problems, problem => problem.Code == "GAN4204");
        Assert.Null(status.Release?.Record);
    }

    [Fact]
    public async Task A_promotion_that_is_withdrawn_after_it_was_cached_does_not_count()
    {
        await PromoteAsync(referrersApi: true, isSigned: true);
        await ReadAsync(isSigned: true, Cache());
        var release = await new ReleaseFinder(_session, _house.Time).FindAsync(
            _house.AddressOf("base"), s_images, "1.0.0", digest: null, default);
        foreach (var image in release.Images)
        {
            var summary = await _house.SummaryAsync(release, image.Name);
            _house.Time.Advance(TimeSpan.FromMinutes(1));
            await _house.Open("dev", image.Name).PutAsync(
                summary with
                {
                    VerificationResult = VerificationSummary.Failed,
                    VerifiedLevels = [VerificationSummary.Failed],
                    TimeVerified = _house.Time.GetUtcNow(),
                },
                image.Descriptor,
                _house.DevKey);
        }

        var status = await ReaderOf(_session, Cache()).ReadAsync(await _house.DevTargetAsync(), s_images, version: null, default);

        Assert.Contains(status.Problems, problem => problem.Code == "GAN4208");
        Assert.Null(status.Release?.Record);
    }

    private ContentCache Cache() => new(_folder.Combine("cache"), _house.Time);

    // A registry without the API is asked for it once.
    private static int Probes(bool referrersApi) => referrersApi ? 0 : 1;

    private async Task PromoteAsync(bool referrersApi, bool isSigned)
    {
        _registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { ReferrersApi = referrersApi });
        _session = new RegistrySession(_registry.SessionOptions());
        _house = new SignedHouse(_session, _registry.Address) { Images = s_images };
        await PromoteAsync("1.0.0", isSigned);
    }

    private async Task PromoteAsync(string version, bool isSigned)
    {
        var release = await _house.PublishAsync(version);
        foreach (var request in (PromotionRequest[])[await _house.ToDevAsync(release), await _house.ToTestAsync(release)])
            await _house.PromoteAsync(isSigned ? request : Unsigned(request));
    }

    private static PromotionRequest Unsigned(PromotionRequest request) => request with
    {
        Targets = [.. request.Targets.Select(target => target with { Trust = null })],
        Before = [.. request.Before.Select(target => target with { Trust = null })],
        Signer = null,
        BaseTrust = null,
    };

    // Another run of the build each time, as ShowEnvironments does it.
    private async Task<(FleetStatus Status, IReadOnlyList<string> Requests)> ReadAsync(bool isSigned, ContentCache? cache)
    {
        await using var session = new RegistrySession(_registry.SessionOptions());
        var already = _registry.Requests.Count;
        IRegistryClient client = cache is null ? session : new CachedRegistryClient(session, cache);
        var policy = new VerificationPolicy
        {
            Base = _house.AddressOf("base"),
            BaseTrust = isSigned ? await _house.TrustAsync(_house.BuildKey, "keys/base/1.pub") : null,
            Images = s_images,
            Targets =
            [
                .. ((PromotionTarget[])[await _house.DevTargetAsync(), await _house.TestTargetAsync()]).Select(target =>
                    isSigned ? target : target with { Trust = null }),
            ],
        };
        var status = await new StatusReader(client, policy, _house.Time).ReadAsync(version: null, default);
        return (status, [.. _registry.Requests.Skip(already).Select(sent => $"{sent}")]);
    }

    private EnvironmentReader ReaderOf(RegistrySession session, ContentCache? cache)
    {
        IRegistryClient client = cache is null ? session : new CachedRegistryClient(session, cache);
        return new EnvironmentReader(client, _house.Time)
        {
            Base = new BaseReleases(client, _house.AddressOf("base"), s_images, _house.Time),
        };
    }

    private static void AssertPromoted(FleetStatus status, string version = "1.0.0")
    {
        Assert.Empty(status.Marks);
        Assert.Equal(s_environments.Length * s_images.Length, status.Cells.Count);
        Assert.All(status.Cells, cell =>
        {
            Assert.Equal((version, SignedHouse.Commit), (cell.Version, cell.Commit));
            Assert.NotNull(cell.Promotion);
        });
    }

    private static void AssertAtMost(int most, IReadOnlyList<string> requests, string registry, int probes)
    {
        var sent = requests.Where(request => request.Contains($"/{registry}/", StringComparison.Ordinal)).ToList();
        Assert.True(sent.Count <= most + probes, $"{registry}: {sent.Count} instead of {most}:\n{string.Join('\n', sent)}");
    }
}

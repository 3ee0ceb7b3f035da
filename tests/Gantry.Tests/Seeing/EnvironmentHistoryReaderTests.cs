using Gantry.Differences;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Tests.Promotion.Signed;

namespace Gantry.Tests.Seeing;

/// <summary>What happened in an environment: promotions, returns and bypasses, with what was there before.</summary>
public sealed class EnvironmentHistoryReaderTests : IDisposable
{
    private static readonly string[] s_images = ["app", "worker"];

    private readonly MemoryRegistries _registries = new();
    private readonly SignedHouse _house;

    public EnvironmentHistoryReaderTests() => _house = new SignedHouse(_registries, RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Promotions_and_returns_are_listed_with_what_was_there_before()
    {
        var first = await _house.PromotedToDevAsync("1.0.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromotedToDevAsync("1.1.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromoteAsync(await _house.ToDevAsync(first) with { GoBackReason = "1.1.0 loses orders" });

        var history = await ReadAsync();

        Assert.Empty(history.Problems);
        Assert.Equal(
            [
                (HistoryEventKind.Return, "1.0.0", "1.1.0", "1.1.0 loses orders"),
                (HistoryEventKind.Promotion, "1.1.0", "1.0.0", null),
                (HistoryEventKind.Promotion, "1.0.0", null, null),
            ],
            history.Events.Select(one => (one.Kind, one.Version!, one.Before, one.Reason)));
        Assert.Equal(_house.Time.GetUtcNow(), history.Events[0].Time);
        Assert.All(history.Events, one => Assert.NotNull(one.Promotion!.Signature));
    }

    [Fact]
    public async Task What_happens_within_one_second_is_listed_in_its_order()
    {
        var first = await _house.PromotedToDevAsync("1.0.0");
        await _house.PublishAsync("1.1.0");
        var next = await _house.PublishAsync("1.2.0");
        var reader = new EnvironmentReader(_registries, _house.Time);
        var (expected, current) = (new List<string> { "1.0.0" }, new List<string?>());

        await PromoteAsync(await _house.PublishAsync("1.1.0"));
        await PromoteAsync(first, goBack: "1.1.0 loses orders");
        await PromoteAsync(next);
        await PromoteAsync(first, goBack: "1.2.0 loses orders");
        await PromoteAsync(next);
        await PromoteAsync(await _house.PublishAsync("1.3.0"));

        var history = await ReadAsync();
        Assert.Equal(expected, history.Events.Select(one => one.Version!).Reverse());
        Assert.Equal(expected.Skip(1), current);
        Assert.Equal(expected.SkipLast(1), history.Events.Select(one => one.Before).OfType<string>().Reverse());
        Assert.All(history.Events, one => Assert.True(one.Time <= _house.Time.GetUtcNow()));

        async Task PromoteAsync(Release release, string? goBack = null)
        {
            _house.Time.Advance(TimeSpan.FromMilliseconds(100));
            await _house.PromoteAsync(await _house.ToDevAsync(release) with { GoBackReason = goBack });
            expected.Add(release.Version);
            current.Add((await reader.ReadAsync(await _house.DevTargetAsync(), s_images, version: null, default)).Release?.Version);
        }
    }

    [Fact]
    public async Task An_automatic_return_is_told_from_one_that_a_person_made()
    {
        var first = await _house.PromotedToDevAsync("1.0.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromotedToDevAsync("1.1.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromoteAsync(await _house.ToDevAsync(first) with
        {
            Returns = true,
            GoBackReason = "its health check failed",
            ReturnCause = "the health check failed",
        });

        Assert.Equal(HistoryEventKind.AutomaticReturn, (await ReadAsync()).Events.First(one => one.Promotion is not null).Kind);
    }

    [Fact]
    public async Task A_break_glass_is_a_bypass_with_its_reason()
    {
        var release = await _house.PublishAsync();
        await _house.PromoteAsync(await _house.ToTestAsync(release) with { BreakGlassReason = "orders are lost" });

        var history = await Reader().ReadAsync(await _house.TestTargetAsync(), s_images, default);

        var one = Assert.Single(history.Events);
        Assert.Equal((HistoryEventKind.Bypass, "orders are lost"), (one.Kind, one.Reason));
    }

    [Fact]
    public async Task What_was_promoted_before_its_tag_was_moved_is_listed()
    {
        await _house.PromotedToDevAsync();
        foreach (var image in s_images)
        {
            var foreign = SampleImage.Create(99, 64);
            await foreign.PushAsync(_house.Open("dev", image));
            await _house.Open("dev", image).PutTagAsync("1.0.0", foreign.Root, default);
        }

        Assert.Equal("1.0.0", Assert.Single((await ReadAsync()).Events).Version);
    }

    [Fact]
    public async Task What_does_not_count_is_a_problem()
    {
        var release = await _house.PromotedToDevAsync();
        var summary = await _house.SummaryAsync(release);
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.Open("dev").PutAsync(
            summary with { TimeVerified = _house.Time.GetUtcNow() }, release.Images[0].Descriptor, _house.AttackerKey);

        var history = await ReadAsync();

        Assert.Single(history.Events);
        Assert.Contains(history.Problems, problem => problem.Code == "GAN4204");
    }

    [Fact]
    public async Task Only_the_versions_that_were_promoted_last_are_read_and_the_others_are_counted()
    {
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0"])
        {
            await _house.PromotedToDevAsync(version);
            _house.Time.Advance(TimeSpan.FromHours(1));
        }

        var history = await Reader(maximumVersions: 2).ReadAsync(await _house.DevTargetAsync(), s_images, default);

        Assert.Equal(["1.2.0", "1.1.0"], history.Events.Select(one => one.Version));
        Assert.Equal(
            "of the history of dev, the last 2 versions are read, and 1 are not", Assert.Single(history.Problems).Problem);
    }

    [Fact]
    public async Task What_changed_from_the_release_before_is_added_when_it_is_asked_for()
    {
        await _house.PromotedToDevAsync("1.0.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromotedToDevAsync("1.1.0");

        var history = await Reader(new ReleaseDifferenceReader()).ReadAsync(await _house.DevTargetAsync(), s_images, default);

        Assert.Equal(("1.0.0", "1.1.0"), (history.Events[0].Difference!.From, history.Events[0].Difference!.To));
        Assert.Null(history.Events[1].Difference);
    }

    private EnvironmentHistoryReader Reader(ReleaseDifferenceReader? differences = null, int maximumVersions = 100) =>
        new(_registries, _house.Time)
        {
            Base = new BaseReleases(_registries, _house.AddressOf("base"), s_images, _house.Time),
            Differences = differences,
            MaximumVersions = maximumVersions,
        };

    private async Task<EnvironmentHistory> ReadAsync() => await Reader().ReadAsync(await _house.DevTargetAsync(), s_images, default);
}

using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Promotion;

public sealed class EnvironmentReaderTests
{
    private static readonly PromotionEnvironment Dev = new("dev");

    private readonly PromotionFixture _fixture = new();

    private PromotionTarget DevPlace { get; } = new(Dev, Region: null, PromotionFixture.DevAddress);

    [Fact]
    public async Task The_last_promoted_release_is_current()
    {
        await PromoteAsync("1.9.0");
        await PromoteAsync("1.10.0");

        var status = await ReadAsync();

        Assert.Equal(["1.10.0", "1.9.0"], status.Releases.Select(release => release.Version));
        Assert.Equal(
            (_fixture.Time.GetUtcNow(), _fixture.Dev["app"].Tags["1.10.0"]),
            (status.Current!.Since, status.Current.Images[0].Digest));
        Assert.Equal("1.10.0", status.Current.Record!.Version);
        Assert.Empty(status.Problems);
    }

    [Fact]
    public async Task A_rolled_back_release_is_current_again()
    {
        var older = await PromoteAsync("1.0.0");
        await PromoteAsync("1.1.0");
        _fixture.Dev.Calls.Clear();

        var plan = await _fixture.PlanAsync(_fixture.Request(older));
        Assert.False(plan.NothingMoves);
        Assert.Contains("    tag is there; image is there, and rolls back from 1.1.0", PromotionFormatter.Describe(plan));
        Assert.Equal(0, _fixture.Dev.Count("Put"));

        _fixture.Time.Advance(TimeSpan.FromHours(1));
        var outcome = await _fixture.PromoteAsync(plan.Request);
        Assert.Equal((0, true), (outcome.Targets[0].Images[0].BlobsUploaded, outcome.Targets[0].Images[0].Recorded));
        Assert.Equal("1.0.0", (await ReadAsync()).Current!.Version);
        Assert.True((await _fixture.PlanAsync(plan.Request)).NothingMoves);
    }

    [Fact]
    public async Task A_rollback_passes_the_gates_like_any_promotion()
    {
        var older = await PromoteAsync("1.0.0");
        await PromoteAsync("1.1.0");

        Assert.True((await _fixture.PlanAsync(_fixture.Request(older).To(Dev with { Gates = [Gate.Approval("QA")] }))).AwaitsDecision);
    }

    [Fact]
    public async Task Promotions_to_other_environments_in_the_same_registry_are_ignored()
    {
        await PromoteAsync("1.0.0");
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        await _fixture.PromoteAsync(_fixture.Request(await _fixture.PublishAsync("2.0.0", "app")).To(new("test")));

        Assert.Equal("1.0.0", (await ReadAsync()).Current!.Version);
        Assert.Equal("2.0.0", (await ReadAsync(DevPlace with { Environment = new("test") })).Current!.Version);
    }

    [Fact]
    public async Task A_single_release_can_be_looked_up()
    {
        await PromoteAsync("1.0.0+5");
        await PromoteAsync("1.1.0");

        Assert.Equal(["1.0.0+5"], (await ReadAsync(version: "1.0.0+5")).Releases.Select(release => release.Version));
        Assert.Null((await ReadAsync(version: "3.0.0")).Current);
    }

    [Fact]
    public async Task An_image_that_is_missing_is_named()
    {
        await PromoteAsync("1.0.0", "app", "worker");
        _fixture.Dev["worker"].Tags.Clear();

        var status = await new EnvironmentReader(_fixture.Repositories).ReadAsync(
            DevPlace, ["app", "worker"], version: null, CancellationToken.None);

        Assert.Equal(["worker"], status.Current!.MissingImages);
        Assert.Contains("dev: 1.0.0 is not complete, it lacks worker", EnvironmentStatusFormatter.Notes(status));

        // An image that cannot be read may well exist.
        _fixture.Dev.Before = (call, _) => call.StartsWith("ListTags worker", StringComparison.Ordinal)
            ? throw new GantryException("GAN2003", "no", "sign in")
            : Task.CompletedTask;
        status = await new EnvironmentReader(_fixture.Repositories).ReadAsync(
            DevPlace, ["app", "worker"], version: null, CancellationToken.None);
        Assert.Equal(["dev: GAN2003: no; sign in."], EnvironmentStatusFormatter.Notes(status));
    }

    [Fact]
    public async Task A_release_without_a_record_is_noted_and_comes_last()
    {
        _fixture.Dev["app"].AddImage("pushed by hand", "9.0.0");
        Assert.Contains(
            "dev: no promotion is recorded there, so the release is the highest version, and not necessarily the latest",
            EnvironmentStatusFormatter.Notes(await ReadAsync()));

        await PromoteAsync("1.0.0");
        var status = await ReadAsync();
        Assert.Equal(["1.0.0", "9.0.0"], status.Releases.Select(release => release.Version));
        Assert.Empty(EnvironmentStatusFormatter.Notes(status));
    }

    [Fact]
    public async Task An_environment_that_cannot_be_read_gives_the_reason()
    {
        _fixture.Test.Before = (_, _) => throw new GantryException("GAN2003", "test.test:5000 denies access to app", "sign in");

        var status = await ReadAsync(new PromotionTarget(new("prod") { Regions = ["west"] }, "west", PromotionFixture.TestAddress));

        Assert.Equal(["prod, west", "cannot be read", "", "", ""], EnvironmentStatusFormatter.Row(status, _fixture.Time.GetUtcNow()));
        Assert.Equal(["prod, west: GAN2003: test.test:5000 denies access to app; sign in."], EnvironmentStatusFormatter.Notes(status));
    }

    [Fact]
    public async Task An_unreadable_record_affects_its_environment_only()
    {
        var release = await PromoteAsync("1.0.0");
        var broken = RecordArtifact.Create(PromotionReferrer.ArtifactType, "{"u8, release.Images[0].Descriptor, new());
        await RecordArtifact.PutAsync(_fixture.Dev["app"], broken, "{"u8.ToArray(), CancellationToken.None);

        var status = await ReadAsync();

        Assert.Equal("GAN4045", Assert.Single(status.Problems).Code);
    }

    [Fact]
    public async Task The_highest_versions_are_read_and_the_rest_is_counted()
    {
        foreach (var version in new[] { "1.2.0", "1.10.0", "1.9.0" })
            await PromoteAsync(version);

        var status = await new EnvironmentReader(_fixture.Repositories) { MaximumVersions = 2 }.ReadAsync(
            DevPlace, ["app"], version: null, CancellationToken.None);

        Assert.Equal(["1.9.0", "1.10.0"], status.Releases.Select(release => release.Version));
        Assert.Equal(["dev: 1 lower version not looked at"], EnvironmentStatusFormatter.Notes(status));
    }

    [Fact]
    public async Task A_row_has_version_date_person_and_digest()
    {
        await _fixture.PromoteAsync(
            _fixture.Request(await _fixture.PublishAsync("1.0.0", "app")) with { By = new() { Name = "Anna", RunId = "77" } });
        var digest = _fixture.Dev["app"].Tags["1.0.0"];

        Assert.Equal(
            ["dev", "1.0.0", "2026-01-02 03:04 UTC (1 day 2 hours)", "Anna (run 77)", $"app sha256:{digest.Short}"],
            EnvironmentStatusFormatter.Row(await ReadAsync(), _fixture.Time.GetUtcNow() + TimeSpan.FromHours(26)));
        Assert.Equal(
            ["dev", "none", "", "", ""], EnvironmentStatusFormatter.Row(await ReadAsync(version: "2.0.0"), _fixture.Time.GetUtcNow()));
    }

    [Theory]
    [InlineData("1.9.0", "1.10.0")]
    [InlineData("1.0.0-rc.2", "1.0.0-rc.10")]
    [InlineData("1.0", "1.0.1")]
    [InlineData("1.0.0", "2")]
    [InlineData("", "1")]
    [InlineData("99999999999999999998", "99999999999999999999")]
    public void Versions_are_compared_by_number(string lower, string higher)
    {
        Assert.True(VersionComparer.Instance.Compare(lower, higher) < 0);
        Assert.True(VersionComparer.Instance.Compare(higher, lower) > 0);
        Assert.Equal(0, VersionComparer.Instance.Compare(higher, higher));
    }

    private async Task<Release> PromoteAsync(string version, params string[] images)
    {
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        var release = await _fixture.PublishAsync(version, images.Length == 0 ? ["app"] : images);
        await _fixture.PromoteAsync(_fixture.Request(release));
        return release;
    }

    private Task<EnvironmentStatus> ReadAsync(PromotionTarget? place = null, string? version = null) =>
        new EnvironmentReader(_fixture.Repositories).ReadAsync(place ?? DevPlace, ["app"], version, CancellationToken.None);
}

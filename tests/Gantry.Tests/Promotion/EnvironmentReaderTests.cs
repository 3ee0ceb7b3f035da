using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Promotion;

public sealed class EnvironmentReaderTests
{
    private static readonly PromotionEnvironment Dev = new("dev");

    private readonly PromotionFixture _fixture = new();

    private PromotionTarget DevPlace { get; } = new(Dev, Region: null, PromotionFixture.DevAddress);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_last_promoted_release_is_current(bool omitsAnnotations)
    {
        _fixture.Dev.OmitsAnnotations = omitsAnnotations;
        await PromoteAsync("1.9.0");
        await PromoteAsync("1.10.0");

        var status = await ReadAsync();

        Assert.Equal(["1.10.0", "1.9.0"], status.History.Select(promotion => promotion.Version));
        Assert.Equal(
            (_fixture.Time.GetUtcNow(), _fixture.Dev["app"].Tags["1.10.0"]),
            (status.Release!.Since, status.Release.Images[0].Digest));
        Assert.Equal("1.10.0", status.Release.Record!.Version);
        Assert.Empty(status.Problems);
    }

    [Fact]
    public async Task A_low_version_that_was_promoted_last_is_current_among_many()
    {
        for (var minor = 100; minor > 0; minor--)
            await PromoteAsync($"1.{minor}.0");

        Assert.Equal("1.1.0", (await ReadAsync()).Release!.Version);
    }

    [Fact]
    public async Task A_rolled_back_release_is_current_again()
    {
        var older = await PromoteAsync("1.0.0");
        await PromoteAsync("1.1.0");
        _fixture.Dev.Calls.Clear();

        var plan = await _fixture.PlanAsync(_fixture.Request(older) with { GoBackReason = "1.1.0 loses orders" });
        Assert.False(plan.NothingMoves);
        Assert.Contains("  dev goes back from 1.1.0 because: 1.1.0 loses orders", PromotionFormatter.Describe(plan));
        Assert.Contains("    tag is there; image is there, record to add", PromotionFormatter.Describe(plan));
        Assert.Equal(0, _fixture.Dev.Count("Put"));

        _fixture.Time.Advance(TimeSpan.FromHours(1));
        var outcome = await _fixture.PromoteAsync(plan.Request);
        Assert.Equal((0, true), (outcome.Targets[0].Images[0].BlobsUploaded, outcome.Targets[0].Images[0].Recorded));
        var release = (await ReadAsync()).Release!;
        Assert.Equal(("1.0.0", _fixture.Time.GetUtcNow()), (release.Version, release.Since));
        Assert.True((await _fixture.PlanAsync(plan.Request)).NothingMoves);
    }

    [Fact]
    public async Task A_rollback_by_a_machine_whose_clock_is_late_comes_last()
    {
        var older = await PromoteAsync("1.0.0");
        var newer = await PromoteAsync("1.1.0");
        var latest = _fixture.Time.GetUtcNow();
        var late = new FakeTimeProvider(latest - TimeSpan.FromMinutes(1));

        var plan = await new PromotionPlanner(_fixture.Repositories, late).PlanAsync(BackTo(older), CancellationToken.None);
        (await new Promoter { Time = late }.ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();

        var status = await ReadAsync();
        Assert.Equal(("1.0.0", latest + TimeSpan.FromMilliseconds(1)), (status.Release!.Version, status.Release.Since));

        // In the same second, too.
        await _fixture.PromoteAsync(_fixture.Request(newer));
        Assert.Equal("1.1.0", (await ReadAsync()).Release!.Version);
    }

    [Fact]
    public async Task A_rollback_that_brings_a_new_signature_is_recorded()
    {
        var older = await PromoteAsync("1.0.0");
        await PromoteAsync("1.1.0");
        _fixture.Base["app"].AddArtifact(_fixture.Base["app"].Manifests[older.Images[0].Digest], "signed later");
        _fixture.Time.Advance(TimeSpan.FromHours(1));

        await _fixture.PromoteAsync(BackTo(older));

        Assert.Equal("1.0.0", (await ReadAsync()).Release!.Version);
    }

    [Fact]
    public async Task A_rollback_is_refused_when_the_promotions_after_it_cannot_be_read()
    {
        var older = await PromoteAsync("1.0.0");
        await PromoteAsync("1.1.0");
        _fixture.Dev.Before = (call, _) => call == "HeadTag app:1.1.0"
            ? throw new GantryException("GAN2005", "dev.test:5000 answers 500", "try again later")
            : Task.CompletedTask;

        var error = await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(BackTo(older)));
        Assert.Equal("GAN2005", error.Code);

        // A later promotion that could be read is enough.
        await PromoteAsync("1.2.0");
        Assert.Equal("1.2.0", (await _fixture.PlanAsync(BackTo(older))).Images[0].RollsBackFrom);
    }

    [Fact]
    public async Task A_release_that_an_unread_version_may_have_followed_is_recorded_again()
    {
        var release = await PromoteAsync("2.0.0");
        for (var patch = 1; patch <= 1000; patch++)
            _fixture.Dev["app"].Tags[$"1.5.{patch}"] = release.Images[0].Digest;

        var plan = await _fixture.PlanAsync(_fixture.Request(release));
        Assert.Equal((false, null), (plan.NothingMoves, plan.Images[0].RollsBackFrom));

        await PromoteAsync("1.0.0");
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await _fixture.PromoteAsync(plan.Request);
        Assert.Equal(2, (await RecordsAsync(release.Images[0])).Count);
    }

    [Fact]
    public async Task A_rollback_passes_the_gates_like_any_promotion()
    {
        var older = await PromoteAsync("1.0.0");
        await PromoteAsync("1.1.0");

        Assert.True((await _fixture.PlanAsync(BackTo(older).To(Dev with { Gates = [Gate.Approval("QA")] }))).AwaitsDecision);
    }

    [Fact]
    public async Task A_release_is_there_since_it_became_current_and_not_since_its_latest_record()
    {
        var release = await PromoteAsync("1.0.0", "app", "worker");
        var arrival = _fixture.Time.GetUtcNow();
        _fixture.Dev["worker"].RemoveRecords();
        _fixture.Time.Advance(TimeSpan.FromHours(1));

        await _fixture.PromoteAsync(_fixture.Request(release));

        var status = await ReadAsync(images: ["app", "worker"]);
        Assert.Equal((arrival, arrival, 0), (status.Release!.Since, status.Release.Record!.Promoted, status.Problems.Count));
        Assert.Equal(2, (await RecordsAsync(release.Images[0])).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Promotions_to_other_environments_in_the_same_registry_are_ignored(bool omitsAnnotations)
    {
        _fixture.Dev.OmitsAnnotations = omitsAnnotations;
        await PromoteAsync("1.0.0");
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        await _fixture.PromoteAsync(_fixture.Request(await _fixture.PublishAsync("2.0.0", "app")).To(new("test")));

        Assert.Equal("1.0.0", (await ReadAsync()).Release!.Version);
        Assert.Equal("2.0.0", (await ReadAsync(DevPlace with { Environment = new("test") })).Release!.Version);

        // What was promoted to another environment alone is not in this one.
        Assert.Null((await ReadAsync(version: "2.0.0")).Release);
        var nothing = await ReadAsync(DevPlace with { Environment = new("prod") });
        Assert.Equal((null, 0, 0), (nothing.Release, nothing.UnrecordedVersions.Count, nothing.Problems.Count));
    }

    [Fact]
    public async Task A_release_that_was_superseded_is_shown_as_such()
    {
        await PromoteAsync("1.0.0+5");
        var arrival = _fixture.Time.GetUtcNow();
        await PromoteAsync("1.1.0");
        await PromoteAsync("1.2.0");

        var status = await ReadAsync(version: "1.0.0+5");

        Assert.Equal("1.0.0+5", status.Release!.Version);
        Assert.Equal(new RecordedPromotion("1.1.0", arrival + TimeSpan.FromMinutes(1)), status.Release.Superseded);
        Assert.Equal(
            "2026-01-02 03:05 UTC, superseded at 2026-01-02 03:06 UTC by 1.1.0",
            (await _fixture.ShowAsync([DevPlace], "1.0.0+5")).Rows[0][2]);
        Assert.Null((await ReadAsync(version: "1.2.0")).Release!.Superseded);
        Assert.Null((await ReadAsync(version: "3.0.0")).Release);
    }

    [Fact]
    public async Task An_image_without_a_record_is_pointed_out_and_not_the_current_release()
    {
        await PromoteAsync("1.0.0");
        _fixture.Dev["app"].AddImage("pushed by hand", "9.0.0");

        var status = await ReadAsync();

        Assert.Equal(("1.0.0", 0), (status.Release!.Version, status.Problems.Count));
        Assert.Equal(
            ["dev: not signed: there is no key for it", "dev: images without a promotion record: 9.0.0"],
            (await _fixture.ShowAsync([DevPlace])).Lines);
    }

    [Fact]
    public async Task Unread_versions_are_a_problem()
    {
        foreach (var version in new[] { "1.2.0-rc.1", "1.10.0", "1.2.0" })
            await PromoteAsync(version);

        var status = await new EnvironmentReader(_fixture.Repositories, _fixture.Time) { MaximumVersions = 2 }.ReadAsync(
            DevPlace, ["app"], version: null, CancellationToken.None);

        Assert.Equal(["1.2.0", "1.10.0"], status.History.Select(promotion => promotion.Version));
        Assert.Equal(
            [
                "dev: GAN5014: dev has too many versions: 1 lower one not looked at, and may have been promoted last; "
                    + "delete the tags there that are not needed.",
            ],
            (await _fixture.ShowAsync([DevPlace], maximumVersions: 2)).Lines.Take(1));
    }

    [Fact]
    public async Task An_environment_that_cannot_be_read_gives_the_reason()
    {
        _fixture.Test.Before = (_, _) => throw new GantryException("GAN2003", "test.test:5000 denies access to app", "sign in");

        var shown = await _fixture.ShowAsync(
            [new PromotionTarget(new("prod") { Regions = ["west"] }, "west", PromotionFixture.TestAddress)]);

        Assert.Equal(["prod, west", "cannot be read"], shown.Rows[0].Take(2));
        Assert.Equal("prod, west: GAN2003: test.test:5000 denies access to app; sign in.", shown.Lines[0]);
    }

    [Fact]
    public async Task An_unreadable_record_is_a_problem_of_its_environment()
    {
        var release = await PromoteAsync("1.0.0");
        var broken = DocumentArtifact.Create(PromotionReferrer.ArtifactType, "{"u8, release.Images[0].Descriptor, new());
        await DocumentArtifact.PutAsync(_fixture.Dev["app"], broken, "{"u8.ToArray(), CancellationToken.None);

        Assert.Equal("GAN4045", Assert.Single((await ReadAsync()).Problems.Select(problem => problem.Code).Distinct()));
    }

    [Fact]
    public async Task A_row_has_version_date_person_and_digest()
    {
        await _fixture.PromoteAsync(
            _fixture.Request(await _fixture.PublishAsync("1.0.0", "app")) with { By = new() { Name = "Anna", RunId = "77" } });
        var digest = _fixture.Dev["app"].Tags["1.0.0"];

        Assert.Equal(
            [
                "dev", "1.0.0", "2026-01-02 03:04 UTC (1 day 2 hours)", "Anna (run 77)", "", "no", "0123456789ab", "77",
                $"app sha256:{digest.Short}",
            ],
            (await _fixture.ShowAsync([DevPlace], later: TimeSpan.FromHours(26))).Rows[0]);
        Assert.Equal(["dev", "none"], (await _fixture.ShowAsync([DevPlace], "2.0.0")).Rows[0].Take(2));
    }

    private async Task<Release> PromoteAsync(string version, params string[] images)
    {
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        var release = await _fixture.PublishAsync(version, images.Length == 0 ? ["app"] : images);
        await _fixture.PromoteAsync(BackTo(release));
        return release;
    }

    // These tests promote in any order. The reason counts only where a promotion goes back.
    private PromotionRequest BackTo(Release release) => _fixture.Request(release) with { GoBackReason = "the order of a test" };

    private Task<IReadOnlyList<PromotionRecord>> RecordsAsync(ReleaseImage image) =>
        PromotionReferrer.FindAsync(_fixture.Dev[image.Name], image.Digest, "dev", null, null, CancellationToken.None);

    private Task<EnvironmentStatus> ReadAsync(PromotionTarget? place = null, string? version = null, params string[] images) =>
        _fixture.ReadAsync(place ?? DevPlace, version, images);
}

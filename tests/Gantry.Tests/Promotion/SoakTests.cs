using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Promotion;

/// <summary>Since when a release is in the previous environment, whatever was promoted there besides and whatever records say.</summary>
public sealed class SoakTests
{
    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PromotionEnvironment Prod = new("prod") { After = Dev, Gates = [Gate.Soak(TimeSpan.FromHours(24))] };

    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task Going_back_to_a_good_release_keeps_its_soak_time()
    {
        var good = await PromoteAsync("1.0.0");
        Advance(hours: 23);
        var bad = await PromoteAsync("1.1.0");
        Advance(hours: 1);
        await ToDevAsync(good);

        Assert.Equal("in dev since 2026-01-02 03:04 UTC, over at 2026-01-03 03:04 UTC", await SoakedAsync(good));

        // The release that the environment went back from begins again, when it comes again.
        Advance(hours: 48);
        Assert.Equal(
            "GAN5002: the release '1.1.0' cannot go to prod yet: dev went back from it to 1.0.0 at 2026-01-03 03:04 UTC, so its soak time "
                + "of 1 day has not begun; promote it to dev again, or say why it cannot wait.",
            await RefusedAsync(bad));
        await ToDevAsync(bad);
        Assert.StartsWith(
            "GAN5002: the release '1.1.0' cannot go to prod yet: it has been in dev since 2026-01-05 03:04 UTC",
            await RefusedAsync(bad),
            StringComparison.Ordinal);
        Advance(hours: 24);
        Assert.StartsWith("in dev since 2026-01-05 03:04 UTC", await SoakedAsync(bad), StringComparison.Ordinal);
        Assert.StartsWith("in dev since 2026-01-02 03:04 UTC", await SoakedAsync(good), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_newer_ones_followed_keeps_its_soak_time()
    {
        var release = await PromoteAsync("1.0.0");
        Advance(hours: 1);
        await PromoteAsync("1.1.0");
        Advance(hours: 1);
        await PromoteAsync("1.0.1");
        Advance(hours: 22);

        Assert.StartsWith("in dev since 2026-01-02 03:04 UTC", await SoakedAsync(release), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_promotion_of_the_release_keeps_its_soak_time()
    {
        var release = await PromoteAsync("1.0.0", "app", "worker");
        _fixture.Dev["worker"].AddImage("another", "1.0.0");
        Advance(hours: 1);
        await _fixture.PromoteAsync(_fixture.Request(release, reason: "overwritten by mistake"));

        // It is the image whose tag was moved that was not there.
        Advance(hours: 23);
        Assert.Contains("since 2026-01-02 04:04 UTC", await RefusedAsync(release), StringComparison.Ordinal);
        Advance(hours: 1);
        await SoakedAsync(release);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "is before there were such images")]
    [InlineData("2025-06-01T00:00:00Z", "is before the release was published (2026-01-02 03:04 UTC)")]
    [InlineData("9999-12-31T23:59:59Z", "is in the future")]
    public async Task A_record_with_a_date_that_cannot_be_true_neither_holds_the_gate_nor_blocks_it(string date, string fault)
    {
        var release = await PromoteAsync("1.0.0");
        await ForgeAsync(release, date);

        Assert.Contains("it has been in dev since 2026-01-02 03:04 UTC", await RefusedAsync(release), StringComparison.Ordinal);
        Advance(hours: 24);
        var finding = await SoakedAsync(release);
        Assert.StartsWith("in dev since 2026-01-02 03:04 UTC, over at 2026-01-03 03:04 UTC; GAN4059: ", finding, StringComparison.Ordinal);
        Assert.EndsWith(fault, finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public async Task With_implausible_records_alone_the_release_is_not_in_the_environment_before(string date)
    {
        var release = await PromoteAsync("1.0.0");
        _fixture.Dev["app"].RemoveRecords();
        await ForgeAsync(release, date);

        var refused = await RefusedAsync(release);
        Assert.StartsWith("GAN4024: ", refused, StringComparison.Ordinal);
        Assert.Contains("GAN4059: ", refused, StringComparison.Ordinal);
        await ToDevAsync(release);
        Assert.StartsWith("GAN5002: ", await RefusedAsync(release), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_date_of_another_release_does_not_withdraw_this_one()
    {
        await ToDevAsync(await _fixture.PublishAsync("0.9.0", "app"));
        Advance(hours: 1);
        var release = await PromoteAsync("1.0.0");
        var other = _fixture.Dev["app"].Manifests[_fixture.Dev["app"].Tags["0.9.0"]].Descriptor;
        await _fixture.Dev["app"].AddRecordAsync(other, Record("0.9.0", other.Digest, "9999-12-31T23:59:59Z"));
        Advance(hours: 24);

        await SoakedAsync(release);
    }

    [Fact]
    public async Task Records_that_a_copy_brought_along_do_not_count()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.PromoteAsync(_fixture.Request(release, targets: PromotionFixture.TestAddress));
        await new ImageCopier(new CopyOptions(), new CopyProgress()).CopyAsync(
            [new() { Source = _fixture.Test["app"], Tag = "1.0.0", Targets = [new CopyTarget(_fixture.Dev["app"], "1.0.0")] }],
            CancellationToken.None);
        Advance(hours: 48);

        var refused = await RefusedAsync(release);

        Assert.StartsWith("GAN4024: ", refused, StringComparison.Ordinal);
        Assert.Contains(
            "dev.test:5000/app has its image, and no record of its promotion to dev; its records name another place: test.test:5000/app",
            refused,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_soak_time_beyond_all_dates_is_not_over()
    {
        var release = await PromoteAsync("1.0.0");
        var request = ToProd(release).To(Prod with { Gates = [Gate.Soak(TimeSpan.MaxValue)] });

        var refused = await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(request));
        Assert.Equal("GAN5002", refused.Code);
        Assert.EndsWith(" is out of range", refused.Problem, StringComparison.Ordinal);

        var plan = await _fixture.PlanAsync(request with { OverrideSoakReason = "the shop is down" });
        Assert.EndsWith("its end is out of range", Assert.Single(plan.Gates).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_list_of_tags_the_soak_time_is_unknown()
    {
        var release = await PromoteAsync("1.0.0");
        Advance(hours: 24);
        _fixture.Dev.Before = (call, _) => call.StartsWith("ListTags", StringComparison.Ordinal)
            ? throw new GantryException("GAN2003", "dev.test:5000 does not list tags", "sign in")
            : Task.CompletedTask;

        Assert.StartsWith("GAN5003: ", await RefusedAsync(release), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_more_versions_than_are_read_the_soak_time_is_unknown_and_can_be_overridden()
    {
        var release = await PromoteAsync("1.0.0");
        for (var patch = 1; patch <= 1000; patch++)
            _fixture.Dev["app"].Tags[$"2.0.{patch}"] = release.Images[0].Digest;
        Advance(hours: 24);

        var refused = await RefusedAsync(release);
        Assert.StartsWith("GAN5003: ", refused, StringComparison.Ordinal);
        Assert.Contains("dev has too many versions: 1 lower one not looked at", refused, StringComparison.Ordinal);
        var plan = await _fixture.PlanAsync(ToProd(release) with { OverrideSoakReason = "the shop is down" });
        Assert.Equal(GateVerdict.Overridden, Assert.Single(plan.Gates).Verdict);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tag_that_no_longer_points_to_the_image_ends_its_stay(bool removed)
    {
        var release = await PromoteAsync("1.0.0");
        Advance(hours: 24);
        await SoakedAsync(release);
        var there = "missing";
        if (removed)
            _fixture.Dev["app"].Tags.Clear();
        else
            there = _fixture.Dev["app"].AddImage("pushed by hand", "1.0.0").Descriptor.Digest.ToString();

        Assert.StartsWith("GAN4024: ", await RefusedAsync(release), StringComparison.Ordinal);

        // A dry run assumes that the release is there.
        var refused = (await Assert.ThrowsAsync<GantryException>(
            () => _fixture.PlanAsync(ToProd(release) with { AssumesBefore = true }))).Message;

        Assert.StartsWith("GAN5003: ", refused, StringComparison.Ordinal);
        Assert.Contains(
            $"dev.test:5000/app:1.0.0 is {there} now, and not {release.Images[0].Digest}", refused, StringComparison.Ordinal);
    }

    private Task ForgeAsync(Release release, string date) => _fixture.Dev["app"].AddRecordAsync(
        release.Images[0].Descriptor, Record(release.Version, release.Images[0].Digest, date));

    private static PromotionRecord Record(string version, Digest digest, string date) => new()
    {
        Environment = "dev",
        Version = version,
        Image = "app",
        Digest = digest,
        Promoted = DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture),
        By = new() { Name = "Mallory" },
        From = "base.test:5000/app",
        To = "dev.test:5000/app",
        Gates = [],
    };

    private void Advance(int hours) => _fixture.Time.Advance(TimeSpan.FromHours(hours));

    private async Task<Release> PromoteAsync(string version, params string[] images)
    {
        var release = await _fixture.PublishAsync(version, images.Length == 0 ? ["app"] : images);
        await ToDevAsync(release);
        return release;
    }

    private Task<PromotionOutcome> ToDevAsync(Release release) =>
        _fixture.PromoteAsync(_fixture.Request(release) with { GoBackReason = "the order of a test" });

    private PromotionRequest ToProd(Release release) => _fixture.Request(release, targets: PromotionFixture.TestAddress).To(Prod) with
    {
        Before = PromotionTarget.Of(Dev, PromotionFixture.DevAddress),
    };

    private async Task<string> RefusedAsync(Release release) =>
        (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(ToProd(release)))).Message;

    private async Task<string> SoakedAsync(Release release)
    {
        var gate = Assert.Single((await _fixture.PlanAsync(ToProd(release))).Gates);
        Assert.Equal(GateVerdict.Held, gate.Verdict);
        return gate.Finding!;
    }
}

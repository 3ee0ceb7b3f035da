using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Holds;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Tests.Promotion.Signed;
using Gantry.Testing;

namespace Gantry.Tests.Promotion.Returns;

/// <summary>Going back to a release that was there before, and the hold that keeps it there.</summary>
public sealed class ReturnTests : IDisposable
{
    private readonly PromotionFixture _fixture = new();
    private readonly SignedHouse _house = new(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task A_return_moves_no_byte_records_why_and_holds_the_environment()
    {
        var (older, newer) = await PromoteTwoAsync();

        var plan = await _fixture.PlanAsync(Return(older));
        Assert.Equal((0, "1.1.0", false), (plan.BytesToMove, plan.Images[0].RollsBackFrom, plan.IsHeld));
        Assert.Contains("  dev is held at 1.0.0 from then on", PromotionFormatter.Describe(plan));
        await ApplyAsync(plan);

        var record = Assert.IsType<PromotionRecord>((await _fixture.ReadAsync(Target)).Release?.Record);
        Assert.Equal(("1.0.0", "1.1.0", "it loses orders", null),
            (record.Version, record.WentBack?.From, record.WentBack?.Reason, record.WentBack?.Cause));
        Assert.Equal(PromotionRecord.SchemaWithoutLinks, record.Schema);
        var hold = (await HoldsAsync()).Open;
        Assert.Equal(("1.0.0", "it loses orders", HoldCause.Rollback), (hold?.Version, hold?.Reason, hold?.Cause));

        // The automatic promotions that follow: of what it went back from, and of a newer one.
        await AssertHeldAsync(newer);
        await AssertHeldAsync(await _fixture.PublishAsync("1.2.0", "app"));
    }

    [Fact]
    public async Task What_stays_is_promoted_again_without_meeting_its_hold()
    {
        var (older, _) = await PromoteTwoAsync();
        await ApplyAsync(await _fixture.PlanAsync(Return(older)));

        var again = await _fixture.PlanAsync(_fixture.Request(older));

        Assert.True(again.WritesNothing && !again.IsHeld);
        Assert.True((await _fixture.PlanAsync(Return(older))).WritesNothing);
    }

    [Fact]
    public async Task A_release_that_a_person_names_ends_the_hold()
    {
        var (older, _) = await PromoteTwoAsync();
        await ApplyAsync(await _fixture.PlanAsync(Return(older)));
        var next = await _fixture.PublishAsync("1.2.0", "app");

        var plan = await _fixture.PlanAsync(_fixture.Request(next) with { IsNamed = true });
        Assert.Contains(
            PromotionFormatter.Describe(plan),
            line => line.StartsWith("  ends the hold of dev, which is held at 1.0.0", StringComparison.Ordinal));
        await ApplyAsync(plan);

        var state = await HoldsAsync();
        Assert.Null(state.Open);
        Assert.Equal((HoldCause.Promotion, "1.2.0"), (state.Statements[0].Cause, state.Statements[0].Version));
        await ApplyAsync(await _fixture.PlanAsync(_fixture.Request(await _fixture.PublishAsync("1.3.0", "app"))));
    }

    [Fact]
    public async Task A_hold_that_was_set_after_the_plan_stops_it_even_when_the_release_is_named()
    {
        await PromoteTwoAsync();
        var plan = await _fixture.PlanAsync(_fixture.Request(await _fixture.PublishAsync("1.2.0", "app")) with { IsNamed = true });
        await new HoldWriter(_fixture.Repositories, _fixture.Time).SetAsync(
            Target, ["app"], new() { By = "Anna", Reason = "a freeze" }, signer: null, default);

        var outcome = await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, default);

        Assert.Equal("GAN4602", Assert.Throws<GantryException>(outcome.ThrowIfFailed).Code);
        Assert.Null(await _fixture.Dev["app"].FindTagAsync("1.2.0", default));
    }

    [Fact]
    public async Task A_frozen_environment_ends_where_a_person_ends_it()
    {
        var (_, newer) = await PromoteTwoAsync();
        var writer = new HoldWriter(_fixture.Repositories, _fixture.Time);
        await writer.SetAsync(Target, ["app"], new() { By = "Anna", Reason = "a freeze", Version = newer.Version }, signer: null, default);
        var next = await _fixture.PublishAsync("1.2.0", "app");
        await AssertHeldAsync(next);
        Assert.True((await _fixture.PlanAsync(_fixture.Request(newer))).WritesNothing);

        await writer.ReleaseAsync(Target, ["app"], new() { By = "Ben", Reason = "over" }, signer: null, default);

        await ApplyAsync(await _fixture.PlanAsync(_fixture.Request(next)));
    }

    [Fact]
    public async Task A_release_that_is_not_older_is_no_way_back()
    {
        await PromoteTwoAsync();
        var next = await _fixture.PublishAsync("1.2.0", "app");

        Assert.Equal("GAN4610", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(Return(next)))).Code);
        Assert.Equal("GAN4608", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(
            Return(next) with { Targets = PromotionTarget.Of(new("test"), PromotionFixture.TestAddress) }))).Code);
    }

    public static TheoryData<string, string?> Histories => new()
    {
        { "a", null },
        { "a b", "a" },
        { "a b b", "a" },
        { "a b c", "b" },
        { "a b a", null },
        { "a b c b", "a" },
        { "a b c b d", "b" },
        { "a b c b c", "b" },
        { "a b c a d", "a" },
        { "", null },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public void The_release_before_is_the_one_that_was_not_gone_back_from(string promotions, string? before)
    {
        var time = DateTimeOffset.UnixEpoch;
        var history = promotions.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((version, number) => new RecordedPromotion(version, time.AddHours(number)))
            .Reverse()
            .ToList();

        Assert.Equal(before, EarlierReleaseFinder.FindBefore(history));
    }

    [Fact]
    public async Task Going_back_twice_without_a_name_completes_the_first_one()
    {
        var (older, _) = await PromoteTwoAsync();
        Assert.Equal("1.0.0", await FindAsync(Target));
        await ApplyAsync(await _fixture.PlanAsync(Return(older)));

        Assert.Equal("1.0.0", await FindAsync(Target));
    }

    [Fact]
    public async Task Regions_that_do_not_agree_are_named()
    {
        var environment = new PromotionEnvironment("dev") { Regions = ["west", "north"] };
        var targets = PromotionTarget.Of(environment, PromotionFixture.DevAddress, PromotionFixture.TestAddress);
        foreach (var (version, regions) in new[] { ("1.0.0", 2), ("1.1.0", 1), ("1.2.0", 2) })
        {
            var request = _fixture.Request(await _fixture.PublishAsync(version, "app")) with { Targets = [.. targets.Take(regions)] };
            await _fixture.PromoteAsync(request);
            _fixture.Time.Advance(TimeSpan.FromHours(1));
        }

        var thrown = await Assert.ThrowsAsync<GantryException>(() => FindAsync([.. targets]));

        Assert.Equal("GAN4609", thrown.Code);
        Assert.Contains("dev, west: 1.1.0; dev, north: 1.0.0", thrown.Message, StringComparison.Ordinal);
        Assert.Equal("1.1.0", await FindAsync(targets[0]));
    }

    [Fact]
    public async Task Soak_times_and_the_environment_before_do_not_block_the_way_back_and_other_gates_are_asked()
    {
        var test = new PromotionEnvironment("test")
        {
            After = new PromotionEnvironment("dev"),
            Gates = [Gate.Soak(TimeSpan.FromHours(24)), Gate.Approval("QA")],
        };
        var releases = new List<Release>();
        foreach (var version in (string[])["1.0.0", "1.1.0"])
        {
            var release = await _fixture.PublishAsync(version, "app");
            await _fixture.PromoteAsync(_fixture.Request(release));
            _fixture.Time.Advance(TimeSpan.FromHours(25));
            await _fixture.PromoteAsync(ToTest(release));
            releases.Add(release);
        }

        // Meanwhile the previous environment went back, so the stay of the older release began anew there, or ended.
        _fixture.Dev["app"].Tags.Remove("1.0.0", out _);

        var plan = await _fixture.PlanAsync(ToTest(releases[0]) with { Returns = true, GoBackReason = "it loses orders" });

        Assert.Equal([GateVerdict.Held, null], plan.Gates.Select(gate => gate.Verdict));
        Assert.StartsWith("passed before: the release was promoted to test at 2026-", plan.Gates[0].Finding, StringComparison.Ordinal);
        Assert.True(plan.AwaitsDecision);
        await ApplyAsync(plan);

        // What has never been there is asked for everything.
        var other = ToTest(await _fixture.PublishAsync("0.9.0", "app")) with { Returns = true, GoBackReason = "it loses orders" };
        Assert.Equal("GAN4024", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(other))).Code);

        PromotionRequest ToTest(Release release) => _fixture.Request(release) with
        {
            Targets = PromotionTarget.Of(test, PromotionFixture.TestAddress),
            Before = PromotionTarget.Of(new("dev"), PromotionFixture.DevAddress),
        };
    }

    [Fact]
    public async Task An_image_that_is_gone_is_copied_again_by_a_return_to_a_named_release()
    {
        var (older, _) = await PromoteTwoAsync();
        _fixture.Dev["app"].Tags.Remove("1.0.0", out _);
        _fixture.Dev["app"].Manifests.Remove(older.Images[0].Digest, out _);

        await ApplyAsync(await _fixture.PlanAsync(Return(older)));

        Assert.Equal(older.Images[0].Digest, _fixture.Dev["app"].Tags["1.0.0"]);
        Assert.Equal("1.0.0", (await _fixture.ReadAsync(Target)).Release?.Version);
    }

    [Fact]
    public async Task A_return_stopped_at_any_call_is_held_or_did_nothing_and_the_next_completes_it()
    {
        var probe = new ReturnTests();
        var (release, _) = await probe.PromoteTwoAsync("app", "worker");
        probe._fixture.Dev.Calls.Clear();
        await probe.ApplyAsync(await probe._fixture.PlanAsync(probe.Return(release)));
        var calls = probe._fixture.Dev.Calls.Count;

        for (var stopAt = 0; stopAt < calls; stopAt++)
        {
            var tests = new ReturnTests();
            var fixture = tests._fixture;
            var (older, newer) = await tests.PromoteTwoAsync("app", "worker");
            using var stop = new CancellationTokenSource();
            var left = stopAt;
            fixture.Dev.Before = (_, _) => Interlocked.Decrement(ref left) < 0 ? stop.CancelAsync() : Task.CompletedTask;

            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                var plan = await new PromotionPlanner(fixture.Repositories, fixture.Time).PlanAsync(tests.Return(older), stop.Token);
                await new Promoter { Time = fixture.Time }.ApplyAsync(plan, stop.Token);
            });
            fixture.Dev.Before = (_, _) => Task.CompletedTask;
            foreach (var repository in fixture.Dev.Repositories)
                repository.AssertComplete();

            // Either nothing has happened, or the environment is held, so that nothing comes in between.
            var current = (await fixture.ReadAsync(Target, null, "app", "worker")).Release?.Version;
            var open = (await tests.HoldsAsync("app", "worker")).Open;
            Assert.True(open is not null || current == newer.Version, $"stopped at call {stopAt}: not held at {current}");
            Assert.Equal("1.0.0", await tests.FindAsync(["app", "worker"], Target));
            await tests.ApplyAsync(await fixture.PlanAsync(tests.Return(older)));
            Assert.Equal("1.0.0", (await fixture.ReadAsync(Target, null, "app", "worker")).Release?.Version);
            Assert.Equal("1.0.0", (await tests.HoldsAsync("app", "worker")).Open?.Version);
        }
    }

    [Fact]
    public async Task A_signed_return_names_what_the_release_was_verified_with_when_it_came()
    {
        var older = await _house.PromotedToDevAsync("1.0.0");
        await _house.PromoteAsync(await _house.ToTestAsync(older));
        _house.Time.Advance(TimeSpan.FromHours(1));
        var newer = await _house.PromotedToDevAsync("1.1.0");
        await _house.PromoteAsync(await _house.ToTestAsync(newer));
        _house.Time.Advance(TimeSpan.FromHours(1));
        var first = VerificationSummary.Read((await _house.PromotionsAsync("test", older.Images[0].Digest))[0]);

        // Without the key of test, the hold cannot be set, so nothing is written.
        Assert.Equal("GAN4228", (await Assert.ThrowsAsync<GantryException>(async () => await _house.PlanAsync(
            await _house.ToTestAsync(older) with { Returns = true, GoBackReason = "it fails", Signer = _house.AttackerKey }))).Code);

        await _house.PromoteAsync(await _house.ToTestAsync(older) with { Returns = true, GoBackReason = "it loses orders" });

        var last = VerificationSummary.Read((await _house.PromotionsAsync("test", older.Images[0].Digest))[0]);
        Assert.Equal(("PASSED", "1.1.0"), (last.VerificationResult, last.Record.WentBack?.From));
        Assert.Equal(first.InputAttestations!.Select(input => input.Name), last.InputAttestations!.Select(input => input.Name));
        var target = await _house.TestTargetAsync();
        Assert.NotNull((await new HoldReader(_house.Client, _house.Time).ReadAsync(target, _house.Images, default)).Open);
    }

    [Fact]
    public async Task A_list_of_promotions_that_nobody_signed_does_not_lead_the_way_back()
    {
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0"])
        {
            await _house.PromotedToDevAsync(version);
            _house.Time.Advance(TimeSpan.FromHours(1));
        }

        // Someone who may push lists the oldest one as promoted just before the current one.
        var release = await new ReleaseFinder(_house.Client, _house.Time).FindAsync(
            _house.AddressOf("base"), _house.Images, "1.0.0", digest: null, default);
        foreach (var image in release.Images)
        {
            var summary = await _house.SummaryAsync(release, image.Name);
            var forged = summary with { Record = summary.Record with { Promoted = _house.Time.GetUtcNow().AddMinutes(-90) } };
            await _house.Open("dev", image.Name).PutAsync(forged, image.Descriptor, _house.AttackerKey);
        }

        Assert.Equal("1.1.0", await new EarlierReleaseFinder(_house.Client, _house.Time).FindAsync(
            [await _house.DevTargetAsync()], _house.Images, default));
    }

    private static PromotionTarget Target => PromotionTarget.Of(new("dev"), PromotionFixture.DevAddress)[0];

    private PromotionRequest Return(Release release) =>
        _fixture.Request(release) with { Returns = true, GoBackReason = "it loses orders" };

    private async Task<(Release Older, Release Newer)> PromoteTwoAsync(params string[] images)
    {
        images = images.Length == 0 ? ["app"] : images;
        var older = await _fixture.PublishAsync("1.0.0", images);
        await _fixture.PromoteAsync(_fixture.Request(older));
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        var newer = await _fixture.PublishAsync("1.1.0", images);
        await _fixture.PromoteAsync(_fixture.Request(newer));
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        return (older, newer);
    }

    private async Task ApplyAsync(PromotionPlan plan) =>
        (await new Promoter { Time = _fixture.Time }.ApplyAsync(
            plan.AwaitsDecision ? plan.Approve("asked for by a test") : plan, default)).ThrowIfFailed();

    private Task<HoldState> HoldsAsync(params string[] images) =>
        new HoldReader(_fixture.Repositories, _fixture.Time).ReadAsync(Target, images.Length == 0 ? ["app"] : images, default);

    private Task<string> FindAsync(params PromotionTarget[] targets) => FindAsync(["app"], targets);

    private Task<string> FindAsync(string[] images, params PromotionTarget[] targets) =>
        new EarlierReleaseFinder(_fixture.Repositories, _fixture.Time).FindAsync(targets, images, default);

    private async Task AssertHeldAsync(Release release)
    {
        var writes = _fixture.Dev.Count("Put");
        var plan = await _fixture.PlanAsync(_fixture.Request(release));
        Assert.True(plan.IsHeld);
        Assert.Equal("Nothing is written.", PromotionFormatter.Describe(plan).Last());
        var thrown = await Assert.ThrowsAsync<GantryException>(() => new Promoter().ApplyAsync(plan, default));
        Assert.Equal("GAN4601", thrown.Code);
        Assert.Equal(writes, _fixture.Dev.Count("Put"));
    }
}

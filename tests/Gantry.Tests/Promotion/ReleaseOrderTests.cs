using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Deployments;

namespace Gantry.Tests.Promotion;

/// <summary>No older release replaces a newer one in an environment without a person's reason.</summary>
public sealed class ReleaseOrderTests
{
    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PromotionEnvironment Prod = new("prod") { After = Dev };

    private readonly PromotionFixture _fixture = new();

    public static TheoryData<string, string, string?> OfVersions => new()
    {
        // current, promoted, relation when that is a return
        { "1.0.0", "1.0.1", null },
        { "1.9.0", "1.10.0", null },
        { "1.0.0-rc.1", "1.0.0", null },
        { "1.0.0-rc.9", "1.0.0-rc.10", null },
        { "1.0.0-34.dirty-b", "1.0.0-35.dirty-a", null },
        { "1.0.1", "1.0.0", "is lower than" },
        { "1.10.0", "1.9.0", "is lower than" },
        { "1.0.0", "1.0.0-rc.1", "is lower than" },
        { "1.0.0-rc.10", "1.0.0-rc.9", "is lower than" },
        { "1.0.0-alpha.1", "1.0.0-alpha", "is lower than" },
        { "2.0.0+build.1", "1.0.0+build.9", "is lower than" },
    };

    [Theory]
    [MemberData(nameof(OfVersions))]
    public async Task Semantic_versions_are_ordered_by_precedence(string current, string version, string? relation)
    {
        // Published and there the other way round, which does not matter.
        var other = await PublishAsync(version);
        await ToDevAsync(await PublishAsync(current), "the order of a test");

        await AssertOrderAsync(_fixture.Request(other), current, relation);
    }

    [Theory]
    [InlineData("nightly-b", "nightly-a")]
    [InlineData("1.0.0", "nightly-a")]
    [InlineData("nightly-a", "1.0.0")]
    [InlineData("1.0.0+b", "1.0.0+a")]
    [InlineData("1.0.0-34.dirty-b", "1.0.0-34.dirty-a")]
    public async Task Without_a_precedence_the_order_of_publication_decides_in_the_first_environment(string first, string second)
    {
        var older = await PublishAsync(first);
        var newer = await PublishAsync(second);
        await ToDevAsync(newer);

        await AssertOrderAsync(_fixture.Request(older), second, "was published before");
        await AssertOrderAsync(_fixture.Request(await PublishAsync(first + "-next")), second, relation: null);
    }

    [Fact]
    public async Task Without_a_precedence_a_release_that_was_there_before_is_older()
    {
        // Published in the other order.
        var second = await PublishAsync("nightly-b");
        var first = await PublishAsync("nightly-a");
        await ToDevAsync(first);
        await ToDevAsync(second, "tried out");

        await AssertOrderAsync(_fixture.Request(first), "nightly-b", "was there before");
        await ToDevAsync(first, "nightly-b fails");

        // The way forward again is no return.
        await AssertOrderAsync(_fixture.Request(second), "nightly-a", relation: null);
    }

    [Fact]
    public async Task Without_a_precedence_the_order_in_the_environment_before_decides()
    {
        var second = await PublishAsync("nightly-a");
        var first = await PublishAsync("nightly-b");
        await ToDevAsync(first);
        await ToDevAsync(second, "tried out");
        await _fixture.PromoteAsync(ToProd(second));

        await AssertOrderAsync(ToProd(first), "nightly-a", "came to dev before");
        var third = await PublishAsync("nightly-0");
        await ToDevAsync(third);
        await AssertOrderAsync(ToProd(third), "nightly-a", relation: null);
    }

    public static TheoryData<string, string> Unknown => new()
    {
        { "the current release was removed from the base registry", "cannot be read" },
        { "both were published in the same second", "in the same second" },
        { "the previous environment has no record of the current release", "no records show which of them came to dev first" },
    };

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task An_order_that_is_not_known_needs_a_reason(string name, string reason)
    {
        var first = await PublishAsync("nightly-a");
        var second = name.Contains("same second", StringComparison.Ordinal)
            ? await _fixture.PublishAsync("nightly-b", "app")
            : await PublishAsync("nightly-b");
        var request = _fixture.Request(second);
        await ToDevAsync(first);
        if (name.Contains("previous", StringComparison.Ordinal))
        {
            await _fixture.PromoteAsync(ToProd(first));
            await ToDevAsync(second);
            _fixture.Dev["app"].RemoveRecords();
            await ToDevAsync(second);
            request = ToProd(second);
        }
        else if (name.Contains("removed", StringComparison.Ordinal))
        {
            _fixture.Base["app"].Tags.TryRemove("nightly-a", out _);
        }

        var refused = await SampleOrders.AssertErrorAsync("GAN4067", () => _fixture.PlanAsync(request));

        Assert.Contains(reason, refused.Problem, StringComparison.Ordinal);
        Assert.Contains("'nightly-b' is older than 'nightly-a'", refused.Problem, StringComparison.Ordinal);
        Assert.Equal([RemedyAction.GoBack], refused.Actions);
        await _fixture.PromoteAsync(request with { GoBackReason = "it is newer" });
    }

    [Theory]
    [InlineData("ListTags")]
    [InlineData("HeadTag app:1.1.0")]
    [InlineData("ListReferrers")]
    public async Task What_cannot_be_read_refuses_and_is_not_taken_for_an_empty_environment(string call)
    {
        await ToDevAsync(await PublishAsync("1.1.0"));
        var older = await PublishAsync("1.0.0");
        _fixture.Dev.Before = (made, _) => made.StartsWith(call, StringComparison.Ordinal)
            ? throw new GantryException("GAN2005", "dev.test:5000 answers 500", "try again later")
            : Task.CompletedTask;

        await SampleOrders.AssertErrorAsync("GAN2005", () => _fixture.PlanAsync(_fixture.Request(older)));
    }

    [Fact]
    public async Task A_version_that_was_not_read_may_be_the_current_one()
    {
        var release = await PublishAsync("2.0.0");
        await ToDevAsync(release);
        for (var patch = 1; patch <= 1000; patch++)
            _fixture.Dev["app"].Tags[$"3.0.{patch}"] = release.Images[0].Digest;

        await SampleOrders.AssertErrorAsync("GAN4067", () => _fixture.PlanAsync(_fixture.Request(release)));
    }

    [Fact]
    public async Task Lower_versions_are_not_read_however_many_there_are()
    {
        await ToDevAsync(await PublishAsync("1.0.0"));
        foreach (var patch in Enumerable.Range(1, 200))
            _fixture.Dev["app"].Tags[$"1.0.{patch}"] = _fixture.Dev["app"].Tags["1.0.0"];
        var newer = await PublishAsync("1.1.0");
        _fixture.Dev.Calls.Clear();

        await _fixture.PromoteAsync(_fixture.Request(newer));

        Assert.Equal(2, _fixture.Dev.Count("ListTags"));
        Assert.Equal(0, _fixture.Dev.Count("HeadTag app:1.0."));
    }

    [Fact]
    public async Task One_region_with_a_newer_release_is_enough()
    {
        var environment = new PromotionEnvironment("stage") { Regions = ["west", "east"] };
        var older = await PublishAsync("1.0.0");
        var newer = await PublishAsync("1.1.0");
        var both = _fixture.Request(older, targets: [PromotionFixture.DevAddress, PromotionFixture.TestAddress]).To(environment);
        await _fixture.PromoteAsync(both with { Release = newer, Targets = [both.Targets[1]] });

        var error = await SampleOrders.AssertErrorAsync("GAN4066", () => _fixture.PlanAsync(both));

        Assert.Contains("cannot go to stage, east", error.Problem, StringComparison.Ordinal);
        var plan = await _fixture.PlanAsync(both with { GoBackReason = "1.1.0 fails" });
        Assert.Equal([null, "1.1.0"], plan.Images.Select(image => image.RollsBackFrom));
        await _fixture.PromoteAsync(plan.Request);
        Assert.Equal((null, "1.1.0"), ((await RecordAsync("west")).WentBack?.From, (await RecordAsync("east")).WentBack?.From));

        async Task<PromotionRecord> RecordAsync(string region) => (await PromotionReferrer.FindAsync(
            (region == "west" ? _fixture.Dev : _fixture.Test)["app"], older.Images[0].Digest, "stage", region, "1.0.0",
            CancellationToken.None))[0];
    }

    [Fact]
    public async Task A_return_is_recorded_with_its_reason_and_the_release_before()
    {
        var older = await PublishAsync("1.0.0");
        await ToDevAsync(await PublishAsync("1.1.0"));

        await ToDevAsync(older, "1.1.0 loses orders");

        var record = Assert.Single(await RecordsAsync(older));
        Assert.Equal((2, new WentBack { From = "1.1.0", Reason = "1.1.0 loses orders" }), (record.Schema, record.WentBack));
        Assert.Equal("1.0.0", (await CurrentAsync())!);

        // Again, it moves nothing and records nothing.
        var plan = await _fixture.PlanAsync(_fixture.Request(older));
        Assert.True(plan.WritesNothing);
    }

    [Fact]
    public async Task A_reason_that_is_not_needed_is_not_recorded()
    {
        await ToDevAsync(await PublishAsync("1.0.0"));
        var newer = await PublishAsync("1.1.0");

        await ToDevAsync(newer, "just in case");

        Assert.Null(Assert.Single(await RecordsAsync(newer)).WentBack);
    }

    [Theory]
    [InlineData("1.0.0", null, "GAN4066")]
    [InlineData("1.0.0", "1.1.0 fails", "GAN4068")]
    [InlineData("1.3.0", null, null)]
    public async Task Another_release_that_arrives_while_images_are_copied_is_not_overtaken(string version, string? reason, string? code)
    {
        if (reason is not null)
            await ToDevAsync(await PublishAsync("1.1.0"));
        var release = await PublishAsync(version);
        var plan = (await _fixture.PlanAsync(_fixture.Request(release) with { GoBackReason = reason })).Approve("a test");
        await ToDevAsync(await PublishAsync("1.2.0"));

        var outcome = await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, CancellationToken.None);

        Assert.Equal(code, (outcome.Targets[0].Error as GantryException)?.Code);
        Assert.Equal(code is null ? version : "1.2.0", await CurrentAsync());
        Assert.Equal(code is null, _fixture.Dev["app"].Tags.ContainsKey(version));
    }

    [Theory]
    [InlineData("1.1.0", "1.2.0", "'1.1.0' was current in dev; now '1.2.0' is")]
    [InlineData("0.9.0", "1.2.0", "no newer release was current in dev; now '1.2.0' is")]
    [InlineData("1.1.0", "1.0.0", "'1.1.0' was current in dev; now no newer release is")]
    public async Task A_change_of_the_order_names_the_releases_then_and_now(string then, string now, string changed)
    {
        await ToDevAsync(await PublishAsync(then));
        var release = await PublishAsync("1.0.0");
        var request = _fixture.Request(release) with { GoBackReason = "it fails" };
        var plan = (await _fixture.PlanAsync(request)).Approve("a test");
        await ToDevAsync(now == "1.0.0" ? release : await PublishAsync(now), "meanwhile");

        var outcome = await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, CancellationToken.None);

        var error = Assert.IsType<GantryException>(outcome.Targets[0].Error);
        Assert.Equal(("GAN4068", $"when the plan for the release '1.0.0' was made, {changed}"), (error.Code, error.Problem));
    }

    // A step of a random sequence: a release, new or not, goes to an environment, if it may.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task No_sequence_of_promotions_without_a_reason_lowers_an_environment(int seed)
    {
        var random = new Random(seed);
        string[] versions =
        [
            "1.0.0-rc.1", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.1", "1.1.0", "1.9.0", "1.10.0", "2.0.0-beta", "2.0.0",
        ];
        var releases = new List<Release>();
        foreach (var version in versions.OrderBy(_ => random.Next()))
            releases.Add(await PublishAsync(version));
        var (moved, refused) = (0, 0);
        string? highest = null;

        for (var step = 0; step < 40; step++)
        {
            _fixture.Time.Advance(TimeSpan.FromSeconds(random.Next(2)));
            var release = releases[random.Next(releases.Count)];
            try
            {
                await _fixture.PromoteAsync(_fixture.Request(release));
                moved++;
            }
            catch (GantryException error) when (error.Code == "GAN4066")
            {
                refused++;
            }

            var current = (await CurrentAsync())!;
            Assert.True(highest is null || VersionComparer.ComparePrecedence(current, highest) >= 0, $"{highest} became {current}");
            highest = current;
        }

        Assert.True(moved > 1 && refused > 1, $"{moved} moved, {refused} refused");
    }

    private async Task AssertOrderAsync(PromotionRequest request, string current, string? relation)
    {
        if (relation is null)
        {
            Assert.All((await _fixture.PlanAsync(request)).Images, image => Assert.Null(image.RollsBackFrom));
            return;
        }

        var (version, name) = (request.Release.Version, request.Environment.Name);
        var error = await SampleOrders.AssertErrorAsync("GAN4066", () => _fixture.PlanAsync(request));
        Assert.Equal(
            $"the release '{version}' cannot go to {name}: it {relation} '{current}', which is the current release there", error.Problem);
        Assert.Equal([RemedyAction.GoBack], error.Actions);
        await SampleOrders.AssertErrorAsync("GAN4066", () => _fixture.PlanAsync(request with { GoBackReason = " " }));
        var plan = await _fixture.PlanAsync(request with { GoBackReason = "it fails" });
        Assert.Equal([current], plan.Images.Select(image => image.RollsBackFrom));
        Assert.Contains($"  {name} goes back from {current} because: it fails", PromotionFormatter.Describe(plan));
    }

    private async Task<Release> PublishAsync(string version)
    {
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        return await _fixture.PublishAsync(version, "app");
    }

    private async Task ToDevAsync(Release release, string? reason = null)
    {
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await _fixture.PromoteAsync(_fixture.Request(release) with { GoBackReason = reason });
    }

    private PromotionRequest ToProd(Release release) => _fixture.Request(release, targets: PromotionFixture.TestAddress).To(Prod) with
    {
        Before = PromotionTarget.Of(Dev, PromotionFixture.DevAddress),
    };

    private async Task<string?> CurrentAsync() =>
        (await _fixture.ReadAsync(new PromotionTarget(Dev, Region: null, PromotionFixture.DevAddress))).Release?.Version;

    private Task<IReadOnlyList<PromotionRecord>> RecordsAsync(Release release) => PromotionReferrer.FindAsync(
        _fixture.Dev["app"], release.Images[0].Digest, "dev", region: null, release.Version, CancellationToken.None);
}

using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Promotion;

public sealed class PromoterTests
{
    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task A_release_is_promoted_by_digest_and_a_repetition_moves_nothing()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");

        var outcome = await _fixture.PromoteAsync(_fixture.Request(release));

        Assert.All(release.Images, image => Assert.Equal(image.Digest, _fixture.Dev[image.Name].Tags["1.0.0"]));
        Assert.Equal(2 * (3 + 2), outcome.Targets[0].Images.Sum(image => image.BlobsUploaded + image.BlobsMounted));
        _fixture.Dev.Calls.Clear();

        var plan = await _fixture.PlanAsync(_fixture.Request(release));
        Assert.True(plan.NothingMoves);
        Assert.True((await new Promoter().ApplyAsync(plan, CancellationToken.None)).Targets[0].Images.All(image => image.NothingMoved));
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    [Fact]
    public async Task Bytes_that_images_share_are_planned_once()
    {
        string[] names = ["app", "worker"];
        var release = await _fixture.PublishAsync(_fixture.Build("1.0.0") with
        {
            Images = [.. names.Select(name => _fixture.BuildImage(name, "same"))],
        });

        var plan = await _fixture.PlanAsync(_fixture.Request(release));

        Assert.Equal(2, plan.Images.Count);
        Assert.Equal(plan.Images[0].BytesToMove, plan.BytesToMove);
        Assert.True(plan.BytesToMove > 0);
    }

    [Fact]
    public async Task The_release_is_found_at_the_target_by_its_copied_record()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");

        await _fixture.PromoteAsync(_fixture.Request(release));

        Assert.True((await _fixture.Dev.FindAsync("1.0.0")).HasSameContent(release));
    }

    [Fact]
    public async Task A_plan_lists_what_moves_and_what_is_there()
    {
        var first = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.PromoteAsync(_fixture.Request(first));
        var image = _fixture.Workshop["app"].AddImage("app 1.0.0", layers: 3);
        var release = await _fixture.PublishAsync(
            _fixture.Build("1.1.0") with { Images = [new("app", _fixture.Workshop["app"], new(image, [], null, false))] });
        _fixture.Dev.Calls.Clear();

        var plan = await _fixture.PlanAsync(_fixture.Request(release));

        var planned = Assert.Single(plan.ImagePlans);
        Assert.Equal(
            (TagChange.Created, 1, 1), (planned.Tag, planned.Manifests.Count, planned.Blobs.Count(blob => blob.Action == BlobAction.Move)));
        Assert.Equal("app 1.0.0 layer 2".Length, plan.BytesToMove);
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    [Fact]
    public async Task A_base_tag_that_moved_stops_the_promotion()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var plan = await _fixture.PlanAsync(_fixture.Request(release));
        _fixture.Base["app"].AddImage("something else", "1.0.0");

        Assert.Equal(
            "GAN4021", (await Assert.ThrowsAsync<GantryException>(() => new Promoter().ApplyAsync(plan, CancellationToken.None))).Code);
        Assert.Equal("GAN4021", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(_fixture.Request(release)))).Code);
        _fixture.Base["app"].Tags.Clear();
        Assert.Equal("GAN4021", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(_fixture.Request(release)))).Code);
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    [Fact]
    public async Task A_target_that_changed_since_the_plan_stops_the_promotion()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var plan = await _fixture.PlanAsync(_fixture.Request(release));
        _fixture.Dev["app"].AddImage("written meanwhile", "1.0.0");

        var outcome = await new Promoter().ApplyAsync(plan, CancellationToken.None);

        Assert.Equal("GAN4022", Assert.Throws<GantryException>(outcome.ThrowIfFailed).Code);
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    [Theory]
    [InlineData("PutBlob")]
    [InlineData("PutManifest")]
    public async Task A_tag_written_by_others_during_the_copy_is_not_overwritten(string during)
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");
        var plan = await _fixture.PlanAsync(_fixture.Request(release));
        _fixture.Dev.Before = (call, _) =>
        {
            if (call.StartsWith(during, StringComparison.Ordinal) && !_fixture.Dev["worker"].Tags.ContainsKey("1.0.0"))
                _fixture.Dev["worker"].AddImage("of the other promotion", "1.0.0");
            return Task.CompletedTask;
        };

        var outcome = await new Promoter().ApplyAsync(plan, CancellationToken.None);

        Assert.Equal("GAN4022", Assert.Throws<GantryException>(outcome.ThrowIfFailed).Code);
        Assert.NotEqual(release.Images[1].Digest, _fixture.Dev["worker"].Tags["1.0.0"]);
        Assert.Empty(_fixture.Dev["app"].Tags);
    }

    [Fact]
    public async Task A_tag_of_another_image_moves_only_with_a_reason_that_is_reported()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        _fixture.Dev["app"].AddImage("pushed by hand", "1.0.0");

        Assert.Equal("GAN4035", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(_fixture.Request(release)))).Code);

        var outcome = await _fixture.PromoteAsync(_fixture.Request(release, reason: "pushed by mistake"));
        Assert.Equal(release.Images[0].Digest, _fixture.Dev["app"].Tags["1.0.0"]);
        Assert.Contains("because: pushed by mistake", string.Join('\n', PromotionFormatter.Describe(outcome)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_cannot_be_skipped()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var request = _fixture.Request(release, targets: PromotionFixture.TestAddress).To(new("test") { After = new("dev") }) with
        {
            Before = PromotionTarget.Of(new("dev"), PromotionFixture.DevAddress),
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(request));
        Assert.Equal(("GAN4024", "promote it to dev first"), (error.Code, error.Remedy));
        Assert.EndsWith(
            $"under its tag, {PromotionFixture.DevAddress}/app has nothing, not {release.Images[0].Digest}",
            error.Problem,
            StringComparison.Ordinal);

        await _fixture.PromoteAsync(_fixture.Request(release));
        await _fixture.PromoteAsync(request);
        Assert.Equal(release.Images[0].Digest, _fixture.Test["app"].Tags["1.0.0"]);
    }

    [Theory]
    [InlineData("dev has the base registry")]
    [InlineData("dev and test share a registry")]
    [InlineData("all share a registry")]
    public async Task An_environment_that_shares_a_registry_cannot_be_skipped(string name)
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var dev = new PromotionEnvironment("dev");
        var test = new PromotionEnvironment("test") { After = dev };
        var devAddress = name.Contains("share", StringComparison.Ordinal) && !name.StartsWith("all", StringComparison.Ordinal)
            ? PromotionFixture.DevAddress
            : PromotionFixture.BaseAddress;
        var testAddress = name.StartsWith("dev has", StringComparison.Ordinal) ? PromotionFixture.TestAddress : devAddress;
        var toDev = _fixture.Request(release, targets: devAddress);
        var toTest = _fixture.Request(release, targets: testAddress).To(test) with { Before = toDev.Targets };
        var toProd = _fixture.Request(release, targets: PromotionFixture.TestAddress).To(new("prod") { After = test }) with
        {
            Before = toTest.Targets,
        };

        Assert.Equal("GAN4024", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(toTest))).Code);
        await _fixture.PromoteAsync(toDev);
        Assert.Equal("GAN4024", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(toProd))).Code);
        await _fixture.PromoteAsync(toTest);
        await _fixture.PromoteAsync(toProd);
    }

    [Fact]
    public async Task The_release_must_be_in_every_region_of_the_environment_before()
    {
        var stage = new PromotionEnvironment("stage") { Regions = ["west", "east"] };
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var toStage = _fixture.Request(release, targets: [PromotionFixture.DevAddress, PromotionFixture.BaseAddress]).To(stage);
        var toProd = _fixture.Request(release, targets: PromotionFixture.TestAddress).To(new("prod") { After = stage }) with
        {
            Before = toStage.Targets,
        };
        await _fixture.PromoteAsync(toStage with { Targets = [toStage.Targets[1]] });

        var error = await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(toProd));

        Assert.Equal("GAN4024", error.Code);
        Assert.Contains("dev.test:5000/app has nothing", error.Problem, StringComparison.Ordinal);
        await _fixture.PromoteAsync(toStage);
        await _fixture.PromoteAsync(toProd);
    }

    public static TheoryData<string, string[]> Incomplete => new()
    {
        { "no registry", [] },
        { "one region of two", ["stage/west"] },
        { "one region twice", ["stage/west", "stage/west"] },
        { "another environment", ["dev/west", "dev/east"] },
        { "an environment without regions", ["stage/"] },
    };

    [Theory]
    [MemberData(nameof(Incomplete))]
    public async Task No_registry_of_the_environment_before_can_be_left_out(string name, string[] given)
    {
        _ = name;
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var stage = new PromotionEnvironment("stage") { Regions = ["west", "east"] };
        var request = _fixture.Request(release, targets: PromotionFixture.TestAddress).To(new("prod") { After = stage }) with
        {
            Before =
            [
                .. given.Select(each => each.Split('/')).Select(each => new PromotionTarget(
                    new(each[0]), each[1].Length == 0 ? null : each[1], PromotionFixture.DevAddress)),
            ],
        };

        await Assert.ThrowsAsync<ArgumentException>(() => _fixture.PlanAsync(request));
    }

    [Fact]
    public async Task A_plan_that_assumes_the_environment_before_is_for_dry_runs_only()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var plan = await _fixture.PlanAsync(_fixture.Request(release) with { AssumesBefore = true });

        await Assert.ThrowsAsync<ArgumentException>(() => new Promoter().ApplyAsync(plan, CancellationToken.None));
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    [Fact]
    public async Task All_images_are_in_place_before_the_first_tag()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker", "tool");
        await _fixture.PromoteAsync(_fixture.Request(release));

        var writes = _fixture.Dev.Calls.Where(call => call.StartsWith("Put", StringComparison.Ordinal)).ToList();
        Assert.All(writes[^3..], call => Assert.StartsWith("PutTag", call, StringComparison.Ordinal));
        Assert.DoesNotContain(writes[..^3], call => call.StartsWith("PutTag", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_regions_read_every_blob_once_and_fail_independently()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");
        _fixture.Base.Calls.Clear();
        _fixture.Test.Before = (call, _) => call.StartsWith("PutTag", StringComparison.Ordinal)
            ? throw new GantryException("GAN2001", "no tags today", "come back")
            : Task.CompletedTask;

        var plan = await _fixture.PlanAsync(
            _fixture.Request(release, targets: [PromotionFixture.DevAddress, PromotionFixture.TestAddress]));
        var outcome = await new Promoter().ApplyAsync(plan, CancellationToken.None);

        Assert.Equal((true, false), (outcome.Targets[0].Succeeded, outcome.Targets[1].Succeeded));
        Assert.Equal("GAN2001", Assert.Throws<GantryException>(outcome.ThrowIfFailed).Code);
        Assert.Equal(release.Images[1].Digest, _fixture.Dev["worker"].Tags["1.0.0"]);
        Assert.Empty(_fixture.Test["app"].Tags);
        Assert.Equal(
            _fixture.Base.Count("GetBlob"),
            _fixture.Base.Calls.Where(call => call.StartsWith("GetBlob", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public async Task A_promotion_stopped_at_any_call_tags_nothing_incomplete_and_the_next_completes_it()
    {
        var probe = new PromotionFixture();
        await probe.PromoteAsync(probe.Request(await probe.PublishAsync("1.0.0", "app", "worker")));
        var calls = probe.Dev.Calls.Count;

        for (var stopAt = 0; stopAt < calls; stopAt++)
        {
            var fixture = new PromotionFixture();
            var release = await fixture.PublishAsync("1.0.0", "app", "worker");
            using var stop = new CancellationTokenSource();
            var left = stopAt;
            fixture.Dev.Before = (_, _) => Interlocked.Decrement(ref left) < 0 ? stop.CancelAsync() : Task.CompletedTask;

            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                var plan = await new PromotionPlanner(fixture.Repositories).PlanAsync(fixture.Request(release), stop.Token);
                await new Promoter().ApplyAsync(plan, stop.Token);
            });
            foreach (var repository in fixture.Dev.Repositories)
                repository.AssertComplete();

            fixture.Dev.Before = (_, _) => Task.CompletedTask;
            await fixture.PromoteAsync(fixture.Request(release));
            Assert.All(release.Images, image => Assert.Equal(image.Digest, fixture.Dev[image.Name].Tags["1.0.0"]));
        }
    }

    [Fact]
    public async Task Plan_and_outcome_are_described_in_sentences()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var digest = release.Images[0].Digest;
        var request = _fixture.Request(release).To(
            new("prod") { Gates = [Gate.Approval(@"[Contoso]\Release", minimum: 2), new TicketGate("CHG-7")] });

        var plan = await _fixture.PlanAsync(request);
        Assert.Equal(
            [
                "Release 1.0.0 (commit 0123456789ab, build 77) to prod",
                @"  gate: approval by [Contoso]\Release (2): not checked here",
                @"  gate: ticket CHG-7: not checked here",
                "  not signed: there is no key for prod",
                "  app: base.test:5000/app -> dev.test:5000/app:1.0.0",
                $"    {digest}",
                "    tag is new; 1 manifest, 3 of 3 blobs (133 B) to copy, 1 attachment to add",
                "Moves 133 B.",
            ],
            PromotionFormatter.Describe(plan));

        var outcome = await new Promoter { Time = _fixture.Time }.ApplyAsync(plan.Approve("seen"), CancellationToken.None);
        Assert.Equal(
            [
                $"dev.test:5000/app:1.0.0 = {digest}: 5 blobs ({Format.Bytes(outcome.Targets[0].Images[0].BytesUploaded)}) copied, "
                    + "2 manifests written, recorded, tagged; 1 attachment there",
            ],
            PromotionFormatter.Describe(outcome));
        Assert.Equal("Nothing moves: everything is in place.", PromotionFormatter.Describe(await _fixture.PlanAsync(request)).Last());
    }
}

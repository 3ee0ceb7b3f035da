using Gantry.Copying;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Holds;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Tests.Fakes;
using Gantry.Tests.Promotion.Signed;

namespace Gantry.Tests.Promotion.Slices;

/// <summary>
/// Several machines place slices of a release, and a promotion after them tags it. The machines share nothing but registries.
/// </summary>
public sealed class SlicedPromotionTests
{
    private const int Slices = 3;

    private static readonly string[] Names = ["app", "worker", "tool", "job", "site"];

    private static readonly PromotionEnvironment Prod = new("prod") { Regions = ["west", "east"], Slices = Slices };

    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task Slices_place_all_images_in_all_regions_and_write_neither_tags_nor_records()
    {
        var release = await PublishAsync(_fixture);

        await Task.WhenAll(Enumerable.Range(1, Slices).Select(number => PlaceAsync(_fixture, release, number)));

        foreach (var region in (FakeRegistry[])[_fixture.Dev, _fixture.Test])
        {
            Assert.All(release.Images, image => Assert.Contains(image.Digest, region[image.Name].Manifests.Keys));
            Assert.Equal(0, region.Count("PutTag"));
            foreach (var image in release.Images)
            {
                var referrers = await region[image.Name].ListReferrersAsync(image.Digest, null, default);
                Assert.Equal([ReleaseReferrer.ArtifactType], referrers.Select(referrer => referrer.ArtifactType));
            }
        }

        var status = await new EnvironmentReader(_fixture.Repositories, _fixture.Time).ReadAsync(
            Request(release).Targets[0], Names, release.Version, default);
        Assert.Null(status.Release);
    }

    [Fact]
    public async Task The_promotion_after_the_slices_moves_nothing_and_tags_when_all_is_in_place()
    {
        var release = await PublishAsync(_fixture);
        await PlaceAllAsync(_fixture, release);
        _fixture.Dev.Calls.Clear();
        _fixture.Test.Calls.Clear();

        var plan = await _fixture.PlanAsync(Request(release));
        Assert.Equal(0, plan.BytesToMove);
        Assert.All(plan.ImagePlans, image => Assert.Empty(image.Manifests));
        Assert.All(plan.ImagePlans, image => Assert.Empty(image.MissingAttachments));
        (await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, default)).ThrowIfFailed();

        foreach (var region in (FakeRegistry[])[_fixture.Dev, _fixture.Test])
        {
            // The record beside each image.
            Assert.Equal(Names.Length, region.Count("StoreBlob"));
            var firstTag = region.Calls.ToList().FindIndex(call => call.StartsWith("PutTag", StringComparison.Ordinal));
            Assert.DoesNotContain(region.Calls.Skip(firstTag), call =>
                call.StartsWith("PutBlob", StringComparison.Ordinal) || call.StartsWith("PutManifest", StringComparison.Ordinal));
            Assert.All(release.Images, image => Assert.Equal(image.Digest, region[image.Name].Tags["1.0.0"]));
        }

        Assert.True((await _fixture.PlanAsync(Request(release))).WritesNothing);
    }

    [Fact]
    public async Task A_slice_that_is_placed_again_writes_nothing_before_and_after_the_promotion()
    {
        var release = await PublishAsync(_fixture);
        await PlaceAllAsync(_fixture, release);
        _fixture.Dev.Calls.Clear();

        await PlaceAllAsync(_fixture, release);
        await PromoteAsync(_fixture, release);
        var writes = _fixture.Dev.Count("Put");
        await PlaceAllAsync(_fixture, release);

        Assert.Equal(writes, _fixture.Dev.Count("Put"));
        Assert.True((await _fixture.PlanAsync(Request(release) with { Slice = new(2, Slices) })).WritesNothing);
    }

    [Fact]
    public async Task A_slice_stopped_at_any_call_leaves_no_tag_and_runs_again_alone()
    {
        var probe = new PromotionFixture();
        await PlaceAsync(probe, await PublishAsync(probe), 2);
        var calls = probe.Dev.Calls.Count + probe.Test.Calls.Count;
        Assert.True(calls > 20);

        for (var stopAt = 0; stopAt < calls; stopAt++)
        {
            var fixture = new PromotionFixture();
            var release = await PublishAsync(fixture);
            await PlaceAsync(fixture, release, 1);
            await KillAsync(fixture, release, slice: 2, stopAt);
            Assert.All(Tags(fixture), tags => Assert.Empty(tags));
            await PlaceAsync(fixture, release, 3);

            await PlaceAsync(fixture, release, 2);

            var plan = await fixture.PlanAsync(Request(release));
            Assert.Equal(0, plan.BytesToMove);
            await AssertPromotedAsync(fixture, release);
        }
    }

    [Fact]
    public async Task A_promotion_after_a_slice_that_was_stopped_at_any_call_places_what_is_missing_before_the_first_tag()
    {
        var probe = new PromotionFixture();
        await PlaceAsync(probe, await PublishAsync(probe), 2);
        var calls = probe.Dev.Calls.Count + probe.Test.Calls.Count;

        for (var stopAt = 0; stopAt < calls; stopAt++)
        {
            var fixture = new PromotionFixture();
            var release = await PublishAsync(fixture);
            await PlaceAsync(fixture, release, 1);
            await KillAsync(fixture, release, slice: 2, stopAt);
            await PlaceAsync(fixture, release, 3);

            // Whatever the slices have left: nothing incomplete is tagged at any moment.
            foreach (var region in (FakeRegistry[])[fixture.Dev, fixture.Test])
            {
                region.Before = (call, _) =>
                {
                    if (call.StartsWith("PutTag", StringComparison.Ordinal))
                        Assert.All(release.Images, image => Assert.Contains(image.Digest, region[image.Name].Manifests.Keys));
                    return Task.CompletedTask;
                };
            }

            await AssertPromotedAsync(fixture, release);
        }
    }

    [Fact]
    public async Task What_a_registry_has_deleted_between_a_slice_and_the_promotion_is_placed_again()
    {
        var (amd, arm) = (_fixture.Workshop["app"].AddImage("amd"), _fixture.Workshop["app"].AddImage("arm"));
        var index = _fixture.Workshop["app"].AddIndex(null, (Platform.LinuxAmd64, amd), (Platform.Parse("linux/arm64"), arm));
        var release = await _fixture.PublishAsync(
            _fixture.Build("1.0.0") with { Images = [new("app", _fixture.Workshop["app"], new(index, [], null, false))] });
        await PlaceAsync(_fixture, release, 1);
        _fixture.Dev["app"].Manifests.TryRemove(arm.Descriptor.Digest, out _);
        foreach (var blob in arm.ReadManifest().Layers)
            _fixture.Dev["app"].Blobs.TryRemove(blob.Digest, out _);

        var plan = await _fixture.PlanAsync(Request(release));

        Assert.Equal(arm.ReadManifest().Layers.Sum(layer => layer.Size), plan.BytesToMove);
        (await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, default)).ThrowIfFailed();
        _fixture.Dev["app"].AssertComplete();
    }

    [Fact]
    public async Task A_failure_in_one_region_keeps_no_slice_from_the_other()
    {
        var release = await PublishAsync(_fixture);
        _fixture.Test.Before = (call, _) => call.StartsWith("PutManifest", StringComparison.Ordinal)
            ? throw new GantryException("GAN2001", "no writes today", "come back")
            : Task.CompletedTask;

        var plan = await _fixture.PlanAsync(Request(release) with { Slice = new(1, Slices) });
        var outcome = await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, default);

        Assert.Equal("GAN2001", Assert.Throws<GantryException>(outcome.ThrowIfFailed).Code);
        Assert.All(plan.Request.Release.Images, image => Assert.Contains(image.Digest, _fixture.Dev[image.Name].Manifests.Keys));
    }

    [Fact]
    public async Task More_slices_than_images_leave_some_of_them_nothing_to_do()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");

        var plans = new List<PromotionPlan>();
        for (var number = 1; number <= Slices; number++)
        {
            plans.Add(await _fixture.PlanAsync(Request(release) with { Slice = new(number, Slices) }));
            (await new Promoter { Time = _fixture.Time }.ApplyAsync(plans[^1], default)).ThrowIfFailed();
        }

        Assert.Equal([1, 0, 0], plans.Select(plan => plan.Request.Release.Images.Count));
        Assert.Equal([false, true, true], plans.Select(plan => plan.WritesNothing));
        Assert.Equal(0, (await _fixture.PlanAsync(Request(release))).BytesToMove);
    }

    [Fact]
    public async Task Slices_are_imported_by_registries_and_no_image_twice()
    {
        var release = await PublishAsync(_fixture);
        var import = new FakeImport(_fixture);
        for (var number = 1; number <= Slices; number++)
            await PlaceAsync(_fixture, release, number, request => request with { ServerSideCopy = import });

        Assert.Equal(2 * Names.Length, import.Imported.Count);
        Assert.Equal(import.Imported.Distinct(), import.Imported);
        await PromoteAsync(_fixture, release, request => request with { ServerSideCopy = import });
        Assert.Equal(2 * Names.Length, import.Imported.Count);
        Assert.All(release.Images, image => Assert.Equal(image.Digest, _fixture.Test[image.Name].Tags["1.0.0"]));
    }

    [Fact]
    public async Task A_slice_waits_for_gates_and_for_the_environment_before_like_a_promotion()
    {
        var release = await PublishAsync(_fixture);
        var slice = Request(release) with { Slice = new(1, Slices) };
        var gated = await _fixture.PlanAsync(slice.To(Prod with { Gates = [Gate.Approval("Release")] }));
        var early = slice.To(Prod with { After = new("test") }) with
        {
            Before = PromotionTarget.Of(new("test"), PromotionFixture.BaseAddress),
        };

        Assert.Equal(
            "GAN5004",
            (await Assert.ThrowsAsync<GantryException>(() => new Promoter { Time = _fixture.Time }.ApplyAsync(gated, default))).Code);
        Assert.Equal("GAN4024", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(early))).Code);
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    [Fact]
    public async Task A_slice_of_an_older_release_than_the_current_one_is_refused()
    {
        var old = await PublishAsync(_fixture);
        await PromoteAsync(_fixture, await _fixture.PublishAsync("1.1.0", Names));

        var error = await Assert.ThrowsAsync<GantryException>(
            () => _fixture.PlanAsync(Request(old) with { Slice = new(1, Slices) }));

        Assert.Equal("GAN4066", error.Code);
    }

    [Fact]
    public async Task A_tag_with_another_image_stops_the_slice_that_would_place_it()
    {
        var release = await PublishAsync(_fixture);
        _fixture.Dev["tool"].AddImage("pushed by hand", "1.0.0");

        var errors = new List<string>();
        for (var number = 1; number <= Slices; number++)
        {
            try
            {
                await PlaceAsync(_fixture, release, number);
            }
            catch (GantryException error)
            {
                errors.Add(error.Code);
            }
        }

        Assert.Equal(["GAN4035"], errors);
    }

    [Fact]
    public async Task A_held_environment_gets_no_slice_and_a_named_release_does_not_end_the_hold_before_its_promotion()
    {
        var release = await PublishAsync(_fixture);
        var target = Request(release).Targets[0];
        var hold = new HoldDecision { By = "Anna", Reason = "a sale", Version = "0.9.0" };
        await new HoldWriter(_fixture.Repositories, _fixture.Time).SetAsync(target, Names, hold, signer: null, default);

        var held = await _fixture.PlanAsync(Request(release) with { Slice = new(1, Slices) });
        Assert.Equal("GAN4601", (await Assert.ThrowsAsync<GantryException>(() => new Promoter().ApplyAsync(held, default))).Code);

        for (var number = 1; number <= Slices; number++)
            await PlaceAsync(_fixture, release, number, request => request with { IsNamed = true });
        Assert.NotNull((await new HoldReader(_fixture.Repositories, _fixture.Time).ReadAsync(target, Names, default)).Open);
        await PromoteAsync(_fixture, release, request => request with { IsNamed = true });
        Assert.Null((await new HoldReader(_fixture.Repositories, _fixture.Time).ReadAsync(target, Names, default)).Open);
    }

    [Fact]
    public async Task A_slice_needs_no_key_and_the_promotion_signs()
    {
        using var house = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("memory.test"));
        var request = await house.ToDevAsync(await house.PublishAsync());

        for (var number = 1; number <= 2; number++)
        {
            var plan = await house.PlanAsync(request with { Signer = null, Slice = new(number, 2) });
            Assert.Null(plan.SignedBy);
            (await new Promoter { Time = house.Time }.ApplyAsync(plan, default)).ThrowIfFailed();
        }

        var image = request.Release.Images[0];
        Assert.Empty(await house.PromotionsAsync("dev", image.Digest, image.Name));
        await house.PromoteAsync(request);
        Assert.Single(await house.PromotionsAsync("dev", image.Digest, image.Name));
    }

    [Fact]
    public async Task A_return_has_no_slices()
    {
        var release = await PublishAsync(_fixture);

        await Assert.ThrowsAsync<ArgumentException>(() => _fixture.PlanAsync(
            Request(release) with { Slice = new(1, Slices), Returns = true, GoBackReason = "a test" }));
    }

    [Fact]
    public async Task A_slice_is_described_in_sentences()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var request = _fixture.Request(release) with { Slice = new(1, Slices) };

        var plan = await _fixture.PlanAsync(request);

        Assert.Equal(
            [
                "Release 1.0.0 (commit 0123456789ab, build 77) to dev",
                "  slice 1/3: 1 image, placed without tag and record",
                "  app: base.test:5000/app -> dev.test:5000/app:1.0.0",
                $"    {release.Images[0].Digest}",
                "    no tag; 1 manifest, 3 of 3 blobs (133 B) to copy, 1 attachment to add",
                "Moves 133 B.",
            ],
            PromotionFormatter.Describe(plan));
        await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, default);
        Assert.Equal("Nothing moves: everything is in place.", PromotionFormatter.Describe(await _fixture.PlanAsync(request)).Last());
    }

    private static Task<Release> PublishAsync(PromotionFixture fixture)
    {
        // Images of different sizes, two of which have the same number of layers.
        var images = Names.Select((name, number) => new ImageToPublish(
            name, fixture.Workshop[name], new(fixture.Workshop[name].AddImage(name, layers: 1 + (number % 4)), [], null, false)));
        return fixture.PublishAsync(fixture.Build("1.0.0") with { Images = [.. images] });
    }

    private static PromotionRequest Request(Release release) => new()
    {
        Release = release,
        Base = PromotionFixture.BaseAddress,
        Targets = PromotionTarget.Of(Prod, PromotionFixture.DevAddress, PromotionFixture.TestAddress),
    };

    private static async Task PlaceAllAsync(PromotionFixture fixture, Release release)
    {
        for (var number = 1; number <= Slices; number++)
            await PlaceAsync(fixture, release, number);
    }

    private static Task PlaceAsync(
        PromotionFixture fixture, Release release, int number, Func<PromotionRequest, PromotionRequest>? change = null) =>
        PromoteAsync(fixture, release, request => (change?.Invoke(request) ?? request) with { Slice = new(number, Slices) });

    // Each machine plans for itself.
    private static async Task PromoteAsync(
        PromotionFixture fixture, Release release, Func<PromotionRequest, PromotionRequest>? change = null)
    {
        var request = Request(release);
        var plan = await fixture.PlanAsync(change?.Invoke(request) ?? request);
        (await new Promoter { Time = fixture.Time }.ApplyAsync(plan, default)).ThrowIfFailed();
    }

    private static async Task KillAsync(PromotionFixture fixture, Release release, int slice, int stopAt)
    {
        using var stop = new CancellationTokenSource();
        var left = stopAt;
        fixture.Dev.Before = fixture.Test.Before =
            (_, _) => Interlocked.Decrement(ref left) < 0 ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            var plan = await new PromotionPlanner(fixture.Repositories, fixture.Time).PlanAsync(
                Request(release) with { Slice = new(slice, Slices) }, stop.Token);
            await new Promoter { Time = fixture.Time }.ApplyAsync(plan, stop.Token);
        });
        fixture.Dev.Before = fixture.Test.Before = (_, _) => Task.CompletedTask;
    }

    private static IEnumerable<IEnumerable<string>> Tags(PromotionFixture fixture) =>
        fixture.Dev.Repositories.Concat(fixture.Test.Repositories).Select(repository => repository.Tags.Keys);

    private static async Task AssertPromotedAsync(PromotionFixture fixture, Release release)
    {
        await PromoteAsync(fixture, release);
        foreach (var region in (FakeRegistry[])[fixture.Dev, fixture.Test])
        {
            foreach (var image in release.Images)
            {
                Assert.Equal(image.Digest, region[image.Name].Tags["1.0.0"]);
                region[image.Name].AssertComplete();
            }
        }

        Assert.True((await fixture.PlanAsync(Request(release))).WritesNothing);
    }

    /// <summary>Registries that fetch an image themselves, as those of Azure do.</summary>
    private sealed class FakeImport(PromotionFixture fixture) : IServerSideCopy
    {
        public List<string> Imported { get; } = [];

        public Task<TransferResult?> CheckAsync(RegistryAddress from, RegistryAddress to, CancellationToken cancellationToken) =>
            Task.FromResult<TransferResult?>(new(true, "imported by a test"));

        public Task<TransferResult> CopyAsync(ServerSideCopyRequest item, CancellationToken cancellationToken)
        {
            var from = fixture.Base[item.Image];
            var to = Assert.IsType<FakeRepository>(item.Target);
            lock (Imported)
                Imported.Add($"{to.Location}@{item.Digest}");
            var manifest = from.Manifests[item.Digest];
            foreach (var blob in ManifestLinks.Read(manifest).Blobs)
                to.Blobs[blob.Digest] = from.Blobs[blob.Digest];
            to.Manifests[item.Digest] = manifest;
            return Task.FromResult(new TransferResult(true, "imported by a test"));
        }
    }
}

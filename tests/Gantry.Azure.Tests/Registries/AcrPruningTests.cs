using Gantry.Azure.Registries;
using Gantry.Azure.Tests.Fakes;
using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Azure.Tests.Registries;

/// <summary>Prunes a strict imitation of Azure Container Registry.</summary>
public sealed class AcrPruningTests : IAsyncLifetime
{
    private FakePrunableAcr _acr = null!;

    private IImageRepository Dev => _acr.Session.Open(RegistryAddress.Parse(FakePrunableAcr.Host + "/dev"), "app");

    public async Task InitializeAsync() => _acr = await FakePrunableAcr.StartAsync();

    public async Task DisposeAsync()
    {
        Assert.Empty(_acr.Violations);
        await _acr.DisposeAsync();
    }

    [Fact]
    public async Task Referrers_go_with_their_image_and_what_is_kept_is_complete()
    {
        await PromoteAsync(4);

        var (plan, outcome) = await PruneAsync();

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Problems.Select(problem => problem.Message)));
        Assert.Equal(["1.0.0", "1.1.0"], outcome.Deleted.SelectMany(item => item.Versions).Distinct());
        Assert.Contains("soft delete", Assert.Single(plan.Notes), StringComparison.Ordinal);

        // The registry deletes the referrers itself: in each of two repositories, one request for each image, and one that asks whether
        // deletion is allowed.
        Assert.Equal(outcome.Deleted.Select(item => item.Digest.ToString()).Distinct().Order(), _acr.Deleted.Keys.Order());
        Assert.Equal(6, _acr.Registry.Count("DELETE"));
        Assert.Empty(_acr.Registry.Store.FindDamage());
        await AssertCompleteAsync("1.2.0", "1.3.0");
        Assert.Equal(["1.2.0", "1.3.0", "gantry-pruned"], await Dev.ListTagsAsync(default));
    }

    [Fact]
    public async Task What_is_locked_is_kept_and_listed_as_kept_by_its_lock()
    {
        await PromoteAsync(5);
        _acr.Lock("dev/app", "1.0.0");
        _acr.Lock("dev/app", (await Dev.FindTagAsync("1.1.0", default))!.Digest.ToString());

        var (plan, outcome) = await PruneAsync();

        Assert.True(outcome.Succeeded);
        Assert.Equal(["1.2.0"], outcome.Deleted.SelectMany(item => item.Versions).Distinct());
        foreach (var version in new[] { "1.0.0", "1.1.0" })
        {
            var kept = plan.Kept.Single(image =>
                image.Location.Contains("/dev/", StringComparison.Ordinal) && image.Versions.Contains(version));
            Assert.Contains(kept.Reasons, reason => reason.Kind == KeepReasonKind.Lock);
        }

        await AssertCompleteAsync("1.0.0", "1.1.0", "1.3.0", "1.4.0");
    }

    [Fact]
    public async Task What_was_locked_since_the_list_is_kept_and_the_rest_goes_on()
    {
        await PromoteAsync(4);
        var plan = await PlanAsync();
        _acr.Lock("dev/app", "1.0.0");

        var outcome = await new Pruner().ApplyAsync(Request(), plan, default);

        Assert.True(outcome.Succeeded);
        Assert.Equal(["dev", "the base registry"], outcome.Kept.Select(kept => kept.Item.Place));
        Assert.Contains("locked", outcome.Kept[0].Reason, StringComparison.Ordinal);
        Assert.Contains("/dev/app keeps it", outcome.Kept[1].Reason, StringComparison.Ordinal);
        await AssertCompleteAsync("1.0.0", "1.2.0", "1.3.0");
    }

    [Fact]
    public async Task Untagged_manifests_go_when_they_are_old()
    {
        await PromoteAsync(3);
        var (old, young) = (SampleImage.Create(71, 50), SampleImage.Create(72, 50));
        await old.PushAsync(Dev);
        await young.PushAsync(Dev);
        _acr.SetTime(young.Root.Descriptor.Digest.ToString(), DateTimeOffset.UtcNow - TimeSpan.FromMinutes(30));

        var (plan, outcome) = await PruneAsync();

        Assert.True(outcome.Succeeded);
        var item = Assert.Single(plan.Items, item => item.Kind == PruningItemKind.Untagged);
        Assert.Equal(old.Root.Descriptor.Digest, item.Digest);
        Assert.True(await Dev.HasManifestAsync(young.Root.Descriptor.Digest, default));
    }

    [Fact]
    public async Task A_list_that_is_refused_means_that_nothing_is_deleted()
    {
        await PromoteAsync(4);
        _acr.Registry.Recover();
        _acr.Registry.FailAlways("GET", "/acr/v1/", RegistryFaults.Refuse(403, "DENIED"));

        var error = await Assert.ThrowsAsync<GantryException>(() => PlanAsync());

        Assert.Equal("GAN4702", error.Code);
        Assert.Empty(_acr.Deleted);
    }

    [Fact]
    public async Task A_tag_alone_is_removed_by_its_own_request()
    {
        await PromoteAsync(2);
        await new AcrCatalog(_acr.Session).RemoveTagAsync(
            RegistryAddress.Parse(FakePrunableAcr.Host + "/dev"), "app", "1.0.0", default);

        Assert.Equal(["1.1.0"], await Dev.ListTagsAsync(default));
        Assert.Empty(_acr.Deleted);
        _acr.Lock("dev/app", "1.1.0");
        var error = await Assert.ThrowsAsync<GantryException>(() => new AcrCatalog(_acr.Session).RemoveTagAsync(
            RegistryAddress.Parse(FakePrunableAcr.Host + "/dev"), "app", "1.1.0", default));
        Assert.Equal("GAN4718", error.Code);
    }

    [Fact]
    public async Task With_soft_delete_an_image_is_deleted_like_any_other()
    {
        _acr.SoftDelete = true;
        await PromoteAsync(4);

        var (_, outcome) = await PruneAsync();

        Assert.True(outcome.Succeeded);
        await AssertCompleteAsync("1.2.0", "1.3.0");
    }

    private static readonly PromotionEnvironment s_dev = new("dev");

    private RegistryAddress Base { get; } = RegistryAddress.Parse(FakePrunableAcr.Host + "/base");

    private static IReadOnlyList<PromotionTarget> Targets =>
        PromotionTarget.Of(s_dev, RegistryAddress.Parse(FakePrunableAcr.Host + "/dev"));

    private PruningRequest Request() => new()
    {
        Base = Base,
        Images = ["app"],
        Targets = Targets,
        Rules = new PruningRules { Keep = 1, MinimumAge = TimeSpan.Zero },
        Catalog = new AcrCatalog(_acr.Session),
    };

    private Task<PruningPlan> PlanAsync() => new PruningPlanner(_acr.Session).PlanAsync(Request(), default);

    private async Task<(PruningPlan Plan, PruningOutcome Outcome)> PruneAsync()
    {
        var plan = await PlanAsync();
        return (plan, await new Pruner().ApplyAsync(Request(), plan, default));
    }

    private async Task PromoteAsync(int count)
    {
        var workshop = new MemoryRegistries().Open(RegistryAddress.Parse("oci:workshop"), "app");
        for (var number = 0; number < count; number++)
        {
            var time = new StoppedClock(DateTimeOffset.UtcNow - TimeSpan.FromDays(2 + count - number));
            var image = SampleImage.Create(number + 1, 100);
            await image.PushAsync(workshop);
            var request = new PublishRequest
            {
                Version = $"1.{number}.0",
                Commit = new string('a', 40),
                Base = Base,
                Images = [new ImageToPublish("app", workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], null, false))],
            };
            var release = (await new Publisher(_acr.Publishing, time).PublishAsync(request, default)).Release;
            await SampleImage.CreateReferrer(image.Root.Descriptor, $"signature {number}").PushAsync(_acr.Publishing.Open(Base, "app"));
            var plan = await new PromotionPlanner(_acr.Publishing, time).PlanAsync(
                new PromotionRequest { Release = release, Base = Base, Targets = Targets }, default);
            (await new Promoter { Time = time }.ApplyAsync(plan, default)).ThrowIfFailed();
        }
    }

    private async Task AssertCompleteAsync(params string[] versions)
    {
        foreach (var version in versions)
        {
            var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(Dev, version, default);
            Assert.Empty(report.Faults);
            Assert.True(report.Attachments >= 2, version);
        }
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

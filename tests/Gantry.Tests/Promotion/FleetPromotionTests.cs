using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing.Simulation;

namespace Gantry.Tests.Promotion;

/// <summary>Promotions of many images, of which a release changes few.</summary>
public class FleetPromotionTests
{
    private const int Images = 40;
    private const int Changed = 3;
    private const string Unchanged = "image00020";

    private static readonly PromotionEnvironment s_prod = new("prod") { Regions = ["north", "south", "west"] };

    private readonly VirtualTime _time = new();
    private readonly SimulatedRegistries _registries;
    private readonly FleetWorld _world;

    public FleetPromotionTests()
    {
        _registries = new SimulatedRegistries(_time, _ => new RegistryConditions());
        _world = new FleetWorld(_time, _registries, Images, platforms: 2);
    }

    [Fact]
    public void A_plan_costs_three_requests_for_an_image_that_is_there_with_another_release()
    {
        Promote(_world.Publish("1.0.0", Images), s_prod);
        var second = _world.Publish("1.1.0", Changed);

        _registries.Reset();
        Plan(second, s_prod);

        Assert.All(
            _registries.Traffic.Where(registry => registry.Name != "base.test"),
            registry => Assert.InRange(registry.Reads, 3 * Images, (3 * Images) + (15 * Changed)));
        Assert.InRange(_registries.Traffic.Single(registry => registry.Name == "base.test").Reads, Images, Images + (20 * Changed));
    }

    [Fact]
    public void What_is_there_with_another_release_is_tagged_and_recorded_and_gets_its_attachments()
    {
        Promote(_world.Publish("1.0.0", Images), s_prod);
        var second = _world.Publish("1.1.0", Changed);

        var plan = Plan(second, s_prod);
        Apply(plan).ThrowIfFailed();

        Assert.Equal(3 * (Images - Changed), plan.ImagePlans.Count(image => image.Unread is not null));
        Assert.True(Plan(second, s_prod).WritesNothing);
        var image = second.Images.Single(each => each.Name == Unchanged);
        var referrers = Read(repository => repository.ListReferrersAsync(image.Digest, default));
        Assert.Equal(2, referrers.Count(each => each.ArtifactType == PromotionReferrer.ArtifactType));
        Assert.Equal(2, referrers.Count(each => each.ArtifactType == "application/vnd.gantry.release.v1+json"));
    }

    [Fact]
    public void An_image_whose_tag_was_moved_is_asked_about()
    {
        Promote(_world.Publish("1.0.0", Images), s_prod);
        Put("1.0.0");

        var plan = Plan(_world.Publish("1.1.0", Changed), s_prod);

        var image = plan.ImagePlans.Single(each => each.Image.Name == Unchanged && each.PromotionTarget.Region == "north");
        Assert.Null(image.Unread);
        Assert.NotNull(plan.ImagePlans.Single(each => each.Image.Name == Unchanged && each.PromotionTarget.Region == "south").Unread);
    }

    [Fact]
    public void A_tag_that_appears_after_the_plan_stops_the_promotion_before_anything_is_written()
    {
        Promote(_world.Publish("1.0.0", Images), s_prod);
        var plan = Plan(_world.Publish("1.1.0", Changed), s_prod);
        Put("1.1.0");

        _registries.Reset();
        var outcome = Apply(plan);

        Assert.Equal([false, true, true], outcome.Targets.Select(target => target.Succeeded));
        Assert.Equal("GAN4022", Assert.IsType<GantryException>(outcome.Targets[0].Error).Code);
        Assert.Equal(0, _registries.Traffic.Single(registry => registry.Name == "north.test").Writes);
    }

    [Fact]
    public void A_tag_without_a_record_of_the_environment_shows_nothing()
    {
        var first = _world.Publish("1.0.0", Images);
        Promote(first, new PromotionEnvironment("other") { Regions = s_prod.Regions });

        var plan = Plan(_world.Publish("1.1.0", Changed), s_prod);

        Assert.All(plan.ImagePlans, image => Assert.Null(image.Unread));
    }

    [Fact]
    public void A_tag_that_is_there_already_is_found()
    {
        Promote(_world.Publish("1.0.0", Images), s_prod);
        var second = _world.Publish("1.1.0", Changed);
        Put("1.1.0");

        var error = Assert.Throws<GantryException>(() => Plan(second, s_prod));

        Assert.Equal("GAN4035", error.Code);
    }

    [Fact]
    public void A_long_plan_is_a_summary_with_the_images_that_change()
    {
        Promote(_world.Publish("1.0.0", Images), s_prod);
        var plan = Plan(_world.Publish("1.1.0", Changed), s_prod);

        var lines = PromotionFormatter.Summarize(plan).ToList();

        Assert.Equal("40 images to 3 registries", lines[0]);
        Assert.Equal("prod, north: 3 to copy (12 MiB), 37 there, to tag", lines[1]);
        Assert.Equal(["image00001", "image00002", "image00003"], lines[4..].Select(line => line.Split(':')[0]));
        Assert.All(lines[4..], line => Assert.EndsWith(": to copy", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Contains($"  {line}", PromotionFormatter.Describe(plan)));
        Assert.DoesNotContain(PromotionFormatter.Describe(plan), line => line.Contains(Unchanged, StringComparison.Ordinal));
        Assert.Equal(
            3, PromotionFormatter.Describe(Apply(plan)).Count(line => line.Contains("40 images: 40 tagged", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_first_release_names_no_images()
    {
        var lines = PromotionFormatter.Summarize(Plan(_world.Publish("1.0.0", Images), s_prod)).ToList();

        Assert.Equal(4, lines.Count);
        Assert.All(lines[1..], line => Assert.Contains("40 to copy", line, StringComparison.Ordinal));
    }

    private PromotionPlan Plan(Release release, PromotionEnvironment environment) => _time.Run(() =>
        new PromotionPlanner(_registries.Connect("promotion"), _time).PlanAsync(FleetWorld.RequestOf(release, environment), default));

    private PromotionOutcome Apply(PromotionPlan plan) => _time.Run(() => new Promoter { Time = _time }.ApplyAsync(plan, default));

    private void Promote(Release release, PromotionEnvironment environment)
    {
        Apply(Plan(release, environment)).ThrowIfFailed();
        _time.Run(async () =>
        {
            await _time.DelayAsync(TimeSpan.FromHours(1), default);
            return true;
        });
    }

    private T Read<T>(Func<IImageRepository, Task<T>> read) => _time.Run(() => read(North(Unchanged)));

    // As another tool does it.
    private void Put(string tag) => _time.Run(async () =>
    {
        var manifest = ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [] });
        await North(Unchanged).PutTagAsync(tag, manifest, default);
        return true;
    });

    private IImageRepository North(string image) => _registries.Connect("someone").Open(RegistryAddress.Parse("north.test"), image);
}

using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Promoting;

/// <summary>Plans for a release of one image, in memory.</summary>
internal static class SamplePlans
{
    private static readonly RegistryAddress Base = RegistryAddress.Parse("localhost:5000");
    private static readonly RegistryAddress Target = RegistryAddress.Parse("localhost:5001");

    /// <summary>Plans a promotion of release 1.0.0, whose tag is new in the environment.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="region">The only region to promote to; null for all.</param>
    /// <param name="isThere">True when the release is in the environment already.</param>
    public static async Task<PromotionPlan> ForAsync(PromotionEnvironment environment, string? region = null, bool isThere = false)
    {
        var registries = new MemoryRegistries();
        var image = SampleImage.Create(seed: 1, 4000);
        var store = registries.Open(RegistryAddress.Parse("localhost:5002"), "app");
        await image.PushAsync(store);
        var published = await new Publisher(registries, TimeProvider.System).PublishAsync(
            new()
            {
                Version = "1.0.0",
                Commit = "0123456789abcdef",
                Base = Base,
                Images = [new("app", store, new BuiltImage(image.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false))],
            },
            CancellationToken.None);

        var targets = PromotionTarget.Of(environment, [.. environment.Regions.DefaultIfEmpty("").Select(_ => Target)]);
        var request = new PromotionRequest
        {
            Release = published.Release,
            Base = Base,
            Targets = [.. targets.Where(target => region is null || target.Region == region)],
        };
        var planner = new PromotionPlanner(registries);
        if (isThere)
            await new Promoter().ApplyAsync(
                (await planner.PlanAsync(request, CancellationToken.None)).Approve("a test"), CancellationToken.None);
        return await planner.PlanAsync(request, CancellationToken.None);
    }
}

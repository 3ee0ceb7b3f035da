using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion.Runs;

namespace Gantry.Nuke.Tests.Promoting;

public sealed class RegionChoiceTests
{
    private static readonly PromotionEnvironment Prod = new("prod") { Regions = ["west-europe", "east-us"] };
    private static readonly IReadOnlyList<RegistryAddress> Registries =
        [RegistryAddress.Parse("weu.azurecr.io"), RegistryAddress.Parse("eus.azurecr.io")];

    [Theory]
    [InlineData(null, new[] { "weu.azurecr.io", "eus.azurecr.io" }, new[] { "west-europe", "east-us" })]
    [InlineData("East-US", new[] { "eus.azurecr.io" }, new[] { "east-us" })]
    public void All_regions_or_the_named_one_are_chosen(string? region, string[] registries, string[] regions)
    {
        var choice = RegionChoice.Of(Prod, Registries, region, isGoal: true);

        Assert.Equal(registries, choice.Select(target => target.Address.ToString()));
        Assert.Equal(regions, choice.Select(target => target.Region));
    }

    [Fact]
    public void An_unknown_region_is_refused()
    {
        var error = Assert.Throws<GantryException>(() => RegionChoice.Of(Prod, Registries, "moon", isGoal: false));
        Assert.Equal(("GAN4047", "use one of west-europe, east-us"), (error.Code, error.Remedy));
        Assert.Equal("GAN4048", Assert.Throws<GantryException>(() => RegionChoice.Of(new("dev"), Registries, "moon", isGoal: true)).Code);
    }

    [Fact]
    public void An_earlier_environment_without_regions_is_promoted_to_as_a_whole() =>
        Assert.Equal(Registries, RegionChoice.Of(new("dev"), Registries, "east-us", isGoal: false).Select(target => target.Address));

    [Theory]
    [InlineData(null, 1, "weu", "")]
    [InlineData(null, 2, "eus uks", "weu")]
    [InlineData("uks", 2, "uks", "weu")]
    [InlineData("uks", null, "uks", "weu")]
    [InlineData(null, null, "weu eus uks", "")]
    public void A_wave_is_chosen_with_those_before_it(string? region, int? wave, string chosen, string earlier)
    {
        var targets = RegionChoice.Of(InWaves, ThreeRegistries, region, wave, isGoal: true);

        Assert.Equal(chosen.Split(' '), targets.Select(target => target.Region));
        Assert.Equal(earlier, string.Join(' ', RegionChoice.EarlierWavesOf(targets, PromotionTarget.Of(InWaves, ThreeRegistries))
            .Select(target => target.Region)));
    }

    [Theory]
    [InlineData(null, 0, "the environment 'prod' has no wave 0")]
    [InlineData(null, 3, "the environment 'prod' has no wave 3")]
    [InlineData("weu", 2, "the wave 2 of the environment 'prod' has no region 'w…' (3 characters)")]
    public void An_unknown_wave_is_refused(string? region, int wave, string problem)
    {
        var error = Assert.Throws<GantryException>(() => RegionChoice.Of(InWaves, ThreeRegistries, region, wave, isGoal: true));

        Assert.Equal(("GAN4624", problem), (error.Code, error.Problem));
        Assert.Equal(
            "leave --wave out",
            Assert.Throws<GantryException>(() => RegionChoice.Of(Prod, Registries, region: null, wave, isGoal: true)).Remedy);
    }

    [Fact]
    public void A_wave_is_one_of_the_environment_that_was_asked_for() =>
        Assert.Equal(2, RegionChoice.Of(Prod, Registries, region: null, wave: 2, isGoal: false).Count);

    private static PromotionEnvironment InWaves { get; } = new("prod") { Waves = [["weu"], ["eus", "uks"]] };

    private static IReadOnlyList<RegistryAddress> ThreeRegistries { get; } = [.. Registries, RegistryAddress.Parse("uks.azurecr.io")];
}

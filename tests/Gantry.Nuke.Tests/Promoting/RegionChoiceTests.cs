using Gantry.Environments;
using Gantry.Nuke.Promoting;
using Gantry.Oci;

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
}

using Gantry.Environments;
using Gantry.Tests.Promotion;

namespace Gantry.Tests.Environments;

public sealed class EnvironmentSetTests
{
    private static PromotionEnvironment Dev => new("dev");

    private static PromotionEnvironment Test => new("test") { After = Dev };

    private static PromotionEnvironment Prod =>
        new("prod") { After = Test, Gates = [Gate.Approval(@"[Contoso]\Release", minimum: 2), Gate.Soak(TimeSpan.FromHours(24))] };

    [Fact]
    public void Environments_are_ordered_behind_those_they_come_after()
    {
        var set = EnvironmentSet.Create([Prod, new("lab"), Test, Dev]);

        Assert.Equal(["lab", "dev", "test", "prod"], set.Select(environment => environment.Name));
        Assert.Equal("test", set.Find("PROD").After!.Name);
    }

    [Theory]
    [InlineData("dev", "DevRegistry")]
    [InlineData("west-europe", "WestEuropeRegistry")]
    [InlineData("pre_prod2", "PreProd2Registry")]
    public void A_name_becomes_a_parameter(string name, string parameter) =>
        Assert.Equal([parameter], new PromotionEnvironment(name).RegistryParameters);

    [Fact]
    public void Each_region_has_a_parameter() =>
        Assert.Equal(
            ["ProdEuRegistry", "ProdUsEastRegistry"], new PromotionEnvironment("prod") { Regions = ["eu", "us-east"] }.RegistryParameters);

    [Fact]
    public void Waves_have_the_regions_of_an_environment()
    {
        var prod = new PromotionEnvironment("prod") { Waves = [["eu"], ["us-east", "uk"]] };

        Assert.Equal(["eu", "us-east", "uk"], EnvironmentSet.Create([prod])[0].Regions);
        Assert.Equal(["ProdEuRegistry", "ProdUsEastRegistry", "ProdUkRegistry"], prod.RegistryParameters);
        Assert.Equal([1, 2, 2, null], ((string?[])["eu", "us-east", "uk", "moon"]).Select(prod.WaveOf));
        Assert.Equal(["uk", "eu", "us-east"], EnvironmentSet.Create([prod with { Regions = ["uk", "eu", "us-east"] }])[0].Regions);
    }

    public static TheoryData<string, string, PromotionEnvironment[]> Faults => new()
    {
        { "GAN4003", "none", [] },
        { "GAN4004", "a blank in a name", [new("my dev")] },
        { "GAN4004", "a digit first", [new("1st")] },
        { "GAN4004", "a region without a name", [new("dev") { Regions = [""] }] },
        { "GAN4005", "the same name twice", [new("dev"), new("dev")] },
        { "GAN4005", "names that differ by case", [new("dev"), new("Dev")] },
        { "GAN4005", "names that give one parameter", [new("dev-eu"), new("dev") { Regions = ["eu"] }] },
        { "GAN4005", "the base registry's parameter", [new("base")] },
        { "GAN4006", "after nobody knows whom", [Test] },
        { "GAN4007", "form a cycle", [new("dev") { After = new("prod") }, Test, Prod] },
        { "GAN4007", "after itself", [new("dev") { After = new("dev") }] },
        { "GAN5001", "an approval of nobody", [new("dev") { Gates = [Gate.Approval([])] }] },
        { "GAN5001", "no approval", [new("dev") { Gates = [Gate.Approval("QA", minimum: 0)] }] },
        { "GAN5001", "hours that end before they start", [new("dev") { Gates = [Gate.BusinessHours(new(17, 0), new(8, 0))] }] },
        {
            "GAN5001", "a timeout beyond what is waited",
            [new("dev") { Gates = [Gate.Soak(TimeSpan.FromHours(1)) with { Timeout = TimeSpan.FromDays(31) }] }]
        },
        { "GAN5001", "an own gate that is invalid", [new("dev") { Gates = [new TicketGate("")] }] },
        { "GAN4620", "a wave without a region", [new("prod") { Waves = [["eu"], []] }] },
        { "GAN4620", "a region in two waves", [new("prod") { Waves = [["eu"], ["us", "eu"]] }] },
        { "GAN4620", "regions that differ by case", [new("prod") { Waves = [["eu"], ["EU"]] }] },
        { "GAN4620", "a region in no wave", [new("prod") { Regions = ["eu", "us"], Waves = [["eu"]] }] },
        { "GAN4620", "a wave of an unknown region", [new("prod") { Regions = ["eu"], Waves = [["eu"], ["us"]] }] },
        { "GAN4620", "a pause without waves", [new("prod") { PauseBetweenWaves = TimeSpan.FromHours(1) }] },
        { "GAN4620", "a pause after the only wave", [new("prod") { Waves = [["eu"]], PauseBetweenWaves = TimeSpan.FromHours(1) }] },
        { "GAN4620", "a pause before its time", [new("prod") { Waves = [["eu"], ["us"]], PauseBetweenWaves = TimeSpan.FromHours(-1) }] },
        { "GAN4620", "a pause for ever", [new("prod") { Waves = [["eu"], ["us"]], PauseBetweenWaves = TimeSpan.FromDays(31) }] },
        { "GAN5001", "no soak time", [new("dev") { Gates = [Gate.Soak(TimeSpan.Zero)] }] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void An_invalid_declaration_is_refused(string code, string fault, PromotionEnvironment[] environments)
    {
        var error = Assert.Throws<GantryException>(() => EnvironmentSet.Create(environments));
        Assert.True(code == error.Code, $"{fault}: {error.Message}");
    }

    [Fact]
    public void A_circle_is_reported_with_its_path() =>
        Assert.Contains(
            "dev after prod after test after dev",
            Assert.Throws<GantryException>(() => EnvironmentSet.Create([new("dev") { After = Prod }, Test, Prod])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_unknown_environment_is_reported_with_the_known_ones() =>
        Assert.Equal(
            "GAN4008: there is no environment 'stage'; use one of dev, test, prod.",
            Assert.Throws<GantryException>(() => EnvironmentSet.Create([Dev, Test, Prod]).Find("stage")).Message);
}

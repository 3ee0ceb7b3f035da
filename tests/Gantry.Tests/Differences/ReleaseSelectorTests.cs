using Gantry.Differences.Selection;
using Gantry.Environments;
using Gantry.Tests.Fakes;
using Gantry.Tests.Promotion;

namespace Gantry.Tests.Differences;

public sealed class ReleaseSelectorTests
{
    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PromotionEnvironment Test = new("test") { After = Dev };

    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task An_environment_names_the_release_that_it_has()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.PromoteAsync(_fixture.Request(release));
        await _fixture.PublishAsync("1.1.0", "app");

        var found = await Selector().SelectAsync("Dev", default);

        Assert.Equal(
            ("1.0.0", "dev", release.Commit, release.Images[0].Digest, (string?)null),
            (found.Release.Name, found.Release.Place, found.Release.Commit, found.Release.Images[0].Digest, found.Remark));
        Assert.Equal(release.Images[0].Digest, found.Release.Images[0].Recorded?.Digest);
        Assert.Empty(found.Release.Unknown);
    }

    [Fact]
    public async Task A_version_and_a_digest_name_a_release_of_the_base_registry()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");

        var byVersion = (await Selector().SelectAsync("1.0.0", default)).Release;
        var byDigest = (await Selector().SelectAsync(release.Images[0].Digest.ToString(), default)).Release;

        Assert.Equal(("1.0.0", null), (byVersion.Name, byVersion.Place));
        Assert.Equal(byVersion.Images[0].Digest, byDigest.Images[0].Digest);
    }

    [Theory]
    [InlineData("prod", "GAN4809")]
    [InlineData("", "GAN4809")]
    [InlineData("--help", "GAN4809")]
    [InlineData("2.0.0", "GAN4014")]
    [InlineData("test", "GAN4807")]
    [InlineData("dev/west", "GAN4810")]
    public async Task A_name_that_leads_nowhere_is_an_error(string name, string code)
    {
        await _fixture.PublishAsync("1.0.0", "app");

        var error = await Assert.ThrowsAsync<GantryException>(() => Selector().SelectAsync(name, default));

        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task Regions_with_different_releases_have_to_be_named()
    {
        var environment = new PromotionEnvironment("dev") { Regions = ["west", "north"] };
        var targets = PromotionTarget.Of(environment, PromotionFixture.DevAddress, PromotionFixture.TestAddress);
        foreach (var (target, version) in targets.Zip(["1.0.0", "1.1.0"]))
            await _fixture.PromoteAsync(_fixture.Request(await _fixture.PublishAsync(version, "app")) with { Targets = [target] });
        var selector = Selector([.. targets]);

        var error = await Assert.ThrowsAsync<GantryException>(() => selector.SelectAsync("dev", default));
        var west = (await selector.SelectAsync("dev/West", default)).Release;

        Assert.Equal("GAN4808", error.Code);
        Assert.Contains("west 1.0.0, north 1.1.0", error.Problem, StringComparison.Ordinal);
        Assert.Equal(("1.0.0", "dev, west"), (west.Name, west.Place));
    }

    [Fact]
    public async Task An_image_that_another_one_was_put_over_has_no_commit()
    {
        await _fixture.PromoteAsync(_fixture.Request(await _fixture.PublishAsync("1.0.0", "app")));
        var other = _fixture.Dev["app"].AddImage("other", "1.0.0");

        var found = (await Selector().SelectAsync("dev", default)).Release;

        Assert.Equal((null, other.Descriptor.Digest), (found.Commit, found.Images[0].Digest));
        Assert.Contains(found.Unknown, sentence => sentence.Contains("GAN4811", StringComparison.Ordinal));
    }

    private ReleaseSelector Selector(params PromotionTarget[] targets) => new(
        _fixture.Repositories, PromotionFixture.BaseAddress, ["app"],
        targets.Length > 0
            ? targets
            : [new(Dev, null, PromotionFixture.DevAddress), new(Test, null, PromotionFixture.TestAddress)],
        _fixture.Time);
}

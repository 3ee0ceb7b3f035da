using Gantry.Copying;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;
using Gantry.Tests.Promotion;

namespace Gantry.Tests.Releases;

public sealed class ReleaseFinderTests
{
    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task A_release_is_found_by_its_version_its_tag_and_any_of_its_digests()
    {
        var release = await _fixture.PublishAsync("1.0.0+5", "app", "worker");

        foreach (var version in new[] { "1.0.0+5", "1.0.0_5", null })
        {
            var found = await FindAsync(version, release.Images[1].Digest);
            Assert.True(found.HasSameContent(release));
        }

        Assert.True((await FindAsync("1.0.0+5", digest: null)).HasSameContent(release));
    }

    [Fact]
    public async Task A_tag_and_digest_that_do_not_match_a_release_are_refused()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");
        var other = _fixture.Base["app"].AddImage("pushed by hand", "by-hand");

        Assert.Equal("GAN4014", await CodeAsync("2.0.0", null));
        Assert.Equal("GAN4015", await CodeAsync("by-hand", null));
        Assert.Equal("GAN4049", await CodeAsync(null, null));
        Assert.Equal("GAN4050", await CodeAsync("1.0.0", other.Descriptor.Digest));
        Assert.Equal("GAN4051", await CodeAsync(null, other.Descriptor.Digest));

        // The tag of one image is enough.
        _fixture.Base["worker"].AddImage("pushed by hand, too", "1.0.0");
        Assert.Equal("GAN4021", await CodeAsync("1.0.0", release.Images[0].Digest));
    }

    [Fact]
    public async Task A_base_tag_that_points_to_another_image_of_the_release_is_refused()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");
        var copy = new CopyRequest
        {
            Source = _fixture.Base["worker"],
            Digest = release.Images[1].Digest,
            Targets = [new CopyTarget(_fixture.Base["app"], "1.0.0") { MoveTagReason = "by mistake" }],
        };
        var outcomes = await new ImageCopier().CopyAsync([copy], CancellationToken.None);
        Assert.True(outcomes[0].Succeeded);

        Assert.Equal("GAN4021", await CodeAsync("1.0.0", null));
    }

    [Fact]
    public async Task A_digest_of_several_releases_needs_a_version()
    {
        var build = _fixture.Build("1.0.0", "app");
        await _fixture.PublishAsync(build);
        await _fixture.PublishAsync(build with { Version = "1.0.1" });
        var digest = build.Images[0].Image.Root.Descriptor.Digest;

        var error = await Assert.ThrowsAsync<GantryException>(() => FindAsync(null, digest));
        Assert.Equal("GAN4052", error.Code);
        Assert.EndsWith("1.0.0, 1.0.1", error.Problem, StringComparison.Ordinal);
        Assert.Equal("1.0.1", (await FindAsync("1.0.1", digest)).Version);
    }

    [Fact]
    public async Task A_promotion_reads_each_base_tag_once_and_checks_it_once_more_before_it_writes()
    {
        await _fixture.PublishAsync("1.0.0", "app", "worker");
        _fixture.Base.Calls.Clear();

        var request = _fixture.Request(await FindAsync("1.0.0", digest: null));
        var plan = await _fixture.PlanAsync(request);
        Assert.Equal(["GetTag app:1.0.0", "GetTag worker:1.0.0"], BaseTags());

        _fixture.Base.Calls.Clear();
        (await new Promoter().ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();
        Assert.Equal(["HeadTag app:1.0.0", "HeadTag worker:1.0.0"], BaseTags());
    }

    [Fact]
    public async Task A_base_tag_that_was_found_in_another_registry_is_read_again()
    {
        await _fixture.PublishAsync("1.0.0", "app", "worker");
        var request = _fixture.Request(await FindAsync("1.0.0", digest: null), targets: PromotionFixture.TestAddress);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            _fixture.PlanAsync(request with { Base = PromotionFixture.DevAddress }));

        Assert.Equal("GAN4021", error.Code);
    }

    private IEnumerable<string> BaseTags() => _fixture.Base.Calls.Where(call => call.EndsWith(":1.0.0", StringComparison.Ordinal)).Order();

    private async Task<string> CodeAsync(string? version, Digest? digest) =>
        (await Assert.ThrowsAsync<GantryException>(() => FindAsync(version, digest))).Code;

    private Task<Release> FindAsync(string? version, Digest? digest) =>
        new ReleaseFinder(_fixture.Repositories).FindAsync(
            PromotionFixture.BaseAddress, ["app", "worker"], version, digest, CancellationToken.None);
}

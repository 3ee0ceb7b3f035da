using System.Globalization;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;
using Gantry.Tests.Promotion;
using Microsoft.Extensions.Time.Testing;

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
        Assert.Equal(["GetTag app:1.0.0", "GetTag worker:1.0.0"], BaseTags());
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

    public static TheoryData<string, string, Func<Release, Release>> Forgeries => new()
    {
        { "GAN4054", "another commit", release => release with { Commit = new string('a', 40) } },
        { "GAN4054", "another branch", release => release with { Branch = "main" } },
        { "GAN4054", "another build", release => release with { BuildId = "1" } },
        { "GAN4054", "an earlier date", release => release with { Created = release.Created.AddDays(-1) } },
        { "GAN4054", "the first of all dates", release => release with { Created = DateTimeOffset.MinValue } },
        { "GAN4054", "a date that is still to come", release => release with { Created = DateTimeOffset.MaxValue } },
        { "GAN4054", "one image less", release => release with { Images = [release.Images[0]] } },
        { "GAN4054", "one image more", release => release with { Images = [.. release.Images, release.Images[0] with { Name = "evil" }] } },
        {
            "GAN4054", "another base image",
            release => release with { Images = [release.Images[0] with { BaseImage = null }, release.Images[1]] }
        },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_second_record_that_differs_is_refused_whatever_its_date(string code, string what, Func<Release, Release> forge)
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");
        var forged = forge(release);
        foreach (var image in release.Images.Where(image => forged.Images.Any(other => other.Digest == image.Digest)))
        {
            await _fixture.Base[image.Name].AddRecordAsync(image.Descriptor, forged);

            Assert.True(code == await CodeAsync("1.0.0", null), what);
            Assert.True(code == await CodeAsync(null, release.Images[0].Digest), what);
        }
    }

    [Fact]
    public async Task Differing_records_are_both_named()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.Base["app"].AddRecordAsync(release.Images[0].Descriptor, release with { Commit = "a", BuildId = "##vso[x]" });
        var records = _fixture.Base["app"].Manifests.Values
            .Where(manifest => manifest.ReadManifest().Subject is not null)
            .Select(manifest => manifest.Descriptor.Digest.ToString())
            .Order(StringComparer.Ordinal)
            .ToList();

        var error = await Assert.ThrowsAsync<GantryException>(() => FindAsync("1.0.0", null));

        Assert.Equal(
            $"the release '1.0.0' has records that differ in commit, build: {records[0]} in base.test:5000/app, and {records[1]} in "
                + "base.test:5000/app",
            error.Problem);
    }

    [Fact]
    public async Task A_record_of_images_that_the_build_does_not_declare_is_refused()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker", "evil");

        var error = await Assert.ThrowsAsync<GantryException>(() => FindAsync("1.0.0", release.Images[0].Digest));

        Assert.Equal("GAN4055", error.Code);
        Assert.EndsWith("does not declare: evil", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_leaves_out_an_image_of_that_version_is_refused()
    {
        await _fixture.PublishAsync("1.0.0", "app");
        _fixture.Base["worker"].AddImage("of another record", "1.0.0");

        Assert.Equal("GAN4055", await CodeAsync("1.0.0", null));
    }

    [Fact]
    public async Task A_release_from_before_an_image_was_declared_is_found()
    {
        await _fixture.PublishAsync("1.0.0", "worker");
        Assert.Equal(["worker"], (await FindAsync("1.0.0", null)).Images.Select(image => image.Name));

        // Some registries refuse to say that they do not have a repository.
        _fixture.Base.Before = (call, _) => call.StartsWith("GetTag app", StringComparison.Ordinal)
            ? throw new GantryException("GAN2003", "base.test:5000 denies access to app", "sign in")
            : Task.CompletedTask;
        Assert.Equal(["worker"], (await FindAsync("1.0.0", null)).Images.Select(image => image.Name));
        Assert.Equal("GAN2003", await CodeAsync("2.0.0", null));
    }

    [Fact]
    public async Task A_moved_tag_is_named_with_the_digest_of_the_release()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        _fixture.Base["app"].AddImage("pushed by hand", "1.0.0");

        Assert.Equal("GAN4021", await CodeAsync(null, release.Images[0].Digest));
        Assert.Equal("GAN4015", await CodeAsync("1.0.0", null));
    }

    [Theory]
    [InlineData("2026-01-02T03:09:06Z")]
    [InlineData("2026-01-03T03:04:05Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public async Task A_release_of_the_future_is_refused(string date)
    {
        var release = await PublishAtAsync(DateTimeOffset.Parse(date, CultureInfo.InvariantCulture));

        Assert.Equal("GAN5015", await CodeAsync("1.0.0", null));

        // A program, or a run that has just published, has not looked for it.
        var planning = await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(_fixture.Request(release)));
        Assert.Equal("GAN5015", planning.Code);
    }

    [Fact]
    public async Task A_release_by_a_machine_whose_clock_is_a_little_ahead_can_be_promoted()
    {
        var release = await PublishAtAsync(_fixture.Time.GetUtcNow() + TimeSpan.FromMinutes(5));

        await FindAsync("1.0.0", null);
        await _fixture.PromoteAsync(_fixture.Request(release));

        var status = await _fixture.ReadAsync(new(new("dev"), null, PromotionFixture.DevAddress), null, "app", "worker");
        Assert.Empty(status.Problems);
    }

    private async Task<Release> PublishAtAsync(DateTimeOffset time) =>
        (await new Publisher(_fixture.Repositories, new FakeTimeProvider(time)).PublishAsync(
            _fixture.Build("1.0.0", "app", "worker"), CancellationToken.None)).Release;

    private IEnumerable<string> BaseTags() => _fixture.Base.Calls.Where(call => call.EndsWith(":1.0.0", StringComparison.Ordinal)).Order();

    private async Task<string> CodeAsync(string? version, Digest? digest) =>
        (await Assert.ThrowsAsync<GantryException>(() => FindAsync(version, digest))).Code;

    private Task<Release> FindAsync(string? version, Digest? digest) =>
        new ReleaseFinder(_fixture.Repositories, _fixture.Time).FindAsync(
            PromotionFixture.BaseAddress, ["app", "worker"], version, digest, CancellationToken.None);
}

using System.Globalization;
using Gantry.Attestations;
using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Promotion;

/// <summary>Comparison of what is under the tags of an environment with its records, the base registry, and other regions.</summary>
public sealed class EnvironmentComparisonTests
{
    private static readonly PromotionTarget Dev = new(new("dev"), Region: null, PromotionFixture.DevAddress);

    private readonly PromotionFixture _fixture = new();

    [Theory]
    [InlineData("app")]
    [InlineData("worker")]
    public async Task An_overwritten_image_is_named_with_both_digests(string name)
    {
        var release = await PromoteAsync("1.0.0", "app", "worker");
        var foreign = _fixture.Dev[name].AddImage("pushed by hand", "1.0.0");

        var status = await _fixture.ReadAsync(Dev, null, "app", "worker");

        var problem = Assert.Single(status.Problems);
        Assert.Equal(
            ("GAN4056",
                $"the tag dev.test:5000/{name}:1.0.0 points to {foreign.Descriptor.Digest} "
                    + $"instead of the released {release.Images.Single(image => image.Name == name).Digest}"),
            (problem.Code, problem.Problem));
    }

    [Fact]
    public async Task The_only_image_of_the_current_release_that_was_overwritten_does_not_hide_behind_the_release_before()
    {
        await PromoteAsync("1.0.0", "app");
        await PromoteAsync("1.1.0", "app");
        _fixture.Dev["app"].AddImage("pushed by hand", "1.1.0");

        var status = await _fixture.ReadAsync(Dev);

        Assert.Equal(("1.1.0", "GAN4056"), (status.Release!.Version, Assert.Single(status.Problems).Code));
    }

    [Fact]
    public async Task An_image_of_another_release_under_the_tag_is_an_overwritten_one()
    {
        var older = await PromoteAsync("1.0.0", "app");
        await PromoteAsync("1.1.0", "app");
        _fixture.Dev["app"].Tags["1.1.0"] = older.Images[0].Digest;

        var status = await _fixture.ReadAsync(Dev);

        Assert.Equal(("1.1.0", "GAN4056"), (status.Release!.Version, Assert.Single(status.Problems).Code));
    }

    [Fact]
    public async Task A_foreign_image_with_a_forged_record_differs_from_the_base_registry()
    {
        var release = await PromoteAsync("1.0.0", "app");
        var foreign = _fixture.Dev["app"].AddImage("pushed by hand", "1.0.0");
        await _fixture.Dev["app"].AddRecordAsync(foreign.Descriptor, Record(release) with { Digest = foreign.Descriptor.Digest });

        Assert.Equal("GAN4056", Assert.Single((await _fixture.ReadAsync(Dev)).Problems).Code);
    }

    [Fact]
    public async Task A_release_that_the_base_registry_does_not_have_is_a_problem()
    {
        await PromoteAsync("1.0.0", "app");
        _fixture.Base["app"].Tags.Clear();
        Assert.Equal("GAN4014", Assert.Single((await _fixture.ReadAsync(Dev)).Problems).Code);

        _fixture.Base["app"].AddImage("pushed by hand", "1.0.0");
        Assert.Equal(["GAN4015"], (await _fixture.ReadAsync(Dev)).Problems.Select(problem => problem.Code));
    }

    [Fact]
    public async Task A_release_is_recorded_only_when_every_image_is()
    {
        await PromoteAsync("1.0.0", "app", "worker");
        _fixture.Dev["worker"].RemoveRecords();

        var status = await _fixture.ReadAsync(Dev, null, "app", "worker");

        var problem = Assert.Single(status.Problems);
        Assert.Equal("GAN4057", problem.Code);
        Assert.EndsWith("in dev: it has no record of the promotion of worker", problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_missing_is_named()
    {
        await PromoteAsync("1.0.0", "app", "worker");
        _fixture.Dev["worker"].Tags.Clear();

        var status = await _fixture.ReadAsync(Dev, null, "app", "worker");

        Assert.Equal(["worker"], status.Release!.MissingImages);
        Assert.EndsWith("in dev: it lacks worker", Assert.Single(status.Problems).Problem, StringComparison.Ordinal);

        // An image that cannot be read may well exist.
        _fixture.Dev.Before = (call, _) => call.EndsWith("Tag worker:1.0.0", StringComparison.Ordinal) || call == "ListTags worker"
            ? throw new GantryException("GAN2003", "no", "sign in")
            : Task.CompletedTask;
        status = await _fixture.ReadAsync(Dev, null, "app", "worker");
        Assert.Equal(["GAN2003: no; sign in."], status.Problems.Select(problem => problem.Message));
    }

    [Fact]
    public async Task An_image_that_was_declared_after_the_release_is_not_missing()
    {
        await PromoteAsync("1.0.0", "app");

        var status = await _fixture.ReadAsync(Dev, null, "app", "added-later");

        Assert.Equal((0, 0), (status.Release!.MissingImages.Count, status.Problems.Count));
    }

    [Fact]
    public async Task Records_that_a_copy_brought_along_do_not_count()
    {
        var release = await PromoteAsync("1.0.0", "app");
        await new ImageCopier(new CopyOptions(), new CopyProgress()).CopyAsync(
            [new() { Source = _fixture.Dev["app"], Tag = "1.0.0", Targets = [new CopyTarget(_fixture.Test["app"], "1.0.0")] }],
            CancellationToken.None);

        var status = await _fixture.ReadAsync(Dev with { Address = PromotionFixture.TestAddress });

        Assert.Null(status.Release!.Since);
        var problem = Assert.Single(status.Problems);
        Assert.Equal("GAN4057", problem.Code);
        Assert.EndsWith("the records there name another place: dev.test:5000/app", problem.Problem, StringComparison.Ordinal);
        Assert.Contains(
            "dev: promotion records of other places do not count there: dev.test:5000/app",
            (await _fixture.ShowAsync([Dev with { Address = PromotionFixture.TestAddress }])).Lines);

        // Promoted there, too, it is recorded there.
        await _fixture.PromoteAsync(_fixture.Request(release, targets: PromotionFixture.TestAddress));
        Assert.Empty((await _fixture.ReadAsync(Dev with { Address = PromotionFixture.TestAddress })).Problems);
    }

    [Theory]
    [InlineData("oci:artifacts/dev/app", "oci:artifacts/dev/app", true)]
    [InlineData("oci:./artifacts//dev/app", "oci:artifacts/other/../dev/app", true)]
    [InlineData("oci:/artifacts/dev/app", "oci:artifacts/dev/app", false)]
    [InlineData("oci:../dev/app", "oci:dev/app", false)]
    [InlineData("oci:a/dev/app", "oci:b/dev/app", false)]
    [InlineData("contoso.azurecr.io/dev/app", "contoso.azurecr.io/dev/app", true)]
    [InlineData("contoso.azurecr.io/dev/app", "contoso.azurecr.io/dev/./app", false)]
    public void Places_are_the_same_when_their_paths_mean_the_same(string named, string location, bool same) =>
        Assert.Equal(same, RecordPlace.IsSame(named, location));

    [Fact]
    public async Task A_record_whose_annotations_say_something_else_is_refused()
    {
        var release = await PromoteAsync("1.0.0", "app");
        var json = Record(release).ToJson();
        var forged = DocumentArtifact.Create(
            PromotionReferrer.ArtifactType,
            json,
            release.Images[0].Descriptor,
            new(StringComparer.Ordinal)
            {
                ["org.opencontainers.image.created"] = "2026-01-02T00:00:00Z",
                ["org.opencontainers.image.version"] = "1.0.0",
                ["vnd.gantry.promotion.environment"] = "dev",
                ["vnd.gantry.promotion.to"] = "dev.test:5000/app",
            });
        await DocumentArtifact.PutAsync(_fixture.Dev["app"], forged, json, CancellationToken.None);

        Assert.Contains("GAN4045", (await _fixture.ReadAsync(Dev)).Problems.Select(problem => problem.Code));
    }

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public async Task Annotations_without_a_record_are_a_problem_and_no_promotion(string version)
    {
        var older = await PromoteAsync("1.0.0", "app");
        var newer = await PromoteAsync("1.1.0", "app");
        var since = _fixture.Time.GetUtcNow();
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        var release = version == "1.0.0" ? older : newer;
        var (manifest, _) = PromotionReferrer.Create(Record(release), release.Images[0].Descriptor);
        var document = manifest.ReadManifest();
        var forged = ManifestContent.Create(document with { Layers = [document.Config] });
        await _fixture.Dev["app"].PutManifestAsync(forged, CancellationToken.None);

        var status = await _fixture.ReadAsync(Dev);

        Assert.Equal(("1.1.0", since), (status.Release!.Version, status.Release.Since));
        var problem = Assert.Single(status.Problems);
        Assert.Equal("GAN4045", problem.Code);
        Assert.Contains($"{forged.Descriptor.Digest} in dev.test:5000/app", problem.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z", "is in the future")]
    [InlineData("2026-01-02T03:11:06Z", "is in the future")]
    [InlineData("0001-01-01T00:00:00Z", "is before there were such images")]
    public async Task A_record_with_a_date_that_cannot_be_true_is_reported_and_does_not_count(string date, string fault)
    {
        var release = await PromoteAsync("1.0.0", "app");
        var forged = Record(release) with { Promoted = DateTimeOffset.Parse(date, CultureInfo.InvariantCulture) };
        await _fixture.Dev["app"].AddRecordAsync(release.Images[0].Descriptor, forged);

        var status = await _fixture.ReadAsync(Dev);

        Assert.Equal(_fixture.Time.GetUtcNow(), status.Release!.Since);
        var problem = Assert.Single(status.Problems);
        Assert.Equal("GAN4059", problem.Code);
        Assert.EndsWith(fault, problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_from_before_the_publication_does_not_count()
    {
        var release = await PromoteAsync("1.0.0", "app");
        var early = Record(release) with { Promoted = release.Created - TimeSpan.FromHours(1) };
        _fixture.Dev["app"].RemoveRecords();
        await _fixture.Dev["app"].AddRecordAsync(release.Images[0].Descriptor, early);

        var status = await _fixture.ReadAsync(Dev);
        Assert.Equal(["GAN4057", "GAN4059"], status.Problems.Select(problem => problem.Code).Order());
        Assert.Null(status.Release!.Since);

        // The release may have been published again: after its next promotion, all is well.
        await _fixture.PromoteAsync(_fixture.Request(release));
        status = await _fixture.ReadAsync(Dev);
        Assert.Equal((_fixture.Time.GetUtcNow(), 0), (status.Release!.Since, status.Problems.Count));
    }

    [Fact]
    public async Task A_release_with_nothing_but_an_implausible_record_is_recorded_by_its_next_promotion()
    {
        var release = await PromoteAsync("1.0.0", "app");
        var forged = Record(release) with { Promoted = DateTimeOffset.MaxValue };
        _fixture.Dev["app"].RemoveRecords();
        await _fixture.Dev["app"].AddRecordAsync(release.Images[0].Descriptor, forged);
        Assert.Equal(["GAN4057", "GAN4059"], (await _fixture.ReadAsync(Dev)).Problems.Select(problem => problem.Code).Order());

        await _fixture.PromoteAsync(_fixture.Request(release));

        Assert.Equal(["GAN4059"], (await _fixture.ReadAsync(Dev)).Problems.Select(problem => problem.Code));
    }

    [Fact]
    public async Task More_records_than_promotions_write_are_refused()
    {
        var release = await PromoteAsync("1.0.0", "app");
        var image = release.Images[0];
        _fixture.Dev["app"].FalseReferrers[image.Digest] =
        [
            .. Enumerable.Range(0, Limits.PromotionRecords).Select(number => image.Descriptor with
            {
                Digest = Digest.Of([(byte)(number >> 8), (byte)number]),
                ArtifactType = PromotionReferrer.ArtifactType,
            }),
        ];

        Assert.Contains(
            (await _fixture.ReadAsync(Dev)).Problems,
            problem => problem.Code == "GAN4059"
                && problem.Problem.StartsWith("there are 501 promotion records", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Regions_with_different_releases_or_images_differ()
    {
        var prod = new PromotionEnvironment("prod") { Regions = ["west", "east"] };
        var older = await _fixture.PublishAsync("1.0.0", "app");
        var request = _fixture.Request(older, targets: [PromotionFixture.DevAddress, PromotionFixture.TestAddress]).To(prod);
        await _fixture.PromoteAsync(request);
        Assert.All(await ReadAsync(), status => Assert.Empty(status.Problems));

        _fixture.Time.Advance(TimeSpan.FromHours(1));
        var newer = await _fixture.PublishAsync("1.1.0", "app");
        await _fixture.PromoteAsync(request with { Release = newer, Targets = [request.Targets[0]] });
        Assert.All(await ReadAsync(), status => Assert.Equal(
            ("GAN4058", "the regions of prod differ: west has 1.1.0, and east has 1.0.0"),
            (Assert.Single(status.Problems).Code, status.Problems[0].Problem)));

        await _fixture.PromoteAsync(request with { Release = newer });
        var foreign = _fixture.Test["app"].AddImage("pushed by hand", "1.1.0");
        var statuses = await ReadAsync();
        Assert.Equal(["GAN4058"], statuses[0].Problems.Select(problem => problem.Code));
        Assert.Equal(["GAN4056", "GAN4058"], statuses[1].Problems.Select(problem => problem.Code));
        Assert.EndsWith(
            $"app:1.1.0 is {newer.Images[0].Digest} in west, and {foreign.Descriptor.Digest} in east",
            statuses[0].Problems[0].Problem,
            StringComparison.Ordinal);

        async Task<IReadOnlyList<EnvironmentStatus>> ReadAsync() => RegionComparison.Compare(
            [await _fixture.ReadAsync(request.Targets[0]), await _fixture.ReadAsync(request.Targets[1])]);
    }

    [Fact]
    public async Task A_region_without_a_release_was_read_and_differs_from_the_others()
    {
        var prod = new PromotionEnvironment("prod") { Regions = ["west", "east"] };
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var request = _fixture.Request(release, targets: [PromotionFixture.DevAddress, PromotionFixture.TestAddress]).To(prod);
        await _fixture.PromoteAsync(request with { Targets = [request.Targets[0]] });

        var shown = await _fixture.ShowAsync(request.Targets);

        Assert.Equal(["1.0.0 (see below)", "none (see below)"], shown.Rows.Select(row => row[1]));
        Assert.Equal(
            "prod: GAN4058: the regions of prod differ: west has 1.0.0, and east has none; promote the release to all of its regions.",
            shown.Lines[0]);
    }

    private PromotionRecord Record(Release release) => new()
    {
        Environment = "dev",
        Version = release.Version,
        Image = "app",
        Digest = release.Images[0].Digest,
        Promoted = _fixture.Time.GetUtcNow(),
        By = new() { Name = "Mallory" },
        From = "base.test:5000/app",
        To = "dev.test:5000/app",
        Gates = [],
    };

    private async Task<Release> PromoteAsync(string version, params string[] images)
    {
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        var release = await _fixture.PublishAsync(version, images);
        await _fixture.PromoteAsync(_fixture.Request(release));
        return release;
    }
}

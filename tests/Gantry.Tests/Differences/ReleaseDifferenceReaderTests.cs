using Gantry.Differences;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Differences;

public sealed class ReleaseDifferenceReaderTests
{
    private readonly DifferenceFixture _fixture = new();

    [Fact]
    public async Task Packages_are_added_removed_and_changed()
    {
        var before = _fixture.AddImage(["a"], packages: [("Polly", "8.0.0"), ("Old", "1.0.0"), ("Same", "1.0.0"), ("Twice", "1.0.0")]);
        var after = _fixture.AddImage(
            ["b"], packages: [("Polly", "8.1.0"), ("New", "2.0.0"), ("Same", "1.0.0"), ("Twice", "1.0.0"), ("Twice", "2.0.0")]);

        var image = await _fixture.CompareAsync(before, after);

        Assert.Equal(
            [
                new("New", "nuget", null, "2.0.0"),
                new("Old", "nuget", "1.0.0", null),
                new("Polly", "nuget", "8.0.0", "8.1.0"),
                new ChangedPackage("Twice", "nuget", null, "2.0.0"),
            ],
            image.Packages);
    }

    [Fact]
    public async Task Layers_and_sizes_are_compared_for_each_platform()
    {
        var before = _fixture.AddIndex(
            ("linux/amd64", _fixture.AddImage(["base", "app 1"])), ("linux/arm64", _fixture.AddImage(["base arm", "app arm"])));
        var after = _fixture.AddIndex(
            ("linux/amd64", _fixture.AddImage(["base", "app 22"])), ("linux/arm64", _fixture.AddImage(["base arm", "app arm"])));

        var image = await _fixture.CompareAsync(before, after);

        Assert.Equal(
            [("app 1", true, "linux/amd64"), ("app 22", false, "linux/amd64")],
            image.Layers.Select(layer =>
                (System.Text.Encoding.UTF8.GetString(_fixture.App.Blobs[layer.Digest]), layer.IsRemoved, layer.Platform)));
        Assert.Equal((24, 25), (image.SizeBefore, image.SizeAfter));
    }

    [Fact]
    public async Task A_platform_that_came_or_went_is_a_setting()
    {
        var one = _fixture.AddImage(["one"], """{"os":"linux","config":{"User":"1"}}""");
        var before = _fixture.AddIndex(("linux/amd64", one), ("linux/arm/v7", _fixture.AddImage(["arm"])));
        var after = _fixture.AddIndex(("linux/amd64", one), ("linux/arm64", _fixture.AddImage(["arm64"])));

        var image = await _fixture.CompareAsync(before, after);

        Assert.Equal(
            [("Platform linux/arm64", false, true), ("Platform linux/arm/v7", true, false)],
            image.Settings.Select(setting => (setting.Name, setting.Before is not null, setting.After is not null)));
    }

    [Fact]
    public async Task Settings_are_compared_one_by_one()
    {
        var before = _fixture.AddImage(["a"], """
            {"os":"linux","architecture":"amd64","config":{"User":"app","Env":["PATH=/bin","A=1","Gone=x"],"Entrypoint":["/app","a b"],
             "ExposedPorts":{"80/tcp":{}},"Labels":{"team":"one"},"WorkingDir":"/"}}
            """);
        var after = _fixture.AddImage(["b"], """
            {"os":"linux","architecture":"amd64","config":{"User":"app","Env":["PATH=/bin","A=2=3"],"Entrypoint":["/app"],"Cmd":["x"],
             "ExposedPorts":{"8080/tcp":{},"80/tcp":{}},"Labels":{"team":"two"},"WorkingDir":"/app"}}
            """);

        Assert.Equal(
            [
                new("Cmd", null, "[\"x\"]"),
                new("Entrypoint", "[\"/app\", \"a b\"]", "[\"/app\"]"),
                new("Env A", "1", "2=3"),
                new("Env Gone", "x", null),
                new("ExposedPorts", "80/tcp", "80/tcp, 8080/tcp"),
                new("Label team", "one", "two"),
                new ChangedSetting("WorkingDir", "/", "/app"),
            ],
            (await _fixture.CompareAsync(before, after)).Settings);
    }

    [Fact]
    public async Task The_base_image_is_newer_by_the_time_between_both()
    {
        var before = _fixture.AddImage(["a"], History("2026-01-01T00:00:00Z"));
        var after = _fixture.AddImage(["b"], History("2026-01-22T00:00:00Z"));

        var difference = await _fixture.ReadAsync(
            _fixture.Release("1", before, baseImage: "mcr.test/aspnet:10.0", baseDigest: DifferenceFixture.DigestOf("one")),
            _fixture.Release("2", after, baseImage: "mcr.test/aspnet:10.0", baseDigest: DifferenceFixture.DigestOf("two")));

        Assert.Equal(
            new ChangedBaseImage(
                $"mcr.test/aspnet:10.0@{DifferenceFixture.DigestOf("one")}",
                $"mcr.test/aspnet:10.0@{DifferenceFixture.DigestOf("two")}",
                TimeSpan.FromDays(21)),
            difference.Images[0].BaseImage);
    }

    [Fact]
    public async Task The_same_base_image_is_no_difference()
    {
        var digest = DifferenceFixture.DigestOf("one");
        var difference = await _fixture.ReadAsync(
            _fixture.Release("1", _fixture.AddImage(["a"]), baseImage: "mcr.test/aspnet:10.0", baseDigest: digest),
            _fixture.Release("2", _fixture.AddImage(["b"]), baseImage: "mcr.test/aspnet:10.0", baseDigest: digest));

        Assert.Null(difference.Images[0].BaseImage);
    }

    [Fact]
    public async Task Without_a_record_the_annotations_name_the_base_image()
    {
        var before = Image("one", "10.0.0");
        var after = Image("two", "10.0.1");

        var difference = await _fixture.ReadAsync(Plain("1", before), Plain("2", after));

        var found = difference.Images[0].BaseImage!;
        Assert.Equal(
            ($"mcr.test/x:10.0.0@{DifferenceFixture.DigestOf("one")}", $"mcr.test/x:10.0.1@{DifferenceFixture.DigestOf("two")}", null),
            (found.Before, found.After, found.NewerBy));

        ManifestContent Image(string digest, string tag) => _fixture.AddImage([digest], annotations: new Dictionary<string, string>
        {
            ["org.opencontainers.image.base.name"] = $"mcr.test/x:{tag}",
            ["org.opencontainers.image.base.digest"] = DifferenceFixture.DigestOf(digest),
        });
    }

    [Fact]
    public async Task Images_that_came_and_went_have_one_digest()
    {
        var image = _fixture.AddImage(["layer"]);

        var came = await _fixture.ReadAsync(_fixture.Release("1", null), _fixture.Release("2", image));
        var went = await _fixture.ReadAsync(_fixture.Release("2", image), _fixture.Release("3", null));

        Assert.Equal((null, image.Descriptor.Digest, 0, 5), Sides(came));
        Assert.Equal((image.Descriptor.Digest, null, 5, 0), Sides(went));
        Assert.Empty(came.Unknown.Concat(went.Unknown));

        static (Digest?, Digest?, long, long) Sides(ReleaseDifference difference) =>
            (difference.Images[0].From, difference.Images[0].To, difference.Images[0].SizeBefore, difference.Images[0].SizeAfter);
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_and_the_rest_is_there()
    {
        var before = _fixture.AddImage(["a"], packages: [("Polly", "1.0.0")]);
        var after = _fixture.AddImage(["b"], "no JSON");

        var difference = await _fixture.ReadAsync(_fixture.Release("1", before, "0123"), _fixture.Release("2", after, "4567"));

        Assert.Equal(2, difference.Images[0].Layers.Count);
        Assert.Collection(
            difference.Unknown,
            commits => Assert.Contains("without a clone", commits, StringComparison.Ordinal),
            packages => Assert.Contains("GAN4804", packages, StringComparison.Ordinal),
            settings => Assert.Contains("GAN1005", settings, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registry_that_fails_is_an_unknown_part()
    {
        var (before, after) = (_fixture.AddImage(["a"]), _fixture.AddImage(["b"]));
        _fixture.Registry.Before = (_, _) => throw new GantryException("GAN2005", "registry.test answers 500", "try again later");

        var difference = await _fixture.ReadAsync(_fixture.Release("1", before), _fixture.Release("2", after));

        Assert.Equal("what differs in app: registry.test answers 500; try again later (GAN2005)", Assert.Single(difference.Unknown));
        Assert.Equal(after.Descriptor.Digest, difference.Images[0].To);
    }

    [Fact]
    public async Task A_missing_manifest_is_named()
    {
        var (before, after) = (_fixture.AddImage(["a"]), _fixture.AddImage(["b"]));
        _fixture.App.Manifests.Remove(before.Descriptor.Digest, out _);

        var difference = await _fixture.ReadAsync(_fixture.Release("1", before), _fixture.Release("2", after));

        Assert.Contains("GAN4805", Assert.Single(difference.Unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commits_that_cannot_be_listed_say_why()
    {
        using var folder = new TempFolder();
        var reader = new ReleaseDifferenceReader { Commits = new GitCommitLog(folder.Path) };

        var difference = await _fixture.ReadAsync(
            _fixture.Release("1", null, new string('0', 40)), _fixture.Release("2", null, new string('1', 40)), reader);

        Assert.Contains("GAN4801", Assert.Single(difference.Unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_images_cost_no_request()
    {
        var image = _fixture.AddImage(["a"], packages: [("Polly", "1.0.0")]);

        var difference = await _fixture.ReadAsync(_fixture.Release("1", image), _fixture.Release("2", image));

        Assert.True(difference.Images[0].IsSame);
        Assert.Empty(_fixture.Registry.Calls);
    }

    [Fact]
    public async Task An_image_costs_ten_requests_and_a_summary_of_its_packages_eight()
    {
        var before = _fixture.AddImage(["a"], packages: [("Polly", "1.0.0")]);
        var after = _fixture.AddImage(["b"], packages: [("Polly", "2.0.0")]);

        await _fixture.ReadAsync(_fixture.Release("1", before), _fixture.Release("2", after));
        Assert.Equal(10, _fixture.Registry.Calls.Count);

        await _fixture.ReadAsync(
            _fixture.Release("1", before),
            _fixture.Release("2", after),
            new ReleaseDifferenceReader { Parts = DifferenceParts.Packages, FirstPlatformOnly = true });
        Assert.Equal(8, _fixture.Registry.Calls.Count);
    }

    [Fact]
    public async Task A_summary_of_many_platforms_reads_the_first()
    {
        string[] platforms = ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/s390x"];
        var before = Index("1.0.0");
        var after = Index("2.0.0");

        var difference = await _fixture.ReadAsync(
            _fixture.Release("1", before),
            _fixture.Release("2", after),
            new ReleaseDifferenceReader { Parts = DifferenceParts.Packages, FirstPlatformOnly = true });

        Assert.Equal(new ChangedPackage("Polly", "nuget", "1.0.0", "2.0.0"), Assert.Single(difference.Images[0].Packages));
        Assert.Equal(8, _fixture.Registry.Calls.Count);

        ManifestContent Index(string version) => _fixture.AddIndex(
            [.. platforms.Select(name => (name, _fixture.AddImage([name, version], packages: [("Polly", version)])))]);
    }

    [Fact]
    public async Task With_a_cache_the_second_read_asks_for_referrers_alone()
    {
        using var folder = new TempFolder();
        var before = _fixture.AddImage(["a"], packages: [("Polly", "1.0.0")]);
        var after = _fixture.AddImage(["b"], packages: [("Polly", "2.0.0")]);
        var cached = new CachedRegistryClient(_fixture.Registry, new ContentCache(folder.Path))
            .Open(RegistryAddress.Parse("registry.test:5000"), "app");

        await _fixture.ReadAsync(At(before), At(after));
        await _fixture.ReadAsync(At(before), At(after));

        Assert.All(_fixture.Registry.Calls, call => Assert.StartsWith("ListReferrers", call, StringComparison.Ordinal));
        Assert.Equal(2, _fixture.Registry.Calls.Count);

        ReleaseToCompare At(ManifestContent image)
        {
            var release = _fixture.Release("1", image);
            return release with { Images = [.. release.Images.Select(one => one with { Repository = cached })] };
        }
    }

    [Fact]
    public async Task Too_many_platforms_are_compared_up_to_the_limit()
    {
        var count = Limits.ComparedPlatforms + 3;
        var before = Index("a");
        var after = Index("b");

        var difference = await _fixture.ReadAsync(_fixture.Release("1", before), _fixture.Release("2", after));

        Assert.Contains(difference.Unknown, sentence => sentence.Contains("ComparedPlatforms", StringComparison.Ordinal));
        Assert.True(_fixture.Registry.Calls.Count < 12 * Limits.ComparedPlatforms);

        ManifestContent Index(string content) => _fixture.AddIndex(
            [.. Enumerable.Range(0, count).Select(number => ($"linux/p{number}", _fixture.AddImage([$"{content} {number}"])))]);
    }

    [Fact]
    public async Task Too_many_SBOMs_are_not_read()
    {
        var (before, after) = (_fixture.AddImage(["a"]), _fixture.AddImage(["b"], packages: [("Polly", "1.0.0")]));
        for (var number = 0; number <= Limits.ComparedSboms; number++)
            _fixture.App.AddArtifact(before, DifferenceFixture.Sbom(("P", $"{number}")), DifferenceFixture.CycloneDx);

        var difference = await _fixture.ReadAsync(_fixture.Release("1", before), _fixture.Release("2", after));

        Assert.Contains("ComparedSboms", Assert.Single(difference.Unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_of_hostile_values_is_compared_or_named()
    {
        var before = _fixture.AddImage(["a"], """{"config":{"Env":[1,null,"X"],"Labels":{"a":5},"User":7,"Cmd":{}},"history":[3]}""");
        var after = _fixture.AddImage(["b"], """{"config":{"Labels":{"a":"\ud800"}},"history":"x"}""");

        var difference = await _fixture.ReadAsync(_fixture.Release("1", before), _fixture.Release("2", after));

        Assert.Contains(difference.Unknown, sentence => sentence.Contains("GAN1005", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sizes_that_no_layer_can_have_do_not_overflow()
    {
        var before = Lying(long.MaxValue, long.MaxValue);
        var after = Lying(-5, 1);

        var image = await _fixture.CompareAsync(before, after);

        Assert.Equal((long.MaxValue, 1), (image.SizeBefore, image.SizeAfter));

        ManifestContent Lying(params long[] sizes) => _fixture.App.Add(
            ManifestContent.Create(new Manifest
            {
                MediaType = MediaTypes.OciManifest,
                Config = _fixture.App.AddBlob(MediaTypes.OciConfig, "{}"),
                Layers = [.. sizes.Select((size, number) =>
                    _fixture.App.AddBlob(MediaTypes.OciLayerGzip, $"{size} {number}") with { Size = size })],
            }),
            null);
    }

    private ReleaseToCompare Plain(string name, ManifestContent image) =>
        new() { Name = name, Images = [new ImageToCompare("app", _fixture.App, image.Descriptor.Digest)] };

    private static string History(string created) => $$"""
        {"os":"linux","history":[{"created":"2020-01-01T00:00:00Z"},{"created":"{{created}}"},
         {"created":"2026-05-05T00:00:00Z","comment":"gantry"}]}
        """;
}

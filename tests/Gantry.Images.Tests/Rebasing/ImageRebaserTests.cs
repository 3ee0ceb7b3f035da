using System.Text.Json.Nodes;
using Gantry.Images.Comparison;
using Gantry.Images.Rebasing;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Images.Tests.Rebasing;

public sealed class ImageRebaserTests : IAsyncLifetime
{
    private const string Everything =
        $"FROM {RebaseFixture.Base}\nENV MODE=fast NAME=\"a b\"\nLABEL team=quay note=\"x=y z\"\nWORKDIR /app\n"
        + "COPY --chown=app:1654 app ./\nCOPY motd /srv/motd\nCOPY motd /lnk/other\nUSER $APP_UID\nEXPOSE 8080 9090/udp\n"
        + "VOLUME [\"/data\", \"/with space\"]\nSTOPSIGNAL SIGTERM\nENTRYPOINT [\"/app/run\"]\nCMD [\"--all\"]\n";

    private readonly RebaseFixture _rebase = new();

    public Task InitializeAsync()
    {
        _rebase.Build.Write("app/run", "#!/bin/sh", executable: true).Write("app/lib/data.txt", "data").Write("motd", "hello");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _rebase.DisposeAsync();

    [Theory]
    [InlineData(Everything)]
    [InlineData($"FROM {RebaseFixture.Base}\nCOPY motd /motd\n")]
    [InlineData($"FROM {RebaseFixture.Base}\nCOPY motd /srv/\nENTRYPOINT run it\nCMD [\"x\"]\n")]
    [InlineData($"FROM {RebaseFixture.Base}\nENTRYPOINT [\"/bin/true\"]\n")]
    [InlineData($"FROM {RebaseFixture.Base}\nUSER app\nWORKDIR /home/app\nENV PATH=/app:$PATH\nCOPY app lib\n")]
    public async Task A_rebased_image_is_what_a_build_on_the_new_base_image_gives(string dockerfile)
    {
        _rebase.Build.Dockerfile(dockerfile);
        await RebaseFixture.OldBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();
        var container = new JsonObject
        {
            ["Env"] = new JsonArray("PATH=/usr/bin", "ADDED=1", "RUNTIME_VERSION=1.0.2", "APP_UID=1654"),
            ["ExposedPorts"] = new JsonObject { ["80/tcp"] = new JsonObject() },
            ["Labels"] = new JsonObject { ["vendor"] = "someone", ["team"] = "base" },
            ["Cmd"] = new JsonArray("sh"),
            ["StopSignal"] = "SIGQUIT",
        };
        await RebaseFixture.NewBase(container: container).PushAsync(_rebase.Build.Registries, RebaseFixture.Base);

        var rebased = await _rebase.RebaseAsync(built);
        var fresh = await _rebase.BuildAsync("1.4.3");

        await AssertSameAsync(rebased, built, fresh);
    }

    [Fact]
    public async Task A_new_base_image_may_be_compressed_with_zstd()
    {
        _rebase.Build.Dockerfile(Everything);
        await RebaseFixture.OldBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();
        await RebaseFixture.NewBase(zstd: true).PushAsync(_rebase.Build.Registries, RebaseFixture.Base);

        var rebased = await _rebase.RebaseAsync(built);

        await AssertSameAsync(rebased, built, await _rebase.BuildAsync("1.4.3"));
    }

    [Fact]
    public async Task All_platforms_are_rebased_each_on_its_own_base_image()
    {
        _rebase.Build.Dockerfile(Everything);
        Platform[] platforms = [Platform.LinuxAmd64, Platform.LinuxArm64];
        await BaseImageFactory.PushIndexAsync(
            _rebase.Build.Registries, RebaseFixture.Base,
            RebaseFixture.OldBase(platforms[0]), RebaseFixture.OldBase(platforms[1]));
        var built = await _rebase.BuildAsync("1.4.2", platforms);
        await BaseImageFactory.PushIndexAsync(
            _rebase.Build.Registries, RebaseFixture.Base,
            RebaseFixture.NewBase(platforms[0]), RebaseFixture.NewBase(platforms[1]));

        var rebased = await _rebase.RebaseAsync(built);
        var fresh = await _rebase.BuildAsync("1.4.3", platforms);

        Assert.True(rebased.Image.Root.IsIndex);
        await AssertSameAsync(rebased, built, fresh);
        Assert.Equal(platforms, rebased.Image.Platforms);
    }

    [Fact]
    public async Task The_same_inputs_give_the_same_digest_and_another_version_another_one()
    {
        _rebase.Build.Dockerfile(Everything);
        await RebaseFixture.OldBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();
        await RebaseFixture.NewBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);

        var digests = new List<Digest>();
        foreach (var version in new[] { "1.4.3", "1.4.3", "1.4.4" })
            digests.Add((await _rebase.RebaseAsync(built, version)).Image.Root.Descriptor.Digest);

        Assert.Equal(digests[0], digests[1]);
        Assert.NotEqual(digests[0], digests[2]);
    }

    [Fact]
    public async Task A_fixed_digest_is_taken_whatever_the_tag_points_to_by_now()
    {
        _rebase.Build.Dockerfile(Everything);
        await RebaseFixture.OldBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();
        var wanted = await RebaseFixture.NewBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        await RebaseFixture.OldBase(version: "1.0.9").PushAsync(_rebase.Build.Registries, RebaseFixture.Base);

        var pinned = ImageReference.Parse(RebaseFixture.Base).At(wanted.Descriptor.Digest);
        var plan = await _rebase.PlanAsync(built, new RebaseOptions { PinnedBaseImages = [pinned] });

        Assert.Equal(pinned, Assert.Single(plan.BaseImages).After);
    }

    [Fact]
    public async Task A_rebased_image_can_be_rebased_again_and_records_the_one_before()
    {
        _rebase.Build.Dockerfile(Everything);
        await RebaseFixture.OldBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();
        await RebaseFixture.NewBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        var first = await _rebase.RebaseAsync(built);
        await RebaseFixture.OldBase(version: "1.0.3").PushAsync(_rebase.Build.Registries, RebaseFixture.Base);

        var digest = first.Image.Root.Descriptor.Digest;
        var plan = await new ImageRebaser(_rebase.Build.Registries).PlanAsync(
            new RebaseRequest("app", first.Source, digest), CancellationToken.None);
        var second = plan.Create("1.4.3", "1.4.4", plan.Created);

        var inputs = await RecordedInputs.ReadAsync(
            new ComparedImage(second.Source, second.Image.Root.Descriptor.Digest), CancellationToken.None);
        Assert.Equal(new RebasedFrom("1.4.3", digest), inputs.RebasedFrom);
        Assert.True(inputs.IsBuiltInProcess);
        var fresh = await _rebase.BuildAsync("1.4.4");
        Assert.Equal(fresh.Root.ReadManifest().Config, second.Image.Root.ReadManifest().Config);
    }

    [Fact]
    public async Task An_image_whose_base_image_has_not_moved_stays_as_it_is()
    {
        _rebase.Build.Dockerfile(Everything);
        await RebaseFixture.OldBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();

        var plan = await _rebase.PlanAsync(built);

        Assert.False(plan.HasMoved);
        Assert.Equal(built.Root.Descriptor, plan.Create("1.4.2", "1.4.3", plan.Created).Image.Root.Descriptor);
    }

    [Fact]
    public async Task The_time_is_that_of_the_new_base_image_where_it_is_later()
    {
        _rebase.Build.Dockerfile(Everything);
        await RebaseFixture.OldBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();
        await RebaseFixture.NewBase().PushAsync(_rebase.Build.Registries, RebaseFixture.Base, config =>
        {
            config["created"] = "2026-11-28T01:02:03.987654Z";
            return config;
        });

        var plan = await _rebase.PlanAsync(built);
        var version = new RebasedVersion().Create("1.4.2", [plan]);
        var rebased = plan.Create("1.4.2", version, plan.Created);

        Assert.Equal("1.4.2+base.20261128", version);
        var annotations = rebased.Image.Root.ReadManifest().Annotations!;
        Assert.Equal("2026-11-28T01:02:03Z", annotations["org.opencontainers.image.created"]);
        Assert.Equal("1.4.2+base.20261128", annotations["org.opencontainers.image.version"]);
        Assert.Equal(plan.BaseImages[0].After.Digest.ToString(), annotations["org.opencontainers.image.base.digest"]);
        Assert.Equal(RebaseFixture.Base, annotations["org.opencontainers.image.base.name"]);
        Assert.Equal(built.Root.Descriptor.Digest.ToString(), annotations[RebaseAnnotations.Digest]);
    }

    private async Task AssertSameAsync(RebasedImage rebased, BuiltImage built, BuiltImage fresh)
    {
        var (roots, others) = (await ManifestsAsync(rebased.Source, rebased.Image), await ManifestsAsync(_rebase.Build.Target, fresh));
        foreach (var (actual, expected) in roots.Zip(others))
        {
            // The configuration is the same, byte for byte: layers, command, variables, labels, history.
            Assert.Equal(expected.Config, actual.Config);
            Assert.Equal(expected.Layers, actual.Layers);
            var annotations = actual.Annotations!.Where(one => !one.Key.StartsWith("dev.gantry.rebase.", StringComparison.Ordinal));
            Assert.Equal(expected.Annotations!.OrderBy(one => one.Key), annotations.OrderBy(one => one.Key));
            Assert.Equal("1.4.2", actual.Annotations![RebaseAnnotations.Version]);
            Assert.Equal(built.Root.Descriptor.Digest.ToString(), actual.Annotations[RebaseAnnotations.Digest]);
        }

        Assert.Equal(others.Count, roots.Count);
        Assert.Equal(fresh.BaseImage, rebased.Image.BaseImage);
        if (!rebased.Image.Root.IsIndex)
            await ImageContents.ReadAsync(rebased.Source, rebased.Image.Root.Descriptor.Digest);
    }

    private static async Task<IReadOnlyList<Manifest>> ManifestsAsync(IImageRepository source, BuiltImage image)
    {
        if (!image.Root.IsIndex)
            return [image.Root.ReadManifest()];
        var manifests = new List<Manifest>();
        foreach (var entry in image.Root.ReadIndex().Manifests)
            manifests.Add((await source.FindManifestAsync(entry.Digest, CancellationToken.None))!.ReadManifest());
        return manifests;
    }
}

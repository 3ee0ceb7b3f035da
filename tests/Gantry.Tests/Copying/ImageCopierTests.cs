using Gantry.Copying;
using Gantry.Oci;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Copying;

public sealed class ImageCopierTests
{
    private readonly FakeRegistry _from = new("from.test");
    private readonly FakeRegistry _to = new("to.test");

    [Fact]
    public async Task An_image_arrives_byte_for_byte()
    {
        var image = _from["app"].AddImage("one", "v1");

        var outcome = await CopyAsync();

        Assert.Equal(image.Bytes.ToArray(), _to["app"].Manifests[image.Descriptor.Digest].Bytes.ToArray());
        Assert.Equal(image.Descriptor.Digest, _to["app"].Tags["v1"]);
        Assert.Equal(_from["app"].Blobs.Keys.ToHashSet(), _to["app"].Blobs.Keys.ToHashSet());
        Assert.Equal((3, 0, true), (outcome.BlobsUploaded, outcome.BlobsMounted, outcome.TagWritten));
        _to["app"].AssertComplete();
    }

    [Fact]
    public async Task A_new_blob_is_uploaded_without_checking_for_it()
    {
        _from["app"].AddImage("one", "v1", layers: 5);

        await CopyAsync();

        Assert.Equal(0, _to.Count("HeadBlob"));
        Assert.Equal(6, _to.Count("PutBlob"));
        Assert.Equal((1, 0, 2), (_to.Count("PutTag"), _to.Count("PutManifest"), _to.Count("GetTag")));
        Assert.Equal(2, _from.Count("GetTag app:sha256-"));
        Assert.Equal((3, 1, 1, 6), (_from.Count("GetTag"), _from.Count("ListTags"), _from.Count("ListReferrers"), _from.Count("GetBlob")));
        Assert.Equal(26, _from.Calls.Count + _to.Calls.Count);
    }

    [Fact]
    public async Task A_repeated_copy_writes_nothing_and_reads_tags_and_referrers_only()
    {
        _from["app"].AddIndex("v1", (Platform.LinuxAmd64, _from["app"].AddImage("amd")));
        await CopyAsync();
        _from.Calls.Clear();
        _to.Calls.Clear();

        var outcome = await CopyAsync();

        Assert.True(outcome.NothingMoved);
        Assert.Equal(["GetTag app:v1"], _to.Calls);
        Assert.Equal(
            ["GetTag", "GetTag", "GetTag", "ListReferrers", "ListReferrers", "ListTags"],
            _from.Calls.Select(call => call.Split(' ')[0]).Order());
    }

    [Fact]
    public async Task Nested_indexes_are_copied_children_first()
    {
        var source = _from["app"];
        var inner = source.AddIndex(null, (Platform.LinuxAmd64, source.AddImage("amd")), (Platform.LinuxArm64, source.AddImage("arm")));
        var outer = source.AddIndex("v1", (Platform.LinuxAmd64, inner), (Platform.LinuxArm64, source.AddImage("other")));

        await CopyAsync();

        Assert.Equal(5, _to["app"].Manifests.Count);
        Assert.Equal(outer.Descriptor.Digest, _to["app"].Tags["v1"]);
        _to["app"].AssertComplete();
    }

    [Fact]
    public async Task Blobs_that_platforms_share_are_copied_once()
    {
        var source = _from["app"];
        var shared = source.AddBlob(MediaTypes.OciLayerGzip, "shared");
        ManifestContent Image(string name) => source.Add(
            ManifestContent.Create(new Manifest
            {
                MediaType = MediaTypes.OciManifest,
                Config = source.AddBlob(MediaTypes.OciConfig, name),
                Layers = [shared],
            }),
            null);
        source.AddIndex("v1", (Platform.LinuxAmd64, Image("amd")), (Platform.LinuxArm64, Image("arm")));

        await CopyAsync();

        Assert.Equal(1, _from.Calls.Count(call => call == $"GetBlob app@{shared.Digest}"));
        Assert.Equal(1, _to.Calls.Count(call => call == $"PutBlob app@{shared.Digest}"));
    }

    [Fact]
    public async Task Within_a_registry_blobs_are_mounted()
    {
        _from["base/app"].AddImage("one", "v1");

        var outcome = await CopyAsync(_from["base/app"], _from["dev/app"]);

        Assert.Equal((0, 3), (outcome.BlobsUploaded, outcome.BlobsMounted));
        Assert.Equal(0, _from.Count("GetBlob"));
    }

    [Fact]
    public async Task A_refused_mount_falls_back_to_upload()
    {
        var registry = new FakeRegistry("one.test") { RefusesMounts = true };
        registry["base/app"].AddImage("one", "v1");

        var outcome = await CopyAsync(registry["base/app"], registry["dev/app"]);

        Assert.Equal((3, 0), (outcome.BlobsUploaded, outcome.BlobsMounted));
        registry["dev/app"].AssertComplete();
    }

    [Fact]
    public async Task Images_of_one_session_share_blobs_by_mount()
    {
        var shared = new[] { "a", "b", "c" }.Select(name => AddOnBase(_from[name])).ToList();

        var outcomes = await new ImageCopier().CopyAsync(
            [.. new[] { "a", "b", "c" }.Select(name => Request(_from[name], _to[name]))], CancellationToken.None);

        Assert.True(Assert.Single(outcomes).Succeeded);
        Assert.Equal(
            1,
            _from.Calls.Count(call =>
                call.StartsWith("GetBlob", StringComparison.Ordinal) && call.EndsWith(shared[0].ToString(), StringComparison.Ordinal)));
        Assert.Equal(2, outcomes[0].Images.Sum(image => image.BlobsMounted));

        static Digest AddOnBase(FakeRepository repository)
        {
            var layer = repository.AddBlob(MediaTypes.OciLayerGzip, "the base image");
            repository.Add(
                ManifestContent.Create(new Manifest
                {
                    MediaType = MediaTypes.OciManifest,
                    Config = repository.AddBlob(MediaTypes.OciConfig, repository.Location),
                    Layers = [layer],
                }),
                "v1");
            return layer.Digest;
        }
    }

    [Fact]
    public async Task A_tag_that_the_target_does_not_list_is_not_moved_unseen()
    {
        foreach (var number in Enumerable.Range(0, 20))
            _from["app"].AddImage($"image {number}", $"v{number}", layers: 1);
        var old = _to["app"].AddImage("old", "v3", layers: 1);
        _to.UnlistedTags.Add("v3");

        var outcomes = await new ImageCopier().CopyAsync(
            [.. Enumerable.Range(0, 20).Select(number => Request(_from["app"], _to["app"], $"v{number}"))], CancellationToken.None);

        Assert.Equal("GAN4035", Assert.IsType<GantryException>(outcomes[0].Error).Code);
        Assert.Equal(old.Descriptor.Digest, _to["app"].Tags["v3"]);
        Assert.Equal(1, _from.Count("ListTags"));
    }

    [Fact]
    public async Task What_another_tool_put_at_the_target_gets_no_tag_when_it_would_not_verify()
    {
        var image = _from["app"].AddImage("one");
        var index = _from["app"].Add(
            ManifestContent.Create(new ImageIndex
            {
                MediaType = MediaTypes.OciIndex,
                Manifests = [image.Descriptor with { Size = image.Descriptor.Size + 1, Platform = Platform.LinuxAmd64 }],
            }),
            "v1");
        _to["app"].AddImage("one");
        _to["app"].Add(index, null);
        _to["app"].AddImage("old", "v1");

        var error = await Assert.ThrowsAsync<GantryException>(() => CopyAsync(reason: "a repair"));

        Assert.Equal("GAN2039", error.Code);
        Assert.NotEqual(index.Descriptor.Digest, _to["app"].Tags["v1"]);
    }

    [Fact]
    public async Task A_tag_of_another_digest_is_moved_only_with_a_reason()
    {
        _from["app"].AddImage("new", "v1");
        var old = _to["app"].AddImage("old", "v1");

        var error = await Assert.ThrowsAsync<GantryException>(() => CopyAsync());

        Assert.Equal("GAN4035", error.Code);
        Assert.Equal(0, _to.Count("Put"));
        Assert.Equal(old.Descriptor.Digest, _to["app"].Tags["v1"]);

        var moved = await CopyAsync(reason: "the old one was broken");
        Assert.Equal(old.Descriptor.Digest, moved.TagBefore);
        Assert.NotEqual(old.Descriptor.Digest, _to["app"].Tags["v1"]);
    }

    [Fact]
    public async Task An_existing_image_is_only_tagged()
    {
        _from["app"].AddImage("one", "v1");
        _to["app"].AddImage("one", "other");
        _to["app"].AddImage("old", "v1");

        var outcome = await CopyAsync(reason: "rollback");

        Assert.Equal((0, 0, 0, true), (outcome.BlobsUploaded, outcome.BlobsMounted, outcome.ManifestsWritten, outcome.TagWritten));
        Assert.Equal(0, _to.Count("PutBlob"));
    }

    [Fact]
    public async Task Non_distributable_layers_are_copied_only_on_request()
    {
        var source = _from["app"];
        var foreign = source.AddBlob(MediaTypes.DockerForeignLayerGzip, "windows") with { Urls = ["https://example.com/windows"] };
        var homeless = source.AddBlob("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "nobody else has this");
        source.Add(
            ManifestContent.Create(new Manifest
            {
                MediaType = MediaTypes.OciManifest,
                Config = source.AddBlob(MediaTypes.OciConfig, "{ }"),
                Layers = [foreign, homeless],
            }),
            "v1");

        var outcome = await CopyAsync();
        Assert.Equal([foreign.Digest], outcome.SkippedLayers.Select(layer => layer.Digest));
        Assert.Equal((false, true), (_to["app"].Blobs.ContainsKey(foreign.Digest), _to["app"].Blobs.ContainsKey(homeless.Digest)));

        var everything = await CopyAsync(to: _to["all"], options: new CopyOptions { NonDistributableLayers = true });
        Assert.Empty(everything.SkippedLayers);
        Assert.True(_to["all"].Blobs.ContainsKey(foreign.Digest));
    }

    [Fact]
    public async Task An_existing_manifest_is_trusted_and_repaired_only_by_a_deep_copy()
    {
        var image = _from["app"].AddImage("one", "v1");
        await CopyAsync();
        var layer = image.ReadManifest().Layers[0].Digest;
        _to["app"].Blobs.TryRemove(layer, out _);

        Assert.True((await CopyAsync()).NothingMoved);
        Assert.False(_to["app"].Blobs.ContainsKey(layer));

        var repaired = await CopyAsync(options: new CopyOptions { Deep = true });
        Assert.Equal(1, repaired.BlobsUploaded);
        _to["app"].AssertComplete();
    }

    [Fact]
    public async Task Platforms_are_filtered_only_on_request_and_the_outcome_names_the_index()
    {
        var source = _from["app"];
        var amd = source.AddImage("amd");
        var index = source.AddIndex(
            "v1", (Platform.LinuxAmd64, amd), (Platform.LinuxArm64, source.AddImage("arm")),
            (Platform.Parse("linux/s390x"), source.AddImage("s390x")));

        var one = await CopyAsync(to: _to["one"], options: new CopyOptions { Platforms = [Platform.LinuxAmd64] });
        Assert.Equal((amd.Descriptor.Digest, index.Descriptor.Digest), (one.Root.Digest, one.ChosenFrom));

        var two = await CopyAsync(to: _to["two"], options: new CopyOptions { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] });
        Assert.Equal(2, _to["two"].Manifests[two.Root.Digest].ReadIndex().Manifests.Count);
        Assert.Equal(index.Descriptor.Digest, two.ChosenFrom);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            CopyAsync(to: _to["none"], options: new CopyOptions { Platforms = [Platform.Parse("windows/amd64")] }));
        Assert.Equal("GAN4036", error.Code);
        Assert.Empty(_to["none"].Tags);
    }

    [Fact]
    public async Task An_index_of_blobs_is_copied()
    {
        var source = _from["cache"];
        source.Add(
            ManifestContent.Create(new ImageIndex
            {
                MediaType = MediaTypes.OciIndex,
                Manifests =
                [
                    source.AddBlob(MediaTypes.OciLayerZstd, "cached layer"),
                    source.AddBlob("application/vnd.buildkit.cacheconfig.v0", "{}"),
                ],
            }),
            "v1");

        await CopyAsync(source, _to["cache"]);

        Assert.Equal(2, _to["cache"].Blobs.Count);
        _to["cache"].AssertComplete();
    }

    [Theory]
    [InlineData("GAN4030", "no such tag")]
    [InlineData("GAN4031", "a child is missing")]
    [InlineData("GAN2004", "a blob is missing")]
    [InlineData("GAN1005", "the manifest is no JSON")]
    [InlineData("GAN1005", "a layer is null")]
    [InlineData("GAN1005", "a size is negative")]
    public async Task A_faulty_source_is_an_error_without_a_tag(string code, string fault)
    {
        var source = _from["app"];
        var image = source.AddImage("one", "v1");
        switch (fault)
        {
            case "no such tag":
                source.Tags.Clear();
                break;
            case "a child is missing":
                source.AddIndex("v1", (Platform.LinuxAmd64, image));
                source.Manifests.TryRemove(image.Descriptor.Digest, out _);
                break;
            case "a blob is missing":
                source.Blobs.TryRemove(image.ReadManifest().Layers[1].Digest, out _);
                break;
            case "the manifest is no JSON":
                source.Add(Manifest("<html>"), "v1");
                break;
            case "a layer is null":
                source.Add(Manifest("""{"schemaVersion":2,"layers":[null]}"""), "v1");
                break;
            default:
                source.Add(
                    Manifest($$"""{"schemaVersion":2,"layers":[{"mediaType":"x","digest":"{{image.Descriptor.Digest}}","size":-1}]}"""),
                    "v1");
                break;
        }

        var error = await Assert.ThrowsAsync<GantryException>(() => CopyAsync());

        Assert.Equal(code, error.Code);
        Assert.Empty(_to["app"].Tags);

        static ManifestContent Manifest(string text)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            return ManifestContent.FromVerified(MediaTypes.OciManifest, Digest.Of(bytes), bytes);
        }
    }

    [Fact]
    public async Task Endlessly_nested_indexes_are_refused()
    {
        var source = _from["app"];
        var index = source.AddImage("one");
        for (var depth = 0; depth < 30; depth++)
            index = source.AddIndex(depth == 29 ? "v1" : null, (Platform.LinuxAmd64, index));

        Assert.Equal("GAN4033", (await Assert.ThrowsAsync<GantryException>(() => CopyAsync())).Code);
        Assert.Empty(_to["app"].Tags);
    }

    [Fact]
    public async Task A_registry_that_forgets_a_manifest_gets_no_tag()
    {
        var source = _from["app"];
        var child = source.AddImage("one");
        source.AddIndex("v1", (Platform.LinuxAmd64, child));
        _to.Before = (call, _) =>
        {
            if (call == $"GetManifest app@{child.Descriptor.Digest}")
                _to["app"].Manifests.TryRemove(child.Descriptor.Digest, out var _);
            return Task.CompletedTask;
        };

        Assert.Equal("GAN4032", (await Assert.ThrowsAsync<GantryException>(() => CopyAsync())).Code);
        Assert.Empty(_to["app"].Tags);
    }

    private async Task<ImageOutcome> CopyAsync(
        FakeRepository? from = null, FakeRepository? to = null, string? reason = null, CopyOptions? options = null)
    {
        var outcomes = await new ImageCopier(options ?? new CopyOptions(), new CopyProgress())
            .CopyAsync([Request(from ?? _from["app"], to ?? _to["app"], reason: reason)], CancellationToken.None);
        var outcome = Assert.Single(outcomes);
        return outcome.Error is { } error ? throw error : Assert.Single(outcome.Images);
    }

    private static CopyRequest Request(FakeRepository from, FakeRepository to, string tag = "v1", string? reason = null) =>
        new() { Source = from, Tag = tag, Targets = [new CopyTarget(to, tag) { MoveTagReason = reason }] };
}

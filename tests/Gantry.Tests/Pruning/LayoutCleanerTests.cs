using Gantry.Copying;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Pruning;

public sealed class LayoutCleanerTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RegistrySession _session = null!;

    private RegistrySessionOptions Options => new() { RootFolder = _folder.Path };

    private static LayoutAddress Address => (LayoutAddress)RegistryAddress.Parse("oci:store");

    public Task InitializeAsync()
    {
        _session = new RegistrySession(Options);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_no_image_needs_is_listed_then_removed_and_images_stay_whole()
    {
        var app = _session.Open(Address, "team/app");
        var (kept, gone) = (await PushAsync(app, 1, "kept"), await PushAsync(app, 2, "gone"));
        await SampleImage.CreateReferrer(kept.Root.Descriptor, "signature").PushAsync(app);
        await ((IDeletesImages)app).DeleteManifestAsync(gone.Root.Descriptor.Digest, default);
        Age(TimeSpan.FromHours(2));

        var listed = Assert.Single(await Cleaner().CleanAsync(Address, removes: false, default));
        Assert.Equal("oci:store/team/app", listed.Location);
        Assert.Equal(gone.Blobs.Keys.Select(Name).Order(), listed.Blobs.Select(file => file.Name).Order());
        Assert.True(await app.HasBlobAsync(gone.BlobDescriptors.First(), default));

        await Cleaner().CleanAsync(Address, removes: true, default);

        Assert.False(await app.HasBlobAsync(gone.BlobDescriptors.First(), default));
        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(app, "kept", default);
        Assert.Equal((0, 1), (report.Faults.Count, report.Attachments));
        Assert.Empty(Assert.Single(await Cleaner().CleanAsync(Address, removes: true, default)).Blobs);
    }

    [Fact]
    public async Task Platforms_of_an_index_are_needed()
    {
        var app = _session.Open(Address, "app");
        var child = SampleImage.Create(1, 1000);
        await child.PushAsync(app);
        await app.PutTagAsync(
            "all",
            ManifestContent.Create(new ImageIndex
            {
                MediaType = MediaTypes.OciIndex,
                Manifests = [child.Root.Descriptor with { Platform = Platform.LinuxAmd64 }],
            }),
            default);
        Age(TimeSpan.FromHours(2));

        Assert.Empty(Assert.Single(await Cleaner().CleanAsync(Address, removes: true, default)).Blobs);
    }

    [Fact]
    public async Task Young_blobs_stay()
    {
        var app = _session.Open(Address, "app");
        await PushAsync(app, 1, "kept");
        await SampleImage.Create(2, 100).PushAsync(app);

        var cleaned = Assert.Single(await Cleaner().CleanAsync(Address, removes: true, default));

        Assert.Empty(cleaned.Blobs);
        Assert.Equal(3, cleaned.Young);
    }

    [Fact]
    public async Task A_copy_whose_blob_is_removed_meanwhile_writes_no_tag_and_the_next_one_completes_it()
    {
        var app = _session.Open(Address, "app");
        await PushAsync(app, 1, "kept");
        var image = SampleImage.Create(2, 100);
        await image.PushAsync(app);
        Age(TimeSpan.FromHours(2));

        // A copy finds that everything is there already.
        await using var other = new RegistrySession(Options);
        var target = other.Open(Address, "app");
        foreach (var blob in image.BlobDescriptors)
            Assert.True(await target.HasBlobAsync(blob, default));
        await Cleaner().CleanAsync(Address, removes: true, default);

        var error = await Assert.ThrowsAsync<GantryException>(() => target.PutTagAsync("v2", image.Root, default));

        Assert.Equal("GAN4712", error.Code);
        Assert.Equal(["kept"], await target.ListTagsAsync(default));
        await using var again = new RegistrySession(Options);
        await image.PushAsync(again.Open(Address, "app"));
        await again.Open(Address, "app").PutTagAsync("v2", image.Root, default);
        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(again.Open(Address, "app"), "v2", default);
        Assert.Empty(report.Faults);
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_read_means_that_nothing_is_removed()
    {
        var app = _session.Open(Address, "app");
        var image = await PushAsync(app, 1, "kept");
        await SampleImage.Create(2, 100).PushAsync(app);
        var file = _folder.Combine("store/app", Name(image.Root.Descriptor.Digest));
        await File.WriteAllTextAsync(file, "{}");
        Age(TimeSpan.FromHours(2));
        var before = Directory.GetFiles(_folder.Combine("store/app/blobs"), "*", SearchOption.AllDirectories);

        var error = await Assert.ThrowsAsync<GantryException>(() => Cleaner().CleanAsync(Address, removes: true, default));

        Assert.Equal("GAN2005", error.Code);
        Assert.Equal(before, Directory.GetFiles(_folder.Combine("store/app/blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Files_of_others_and_links_stay_and_partial_files_of_a_day_go()
    {
        var app = _session.Open(Address, "app");
        await PushAsync(app, 1, "kept");
        var own = _folder.Combine("store/app/blobs/sha256/readme.txt");
        await File.WriteAllTextAsync(own, "mine");
        var partial = _folder.Combine("store/app/.partial-1");
        await File.WriteAllTextAsync(partial, "half");
        Age(TimeSpan.FromDays(2));

        var cleaned = Assert.Single(await Cleaner().CleanAsync(Address, removes: true, default));

        Assert.Equal([".partial-1"], cleaned.Partials.Select(file => file.Name));
        Assert.True(File.Exists(own));
        Assert.False(File.Exists(partial));
    }

    [Fact]
    public async Task A_folder_without_a_layout_is_refused() => Assert.Equal(
        "GAN4713",
        (await Assert.ThrowsAsync<GantryException>(() => Cleaner().CleanAsync(Address, removes: true, default))).Code);

    private LayoutCleaner Cleaner() => new(Options);

    private static string Name(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    private static async Task<SampleImage> PushAsync(IImageRepository repository, int seed, string tag)
    {
        var image = SampleImage.Create(seed, 1000, 500);
        await image.PushAsync(repository);
        await repository.PutTagAsync(tag, image.Root, default);
        return image;
    }

    private void Age(TimeSpan age)
    {
        foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - age);
    }
}

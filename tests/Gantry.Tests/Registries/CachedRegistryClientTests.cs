using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Registries;

public sealed class CachedRegistryClientTests : IDisposable
{
    private static readonly RegistryAddress s_address = RegistryAddress.Parse("registry.test");
    private static readonly byte[] s_config = "{}"u8.ToArray();
    private static readonly Descriptor s_blob = new() { MediaType = MediaTypes.OciEmpty, Digest = Digest.Of(s_config), Size = 2 };

    private readonly TempFolder _folder = new();
    private readonly FakeRegistry _registry = new("registry.test");

    private IImageRepository App => Open("app");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_has_a_digest_is_read_once_by_all_processes()
    {
        var manifest = await PushAsync(new Manifest { MediaType = MediaTypes.OciManifest, Config = s_blob, Layers = [s_blob] });

        for (var process = 0; process < 2; process++)
        {
            var found = await App.FindManifestAsync(manifest.Descriptor.Digest, default);
            Assert.Equal(manifest.Descriptor, found!.Descriptor);
            Assert.Equal(manifest.Bytes, found.Bytes);
            await using var content = await App.OpenBlobAsync(s_blob, default);
            Assert.Equal(2, content.Length);
        }

        Assert.Equal(["GetBlob", "GetManifest"], _registry.Calls.Select(call => call.Split(' ')[0]).Order());
    }

    [Fact]
    public async Task Tags_and_lists_are_asked_for_each_time()
    {
        var manifest = await PushAsync(new Manifest { MediaType = MediaTypes.OciManifest, Config = s_blob, Layers = [] });

        for (var process = 0; process < 2; process++)
        {
            await App.FindTagAsync("1.0.0", default);
            await App.FindManifestAsync("1.0.0", default);
            await App.ListTagsAsync(default);
            await App.ListReferrersAsync(manifest.Descriptor.Digest, default);
        }

        Assert.Equal(8, _registry.Calls.Count);
    }

    [Fact]
    public async Task What_is_forged_in_the_cache_is_not_believed()
    {
        var manifest = await PushAsync(new Manifest { MediaType = MediaTypes.OciManifest, Config = s_blob, Layers = [s_blob] });
        await App.FindManifestAsync(manifest.Descriptor.Digest, default);
        await (await App.OpenBlobAsync(s_blob, default)).DisposeAsync();
        foreach (var file in Directory.GetFiles(_folder.Path))
            await File.WriteAllTextAsync(file, "[]");

        Assert.Equal(manifest.Bytes, (await App.FindManifestAsync(manifest.Descriptor.Digest, default))!.Bytes);
        await using var content = await App.OpenBlobAsync(s_blob, default);
        Assert.Equal('{', content.ReadByte());
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), file => File.ReadAllText(file) == "[]");
    }

    [Fact]
    public async Task A_manifest_that_does_not_name_its_type_is_not_kept()
    {
        var manifest = await PushAsync(new Manifest { Config = s_blob, Layers = [] });

        await App.FindManifestAsync(manifest.Descriptor.Digest, default);

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_blob_is_no_manifest()
    {
        var manifest = ManifestContent.Create(new Manifest { MediaType = MediaTypes.OciManifest, Config = s_blob, Layers = [] });
        var asBlob = new Descriptor { MediaType = "text/plain", Digest = manifest.Descriptor.Digest, Size = manifest.Bytes.Length };
        await PutAsync(asBlob, manifest.Bytes.ToArray());
        await (await App.OpenBlobAsync(asBlob, default)).DisposeAsync();

        Assert.Null(await App.FindManifestAsync(manifest.Descriptor.Digest, default));
    }

    [Fact]
    public async Task What_another_repository_has_is_not_in_this_one()
    {
        var manifest = await PushAsync(new Manifest { MediaType = MediaTypes.OciManifest, Config = s_blob, Layers = [] });
        await App.FindManifestAsync(manifest.Descriptor.Digest, default);
        await (await App.OpenBlobAsync(s_blob, default)).DisposeAsync();

        Assert.Null(await Open("other").FindManifestAsync(manifest.Descriptor.Digest, default));
        await Assert.ThrowsAsync<GantryException>(() => Open("other").OpenBlobAsync(s_blob, default));
    }

    [Fact]
    public async Task A_blob_of_another_size_is_asked_of_the_registry()
    {
        await PutAsync(s_blob, s_config);
        await (await App.OpenBlobAsync(s_blob, default)).DisposeAsync();
        _registry.Calls.Clear();

        await (await App.OpenBlobAsync(s_blob with { Size = 1 }, default)).DisposeAsync();

        Assert.Single(_registry.Calls);
    }

    [Fact]
    public void A_folder_needs_no_cache()
    {
        var inner = new MemoryRegistries();
        var address = RegistryAddress.Parse("oci:folder");

        Assert.Same(inner.Open(address, "app"), new CachedRegistryClient(inner, new ContentCache(_folder.Path)).Open(address, "app"));
    }

    private IImageRepository Open(string name) =>
        new CachedRegistryClient(_registry, new ContentCache(_folder.Path)).Open(s_address, name);

    private async Task<ManifestContent> PushAsync(Manifest document)
    {
        await PutAsync(s_blob, s_config);
        var manifest = ManifestContent.Create(document);
        await _registry["app"].PutTagAsync("1.0.0", manifest, default);
        _registry.Calls.Clear();
        return manifest;
    }

    private Task<BlobPlacement> PutAsync(Descriptor blob, byte[] content) =>
        _registry["app"].PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false)), default);
}

/// <summary>A cache in front of a repository is a repository like any other.</summary>
public sealed class CachedContractTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryRegistries _registries = new();

    public static TheoryData<string> Cases => RepositoryContract.Cases;

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Cases))]
    public Task Holds(string name) => RepositoryContract.RunAsync(
        name,
        repository => new CachedRegistryClient(_registries, new ContentCache(_folder.Path))
            .Open(RegistryAddress.Parse("localhost:5000"), repository));
}

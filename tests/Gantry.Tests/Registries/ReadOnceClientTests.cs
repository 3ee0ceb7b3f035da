using Gantry.Oci;
using Gantry.Registries;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Registries;

public sealed class ReadOnceClientTests
{
    private static readonly RegistryAddress s_address = RegistryAddress.Parse("registry.test");

    private readonly FakeRegistry _registry = new("registry.test");
    private readonly ReadOnceClient _client;

    public ReadOnceClientTests() => _client = new ReadOnceClient(_registry);

    private IImageRepository App => _client.Open(s_address, "app");

    [Fact]
    public async Task Each_question_is_asked_once()
    {
        var (manifest, blob) = await PushAsync("1.0.0");

        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(manifest.Descriptor.Digest, (await App.FindTagAsync("1.0.0", default))!.Digest);
            Assert.NotNull(await App.FindManifestAsync("1.0.0", default));
            Assert.NotNull(await App.FindManifestAsync(manifest.Descriptor.Digest, default));
            Assert.Equal(["1.0.0"], await App.ListTagsAsync(default));
            Assert.Equal(["1.0.0"], await App.TryListTagsInOnePageAsync(default));
            Assert.Empty(await App.ListReferrersAsync(manifest.Descriptor.Digest, default));
            await using var content = await App.OpenBlobAsync(blob, default);
            Assert.Equal(blob.Size, content.Length);
            Assert.Null(await App.FindTagAsync("2.0.0", default));
        }

        Assert.Equal(7, _registry.Calls.Count);
    }

    [Fact]
    public async Task Those_who_ask_at_the_same_time_share_the_request()
    {
        await PushAsync("1.0.0");
        var arrived = new TaskCompletionSource();
        _registry.Before = (_, _) => arrived.Task;

        var first = App.FindTagAsync("1.0.0", default);
        var second = App.FindTagAsync("1.0.0", default);
        arrived.SetResult();

        Assert.Same(await first, await second);
        Assert.Single(_registry.Calls);
    }

    [Fact]
    public async Task A_question_that_failed_is_asked_again()
    {
        await PushAsync("1.0.0");
        _registry.Before = (_, _) => throw new GantryException("GAN2001", "there is no answer", "try again");
        await Assert.ThrowsAsync<GantryException>(() => App.FindTagAsync("1.0.0", default));
        _registry.Before = (_, _) => Task.CompletedTask;

        Assert.NotNull(await App.FindTagAsync("1.0.0", default));
    }

    [Fact]
    public async Task A_blob_that_is_large_is_not_kept_in_memory()
    {
        var content = new byte[Limits.CachedContentBytes + 1];
        var blob = await _registry["app"].PutAsync(content);
        _registry.Calls.Clear();

        for (var time = 0; time < 2; time++)
            await (await App.OpenBlobAsync(blob, default)).DisposeAsync();

        Assert.Equal(2, _registry.Count("GetBlob"));
    }

    [Fact]
    public async Task A_blob_of_another_size_is_asked_for()
    {
        var blob = await _registry["app"].PutAsync("content"u8.ToArray());
        await (await App.OpenBlobAsync(blob, default)).DisposeAsync();
        _registry.Calls.Clear();

        await (await App.OpenBlobAsync(blob with { Size = blob.Size - 1 }, default)).DisposeAsync();

        Assert.Equal(1, _registry.Count("GetBlob"));
    }

    [Fact]
    public async Task An_empty_list_of_referrers_that_was_found_with_the_tags_is_asked_for_without_them()
    {
        var (manifest, _) = await PushAsync("1.0.0");
        var tags = new HashSet<string> { "1.0.0" };

        await App.ListReferrersAsync(manifest.Descriptor.Digest, tags, default);
        await App.ListReferrersAsync(manifest.Descriptor.Digest, knownTags: null, default);

        Assert.Equal(2, _registry.Calls.Count);
    }

    private async Task<(ManifestContent Manifest, Descriptor Blob)> PushAsync(string tag)
    {
        var blob = await _registry["app"].PutAsync("{}"u8.ToArray());
        var manifest = ManifestContent.Create(new Manifest { MediaType = MediaTypes.OciManifest, Config = blob, Layers = [blob] });
        await _registry["app"].PutTagAsync(tag, manifest, default);
        _registry.Calls.Clear();
        return (manifest, blob);
    }
}

file static class Blobs
{
    public static async Task<Descriptor> PutAsync(this IImageRepository repository, byte[] content)
    {
        var blob = new Descriptor { MediaType = MediaTypes.OciEmpty, Digest = Digest.Of(content), Size = content.Length };
        await repository.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false)), default);
        return blob;
    }
}

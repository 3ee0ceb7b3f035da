using Gantry.Copying;
using Gantry.Oci;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Copying;

/// <summary>Small blobs are requested from their source while the target is still asked whether it has them.</summary>
public sealed class PrefetchTests
{
    private readonly FakeRegistry _from = new("from.test");
    private readonly FakeRegistry _to = new("to.test");

    [Fact]
    public async Task A_small_blob_is_prefetched_before_the_target_answers()
    {
        _from["app"].AddImage("one", "v1");
        _to.Before = async (call, token) =>
        {
            // Would wait forever if the source were read only afterwards.
            while (call.StartsWith("PutBlob", StringComparison.Ordinal)
                && _from.Count(call.Replace("PutBlob", "GetBlob", StringComparison.Ordinal)) == 0)
                await Task.Yield();
        };

        Assert.True((await CopyAsync()).Succeeded);
        Assert.Equal(3, _from.Count("GetBlob"));
    }

    [Fact]
    public async Task A_large_blob_is_read_only_when_the_target_needs_it()
    {
        var image = _from["app"].AddImage("one", "v1", layers: 0);
        var large = _from["app"].AddBlob(MediaTypes.OciLayerGzip, "large".PadRight(5 * 1024 * 1024));
        _from["app"].Add(ManifestContent.Create(image.ReadManifest() with { Layers = [large] }), "v1");
        _to["app"].Blobs[large.Digest] = _from["app"].Blobs[large.Digest];

        await CopyAsync();

        Assert.Equal(0, _from.Count($"GetBlob app@{large.Digest}"));
    }

    [Fact]
    public async Task A_needless_prefetch_is_the_last()
    {
        var image = _from["app"].AddImage("one", "v1", layers: 8);
        foreach (var (digest, content) in _from["app"].Blobs)
            _to["app"].Blobs[digest] = content;

        await CopyAsync(new CopyOptions { MaximumConcurrentBlobs = 1 });

        Assert.Equal(1, _from.Count("GetBlob"));
        Assert.Equal(image.Descriptor.Digest, _to["app"].Tags["v1"]);
    }

    [Fact]
    public async Task A_blob_missing_only_at_the_source_is_no_error()
    {
        _from["app"].AddImage("one", "v1");
        foreach (var (digest, content) in _from["app"].Blobs)
            _to["app"].Blobs[digest] = content;
        _from["app"].Blobs.Clear();

        Assert.True((await CopyAsync()).Succeeded);
    }

    private async Task<CopyOutcome> CopyAsync(CopyOptions? options = null)
    {
        var request = new CopyRequest { Source = _from["app"], Tag = "v1", Targets = [new CopyTarget(_to["app"], "v1")] };
        var outcome = Assert.Single(await new ImageCopier(options ?? new CopyOptions(), new CopyProgress()).CopyAsync([request], default));
        _to["app"].AssertComplete();
        return outcome;
    }
}

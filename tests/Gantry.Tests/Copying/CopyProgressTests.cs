using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Copying;

public sealed class CopyProgressTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();
    private readonly CopyProgress _progress = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Layers_that_images_share_count_once_in_a_registry()
    {
        var image = SampleImage.Create(1, 1000, 2000);
        await PushAsync("base", "one", image);
        await PushAsync("base", "two", image);
        var bytes = image.BlobDescriptors.Sum(blob => blob.Size);

        await CopyAsync(Request("one", Target("eu", "one"), Target("us", "one")), Request("two", Target("eu", "two"), Target("us", "two")));

        Assert.Equal((2 * bytes, 2 * bytes, 6, 6), (
            _progress.BytesExpected, _progress.BytesDone, _progress.BlobsExpected, _progress.BlobsDone));
        Assert.Equal((2 * bytes, 6), (_progress.BytesTransferred, _progress.BlobsTransferred));
        Assert.All(_progress.Targets, target => Assert.Equal((3, bytes), (target.BlobsDone, target.BytesDone)));
    }

    [Fact]
    public async Task Each_target_says_where_it_is()
    {
        await PushAsync("base", "one", SampleImage.Create(1, 1000));

        await CopyAsync(Request("one", Target("eu", "one"), new CopyTarget(Open("us", "one"), null)));

        Assert.Equal(
            [
                $"oci:{_folder.Path}/eu/one: v1 complete",
                $"oci:{_folder.Path}/us/one: 2 of 2 blobs, {Size()} of {Size()}; no tag is written yet",
            ],
            _progress.Targets.Select(target => ProgressFormatter.Describe(target).ToString()));

        string Size() => Format.Bytes(_progress.Targets[0].BytesExpected);
    }

    [Theory]
    [InlineData(0, "0 blobs, 0 B in 0.0 s")]
    [InlineData(2000, "0 blobs, 0 B in 2.0 s, 0 B/s")]
    [InlineData(90_000, "0 blobs, 0 B in 1 minute 30 seconds, 0 B/s")]
    public void The_whole_copy_leaves_one_line(int milliseconds, string expected) =>
        Assert.Equal(expected, ProgressFormatter.Describe(_progress, TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public async Task What_was_there_is_not_counted_as_transferred()
    {
        var image = SampleImage.Create(1, 1000);
        await PushAsync("base", "one", image);
        await image.PushAsync(Open("eu", "one"));
        await PushAsync("base", "two", SampleImage.Create(1, 1000, 3000));

        await CopyAsync(Request("two", Target("eu", "one")));

        Assert.EndsWith("; 1 blob was there", ProgressFormatter.Describe(_progress, TimeSpan.FromSeconds(1)), StringComparison.Ordinal);
    }

    private IImageRepository Open(string registry, string name) =>
        _session.Open(RegistryAddress.Parse($"oci:{_folder.Combine(registry)}"), name);

    private CopyTarget Target(string registry, string name) => new(Open(registry, name), "v1") { MoveTagReason = "test" };

    private CopyRequest Request(string name, params CopyTarget[] targets) =>
        new() { Source = Open("base", name), Tag = "v1", Targets = targets };

    private async Task CopyAsync(params CopyRequest[] requests)
    {
        foreach (var outcome in await new ImageCopier(new CopyOptions(), _progress).CopyAsync(requests, default))
            Assert.Null(outcome.Error);
    }

    private async Task PushAsync(string registry, string name, SampleImage image)
    {
        await image.PushAsync(Open(registry, name));
        await Open(registry, name).PutTagAsync("v1", image.Root, default);
    }
}

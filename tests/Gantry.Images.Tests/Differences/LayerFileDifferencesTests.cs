using System.Formats.Tar;
using Gantry.Differences;
using Gantry.Images.Differences;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Images.Tests.Differences;

/// <summary>The files of the layers in which two images differ.</summary>
public sealed class LayerFileDifferencesTests
{
    private readonly IImageRepository _repository =
        new MemoryRegistries().Open(RegistryAddress.Parse("registry.example.com"), "app");

    [Fact]
    public async Task Files_are_added_removed_and_changed()
    {
        var found = await CompareAsync(
            Base().Layer(File("app/a", "one"), File("app/gone", "1234"), File("app/same", "x"), BaseImageFactory.Link("app/l", "a")),
            Base().Layer(File("app/a", "three"), File("app/new", "12"), File("app/same", "x"), BaseImageFactory.Link("app/l", "b")));

        Assert.Equal([("/app/a", 3, 5), ("/app/gone", 4, null), ("/app/l", 0, 0), ("/app/new", null, 2)], Short(found));
        Assert.False(found.IsTruncated);
    }

    [Fact]
    public async Task Content_mode_and_owner_differ_and_the_time_alone_does_not()
    {
        var later = File("app/time", "same");
        later.ModificationTime = later.ModificationTime.AddHours(1);

        var found = await CompareAsync(
            Base().Layer(File("app/content", "one"), File("app/mode"), File("app/owner"), File("app/time", "same")),
            Base().Layer(
                File("app/content", "two"), BaseImageFactory.File("app/mode", "", "755"), BaseImageFactory.File("app/owner", owner: 5),
                later));

        Assert.Equal(["/app/content", "/app/mode", "/app/owner"], found.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task The_last_layer_counts_and_a_file_that_moved_to_another_layer_is_the_same()
    {
        var found = await CompareAsync(
            Base().Layer(File("app/a", "old"), File("app/b", "b")).Layer(File("app/a", "new")),
            Base().Layer(File("app/a", "new"), File("app/b", "b")));

        Assert.Empty(found.Files);
    }

    [Fact]
    public async Task Whiteouts_remove_what_is_below_them()
    {
        var found = await CompareAsync(
            Base().Layer(File("app/a", "a"), File("app/dir/b", "b"), File("app/dir/c", "c"), File("app/x", "x")),
            Base().Layer(File("app/a", "a"), File("app/dir/b", "b"), File("app/dir/c", "c"))
                .Layer(File("app/dir/.wh..wh..opq"), File("app/dir/c", "c"), File("app/.wh.a"), File("usr/.wh.lib")));

        Assert.Equal(
            [("/app/a", 1, null), ("/app/dir/*", null, null), ("/app/dir/b", 1, null), ("/app/x", 1, null), ("/usr/lib", null, null)],
            Short(found));
    }

    [Fact]
    public async Task The_same_layers_are_not_read()
    {
        var broken = new BaseImageFactory().RawLayer([1, 2, 3], Digest.Of([9]), MediaTypes.OciLayerGzip);
        var other = new BaseImageFactory().RawLayer([1, 2, 3], Digest.Of([9]), MediaTypes.OciLayerGzip).Layer(File("a", "1"));

        Assert.Equal([("/a", null, 1)], Short(await CompareAsync(broken, other)));
    }

    [Theory]
    [InlineData("application/vnd.example.layer", "GAN3041")]
    [InlineData(MediaTypes.OciLayerGzip, "GAN3041")]
    public async Task A_layer_that_cannot_be_read_is_an_error(string mediaType, string code)
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => CompareAsync(
            Base(), Base().RawLayer([1, 2, 3], Digest.Of([9]), mediaType)));

        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task More_files_than_the_limit_are_left_out()
    {
        var found = await CompareAsync(
            Base(), Base().Layer(Enumerable.Range(0, Limits.ChangedFiles + 1).Select(number => File($"f{number}"))));

        Assert.True(found.IsTruncated);
        Assert.Equal(Limits.ChangedFiles, found.Files.Count);
    }

    private static BaseImageFactory Base() => new BaseImageFactory().Layer(File("etc/base", "never read"));

    private async Task<FileDifferences> CompareAsync(BaseImageFactory from, BaseImageFactory to) =>
        await new LayerFileDifferences().CompareAsync(await StoreAsync(from), await StoreAsync(to), CancellationToken.None);

    private async Task<PlatformToCompare> StoreAsync(BaseImageFactory image) => new(_repository, await image.StoreAsync(_repository));

    private static IEnumerable<(string, long?, long?)> Short(FileDifferences found) =>
        found.Files.Select(file => (file.Path, file.SizeBefore, file.SizeAfter));

    private static TarEntry File(string name, string content = "") => BaseImageFactory.File(name, content);
}

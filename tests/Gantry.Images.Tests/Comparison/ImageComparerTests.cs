using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Gantry.Images.Comparison;
using Gantry.Images.Tests.Fixtures;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Images.Tests.Comparison;

/// <summary>Images that differ in one thing: the comparison names that thing, and nothing else.</summary>
public sealed class ImageComparerTests
{
    private readonly IImageRepository _repository =
        new MemoryRegistries().Open(RegistryAddress.Parse("registry.example.com"), "app");

    [Fact]
    public async Task Equal_digests_are_the_same_and_nothing_is_read()
    {
        var image = new ComparedImage(_repository, Digest.Of([1]));

        var comparison = await new ImageComparer().CompareAsync(image, image, CancellationToken.None);

        Assert.True(comparison.IsSame);
        Assert.Empty(comparison.Differences);
    }

    [Theory]
    [InlineData("missing", DifferenceKind.Missing, "layer 1 (base 0), /app/b: it is missing")]
    [InlineData("additional", DifferenceKind.Additional, "layer 1 (base 0), /app/c: it is additional")]
    [InlineData("mode", DifferenceKind.Mode, "layer 1 (base 0), /app/a: the mode is 0755 instead of 0644")]
    [InlineData("owner", DifferenceKind.Owner, "layer 1 (base 0), /app/a: the owner is 1654:1654 instead of 0:0")]
    [InlineData(
        "time", DifferenceKind.Time, "layer 1 (base 0), /app/a: the time is 2023-11-14T22:13:21Z instead of 2023-11-14T22:13:20Z")]
    [InlineData("type", DifferenceKind.Type, "layer 1 (base 0), /app/l: the type is RegularFile instead of SymbolicLink")]
    [InlineData("link", DifferenceKind.Link, "layer 1 (base 0), /app/l: the link leads to b instead of a")]
    [InlineData("order", DifferenceKind.Order, "layer 1 (base 0): the entries have another order: /app/b instead of /app/a")]
    [InlineData("size", DifferenceKind.Size, "layer 1 (base 0), /app/a: the size is 8 bytes instead of 7 bytes")]
    [InlineData(
        "content", DifferenceKind.Content, "layer 1 (base 0), /app/a: the content differs at byte 6: 'hello B' instead of 'hello A'")]
    public async Task A_difference_of_one_file_is_named(string change, DifferenceKind kind, string line)
    {
        TarEntry[] files = [File("app/a", "hello A"), File("app/b", "b"), BaseImageFactory.Link("app/l", "a")];
        var changed = change switch
        {
            "missing" => [File("app/a", "hello A"), BaseImageFactory.Link("app/l", "a")],
            "additional" => [File("app/a", "hello A"), File("app/b", "b"), File("app/c"), BaseImageFactory.Link("app/l", "a")],
            "mode" => [BaseImageFactory.File("app/a", "hello A", "755"), File("app/b", "b"), BaseImageFactory.Link("app/l", "a")],
            "owner" => [BaseImageFactory.File("app/a", "hello A", owner: 1654), File("app/b", "b"), BaseImageFactory.Link("app/l", "a")],
            "time" => [Later(File("app/a", "hello A")), File("app/b", "b"), BaseImageFactory.Link("app/l", "a")],
            "type" => [File("app/a", "hello A"), File("app/b", "b"), BaseImageFactory.File("app/l", "", "777")],
            "link" => [File("app/a", "hello A"), File("app/b", "b"), BaseImageFactory.Link("app/l", "b")],
            "order" => [File("app/b", "b"), File("app/a", "hello A"), BaseImageFactory.Link("app/l", "a")],
            "size" => [File("app/a", "hello A!"), File("app/b", "b"), BaseImageFactory.Link("app/l", "a")],
            _ => (TarEntry[])[File("app/a", "hello B"), File("app/b", "b"), BaseImageFactory.Link("app/l", "a")],
        };

        var differences = await CompareAsync(new BaseImageFactory().Layer(files), new BaseImageFactory().Layer(changed));

        Assert.Equal(kind, differences[0].Kind);
        Assert.Equal(line, differences[0].ToString());
        Assert.All(differences, difference => Assert.Equal(differences[0].Path, difference.Path));
    }

    [Theory]
    [InlineData("MZ\0\0 one", "MZ\0\0 two", "an assembly")]
    [InlineData("BSJB one", "BSJB two", "symbols")]
    [InlineData("PK\u0003\u0004 one", "PK\u0003\u0004 two", "a zip file")]
    [InlineData("line\none", "line\r\none", "line endings")]
    [InlineData("built 2026-01-02 10:11", "built 2026-01-03 10:11", "a date or a time")]
    [InlineData("at /home/anna/src/App.cs", "at /home/bert/src/App.cs", "a path of the machine")]
    [InlineData("one", "two", null)]
    public async Task The_usual_cause_of_other_content_is_named(string one, string other, string? hint)
    {
        var differences = await CompareAsync(
            new BaseImageFactory().Layer(File("app/a", one)), new BaseImageFactory().Layer(File("app/a", other)));

        var found = Assert.Single(differences, difference => difference.Kind == DifferenceKind.Content).Hint;
        Assert.True(hint is null ? found is null : found?.StartsWith(hint, StringComparison.Ordinal) == true, found);
    }

    [Fact]
    public async Task The_first_byte_of_a_large_file_is_found()
    {
        var one = new string('x', 300_000);
        var other = one[..200_001] + "y" + one[200_002..];

        var difference = Assert.Single(await CompareAsync(
            new BaseImageFactory().Layer(File("app/a", one)), new BaseImageFactory().Layer(File("app/a", other))));

        Assert.Equal(200_001, difference.Offset);
    }

    [Fact]
    public async Task A_prefix_of_a_file_ends_before_it()
    {
        var differences = await CompareAsync(
            new BaseImageFactory().Layer(File("app/a", "abc")), new BaseImageFactory().Layer(File("app/a", "abcdef")));

        Assert.Equal("'abcdef' instead of the end", Assert.Single(differences, one => one.Offset == 3).ToString().Split(": ")[^1]);
    }

    [Fact]
    public async Task Another_compression_is_named_as_such()
    {
        var tar = Tar(File("app/a", new string('x', 10_000)));

        var difference = Assert.Single(await CompareAsync(
            new BaseImageFactory().RawLayer(Zip(tar, CompressionLevel.Fastest), Digest.Of(tar), MediaTypes.OciLayerGzip),
            new BaseImageFactory().RawLayer(Zip(tar, CompressionLevel.SmallestSize), Digest.Of(tar), MediaTypes.OciLayerGzip)));

        Assert.Equal(DifferenceKind.Compression, difference.Kind);
    }

    [Fact]
    public async Task The_same_files_in_another_form_of_tar_are_named_as_such()
    {
        var pax = Tar(File("app/a", "x"));
        byte[] ustar =
        [
            .. TarHeader.Write("app/a", TarEntryType.RegularFile, size: 1, modifiedAt: 1_700_000_000), (byte)'x', .. new byte[511 + 1024],
        ];

        var difference = Assert.Single(await CompareAsync(
            new BaseImageFactory().RawLayer(pax, Digest.Of(pax), MediaTypes.OciLayer),
            new BaseImageFactory().RawLayer(ustar, Digest.Of(ustar), MediaTypes.OciLayer)));

        Assert.Equal(DifferenceKind.Format, difference.Kind);
    }

    [Fact]
    public async Task A_layer_of_a_type_that_is_not_read_is_reported()
    {
        var difference = Assert.Single(await CompareAsync(
            new BaseImageFactory().RawLayer([1], Digest.Of([1]), "application/vnd.example.layer"),
            new BaseImageFactory().RawLayer([2], Digest.Of([2]), "application/vnd.example.layer")),
            one => one.Kind == DifferenceKind.Unreadable);

        Assert.Contains("vnd.example.layer", difference.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_variables_and_the_time_of_the_configuration_are_named()
    {
        var factory = new BaseImageFactory { Container = Container("""{"Labels":{"team":"quay","a":"1"},"Env":["A=1","B=2"]}""") };
        var other = new BaseImageFactory { Container = Container("""{"Labels":{"team":"dock","b":"1"},"Env":["A=1","B=3"]}""") };

        var differences = await CompareAsync(factory, other);

        Assert.Equal(
            [
                "config.Labels.team: the value is 'dock' instead of 'quay'",
                "config.Labels.a: the value is missing instead of '1'",
                "config.Labels.b: the value is '1' instead of missing",
                "config.Env[1]: the value is 'B=3' instead of 'B=2'",
            ],
            differences.Select(difference => difference.ToString()));
        Assert.All(differences, difference => Assert.Equal(DifferenceKind.Configuration, difference.Kind));
    }

    [Fact]
    public async Task Another_number_of_layers_is_named()
    {
        var differences = await CompareAsync(
            new BaseImageFactory().Layer(File("a")).Layer(File("b")), new BaseImageFactory().Layer(File("a")));

        Assert.Equal("layer 2 (base 1): it is missing", differences[0].ToString());
    }

    [Fact]
    public async Task Platforms_of_an_index_are_compared_each_with_its_own()
    {
        var registries = new FakeBaseRegistries();
        var arm = new BaseImageFactory { Platform = Platform.LinuxArm64 }.Layer(File("a", "1"));
        var one = await BaseImageFactory.PushIndexAsync(
            registries, "registry.example.com/app:1", new BaseImageFactory().Layer(File("a", "1")), arm);
        var other = await BaseImageFactory.PushIndexAsync(
            registries, "registry.example.com/app:2", new BaseImageFactory().Layer(File("a", "2")), arm);
        var repository = registries.Open(RegistryAddress.Parse("registry.example.com"), "app");

        var comparison = await new ImageComparer().CompareAsync(
            new(repository, one.Descriptor.Digest), new(repository, other.Descriptor.Digest), CancellationToken.None);

        Assert.Equal("linux/amd64, layer 1 (base 0), /a: the content differs at byte 0: '2' instead of '1'",
            Assert.Single(comparison.Differences).ToString());
    }

    [Fact]
    public async Task The_number_of_differences_is_limited()
    {
        var one = Enumerable.Range(0, 200).Select(number => File($"f{number}", "1"));
        var other = Enumerable.Range(0, 200).Select(number => File($"f{number}", "2"));
        var expected = await StoreAsync(new BaseImageFactory().Layer(one));
        var actual = await StoreAsync(new BaseImageFactory().Layer(other));

        var comparison = await new ImageComparer(new() { MaximumDifferences = 10, MaximumContents = 2 })
            .CompareAsync(expected, actual, CancellationToken.None);

        Assert.True(comparison.IsTruncated);
        Assert.Equal(10, comparison.Differences.Count);
        Assert.Equal(2, comparison.Differences.Count(difference => difference.Offset is not null));
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_an_error()
    {
        var image = await StoreAsync(new BaseImageFactory().Layer(File("a")));

        var error = await Assert.ThrowsAsync<GantryException>(() => new ImageComparer().CompareAsync(
            image, image with { Digest = Digest.Of([1]) }, CancellationToken.None));

        Assert.Equal("GAN3040", error.Code);
    }

    [Theory]
    [InlineData("no tar", "GAN3041")]
    [InlineData("zeros", "GAN3042")]
    public async Task A_malformed_or_huge_layer_is_an_error(string kind, string code)
    {
        var blob = Zip(kind == "zeros" ? Zeros(80) : Encoding.UTF8.GetBytes(new string('x', 1024)), CompressionLevel.Fastest);

        var error = await Assert.ThrowsAsync<GantryException>(() => CompareAsync(
            new BaseImageFactory().Layer(File("a")), new BaseImageFactory().RawLayer(blob, Digest.Of([1]), MediaTypes.OciLayerGzip)));

        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task Text_of_an_image_cannot_act()
    {
        var differences = await CompareAsync(
            new BaseImageFactory().Layer(File("a\u001b[31m", "1")), new BaseImageFactory().Layer(File("a\u001b[31m", "##vso[task.x]")));

        var lines = string.Join('\n', differences);
        Assert.DoesNotContain("\u001b", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("##vso[", lines, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<ImageDifference>> CompareAsync(BaseImageFactory expected, BaseImageFactory actual) =>
        (await new ImageComparer().CompareAsync(await StoreAsync(expected), await StoreAsync(actual), CancellationToken.None)).Differences;

    private async Task<ComparedImage> StoreAsync(BaseImageFactory factory) =>
        new(_repository, (await factory.StoreAsync(_repository)).Descriptor.Digest);

    private static TarEntry File(string name, string content = "") => BaseImageFactory.File(name, content);

    private static TarEntry Later(TarEntry entry)
    {
        entry.ModificationTime = entry.ModificationTime.AddSeconds(1);
        return entry;
    }

    private static JsonObject Container(string json) => JsonNode.Parse(json)!.AsObject();

    private static byte[] Tar(params TarEntry[] entries)
    {
        using var plain = new MemoryStream();
        using (var tar = new TarWriter(plain, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        return plain.ToArray();
    }

    private static byte[] Zeros(int mebibytes) =>
    [
        .. TarHeader.Write("zeros", TarEntryType.RegularFile, size: mebibytes * 1024L * 1024), .. new byte[mebibytes * 1024 * 1024],
        .. new byte[1024],
    ];

    private static byte[] Zip(byte[] content, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
            gzip.Write(content);
        return packed.ToArray();
    }
}

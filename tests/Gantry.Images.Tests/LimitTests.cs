using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Gantry.Images.BaseImages;
using Gantry.Images.Layers;
using Gantry.Images.Tests.Fixtures;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Images.Tests;

/// <summary>What is made to fill the memory or the disk is an error that names its limit.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private const string Base = "registry.example.com/base:1";
    private const int MiB = 1024 * 1024;
    private readonly BuildFixture _build = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    [Theory]
    [InlineData("deep paths", nameof(Limits.PathDepth))]
    [InlineData("a deep path through links", nameof(Limits.PathDepth))]
    [InlineData("a large header", nameof(Limits.TarHeaderBytes))]
    [InlineData("a layer of zeros", nameof(Limits.UnpackRatio))]
    public async Task A_base_image_beyond_a_limit_is_refused(string kind, string limit)
    {
        var image = new BaseImageFactory();
        image = kind switch
        {
            "deep paths" => image.Layer(
                Enumerable.Range(0, 1000).Select(number => BaseImageFactory.File($"{number}/{Repeat("a/", 2000)}x"))),
            "a deep path through links" => image.Layer(
                BaseImageFactory.Directory(Repeat("a/", 200)),
                BaseImageFactory.Link("l", Repeat("a/", 200)),
                BaseImageFactory.File($"l/{Repeat("b/", 200)}x")),
            "a large header" => image.RawLayer(HeaderOf(1024L * MiB), Digest.Of([1]), MediaTypes.OciLayer),
            _ => image.RawLayer(Zeros(80 * MiB), Digest.Of([1]), MediaTypes.OciLayerGzip),
        };
        await image.PushAsync(_build.Registries, Base);
        _build.Write("x").Dockerfile($"FROM {Base}\nCOPY x /x\n");

        var error = await _build.FailAsync();

        Assert.Equal("GAN3030", error.Code);
        Assert.Contains($"limit {limit}", error.Problem, StringComparison.Ordinal);
    }

    // The reader of the tar skips contents in parts, whose last one may be as large as a header.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(200)]
    public async Task A_file_may_contain_what_looks_like_a_large_header(int blocks)
    {
        var content = Enumerable.Repeat(HeaderOf(1024L * MiB)[..TarHeader.BlockSize], blocks).SelectMany(block => block).ToArray();
        var file = BaseImageFactory.File("archive.tar");
        file.DataStream = new MemoryStream(content);
        await new BaseImageFactory().Layer(file, BaseImageFactory.File("next")).PushAsync(_build.Registries, Base);
        _build.Write("x").Dockerfile($"FROM {Base}\nCOPY x /next/\n");

        // The file after it is found.
        Assert.Equal("GAN3013", (await _build.FailAsync()).Code);
    }

    [Theory]
    [InlineData(1_000_001, 10, nameof(Limits.BaseImageEntries))]
    [InlineData(40_000, 4000, nameof(Limits.BaseImagePaths))]
    public void The_layers_of_an_image_have_one_limit_together(int entries, int length, string limit)
    {
        var (budget, path) = (new TreeBudget(BaseImageErrors.ForLayersOf("base")), new string('x', length));

        var error = Assert.Throws<GantryException>(() =>
        {
            for (var number = 0; number < entries; number++)
                budget.Take(path);
        });

        Assert.Contains($"limit {limit}", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_multiply_are_not_followed()
    {
        var tree = new ImageTree();
        for (var number = 0; number < 200; number++)
        {
            tree.Put(new LayerEntry($"/l{number}", FileKind.SymbolicLink)
            {
                Mode = FileModes.Link,
                Owner = Ownership.Root,
                ModifiedAt = 0,
                LinkTarget = $"{Repeat("d/../", 500)}l{number + 1}",
            });
        }

        Assert.Null(tree.Resolve("/l0", out var steps));
        Assert.InRange(steps, 1, Limits.PathLength + 1);
    }

    [Theory]
    [InlineData("ARG V0=0123456789\n{0}FROM scratch\n", "ARG V{0}=$V{1}$V{1}\n", nameof(Limits.DockerfileText))]
    [InlineData("FROM scratch\nARG V0=0123456789\n{0}", "ARG V{0}=$V{1}$V{1}\n", nameof(Limits.DockerfileText))]
    [InlineData("FROM scratch\nENV V0=0123456789\n{0}", "ENV V{0}=\"${{V{1}}}${{V{1}}}\"\n", nameof(Limits.DockerfileText))]
    [InlineData("FROM scratch\nENV V0=0123456789\n{0}", "ENV V{0}=${{X:-$V{1}$V{1}}}\n", nameof(Limits.DockerfileText))]
    [InlineData("FROM scratch\n{0}", "EXPOSE 1-65535\n", nameof(Limits.DockerfileText))]
    public async Task A_Dockerfile_whose_values_grow_is_refused(string file, string line, string limit)
    {
        var lines = Enumerable.Range(1, 40)
            .Select(number => string.Format(System.Globalization.CultureInfo.InvariantCulture, line, number, number - 1));
        _build.Dockerfile(file.Replace("{0}", string.Concat(lines), StringComparison.Ordinal));

        var error = await _build.FailAsync();

        Assert.Equal("GAN3031", error.Code);
        Assert.Contains($"limit {limit}", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Dockerfile_with_deep_substitutions_is_refused()
    {
        _build.Dockerfile($"FROM scratch\nENV A={Repeat("${x:-", 100_000)}{new string('}', 100_000)}\n");

        var error = await _build.FailAsync();

        Assert.Equal("GAN3031", error.Code);
        Assert.Contains("limit DockerfileDepth", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_rules_of_a_dockerignore_file_are_refused()
    {
        _build.Write(".dockerignore", Repeat("a*b*c\n", Limits.IgnoreRules + 1)).Write("x").Dockerfile("FROM scratch\nCOPY x /x\n");

        var error = await _build.FailAsync();

        Assert.Equal("GAN3031", error.Code);
        Assert.Contains("limit IgnoreRules", error.Problem, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();

    private static byte[] HeaderOf(long size)
    {
        var block = TarHeader.Write("x", TarEntryType.RegularFile, size: size);
        block[156] = (byte)'x';
        var sum = block.Index().Sum(item => item.Index is >= 148 and < 156 ? ' ' : item.Item);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return [.. block, .. new byte[2 * TarHeader.BlockSize]];
    }

    private static byte[] Zeros(int size)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(TarHeader.Write("zeros", TarEntryType.RegularFile, size: size));
            gzip.Write(new byte[size]);
            gzip.Write(new byte[2 * TarHeader.BlockSize]);
        }

        return packed.ToArray();
    }
}

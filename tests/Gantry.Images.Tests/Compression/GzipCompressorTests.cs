using System.IO.Compression;
using System.Security.Cryptography;
using CsCheck;
using Gantry.Images.Compression;

namespace Gantry.Images.Tests.Compression;

/// <summary>
/// The bytes of compressed layers. .ci/run runs these tests again without the instructions of the processor, as older and other ones are.
/// </summary>
public class GzipCompressorTests
{
    private readonly GzipCompressor _compressor = new();

    // Another hash here changes the digest of every image: then the format needs another name, or caches give the old bytes.
    [Theory]
    [InlineData("nothing", "30e6fa98fb48")]
    [InlineData("a byte", "467a17f0cc3d")]
    [InlineData("zeros", "b3ec4de4eb78")]
    [InlineData("a period of 3", "16b6a394e733")]
    [InlineData("random", "e7d28b358aa0")]
    [InlineData("text", "a93d5f603cb1")]
    [InlineData("records", "9dad36efcaf1")]
    [InlineData("mixed", "d924f9da36bd")]
    public void The_bytes_are_the_same_on_every_machine(string name, string expected)
    {
        Assert.Equal("gzip-1", _compressor.Format);
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(_compressor.Compress(SampleContent.Create(name))))[..12]);
    }

    [Fact]
    public void An_encoder_that_was_used_before_gives_the_same_bytes()
    {
        var fresh = _compressor.Compress(SampleContent.Create("records"));
        _compressor.Compress(SampleContent.Create("text"));

        Assert.Equal(fresh, _compressor.Compress(SampleContent.Create("records")));
    }

    [Theory]
    [MemberData(nameof(SampleContent.Names), MemberType = typeof(SampleContent))]
    public void Decompressed_it_is_the_content(string name)
    {
        var content = SampleContent.Create(name);

        Assert.Equal(content, Decompress(_compressor.Compress(content)));
    }

    [Fact]
    public void Any_content_survives() =>
        // Few different bytes, so that there are matches of all lengths and distances; runs, so that some are long.
        Gen.Select(Gen.Byte[0, 3].Array[0, 400], Gen.Int[1, 400], Gen.Byte.Array[0, 300], Gen.Int[0, 3])
            .Sample((few, repeat, many, times) =>
            {
                var repeated = Enumerable.Repeat(many, times).SelectMany(part => part);
                byte[] content = [.. few, .. repeated, .. Enumerable.Repeat((byte)7, repeat), .. few];
                return Decompress(_compressor.Compress(content)).AsSpan().SequenceEqual(content);
            });

    [Fact]
    public void A_match_at_the_greatest_distance_is_found_and_none_beyond()
    {
        var random = SampleContent.Create("random");
        foreach (var distance in (int[])[32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1])
        {
            byte[] content = [.. random[..distance], .. random[..1000]];
            Assert.Equal(content, Decompress(_compressor.Compress(content)));
        }
    }

    [Fact]
    public void Content_that_cannot_be_compressed_grows_by_less_than_a_thousandth()
    {
        var content = SampleContent.Create("random");

        Assert.InRange(_compressor.Compress(content).Length, content.Length, content.Length + content.Length / 1000);
    }

    [Fact]
    public void Assemblies_are_not_larger_than_with_the_compressor_of_the_runtime()
    {
        var content = File.ReadAllBytes(typeof(Enumerable).Assembly.Location);

        Assert.True(_compressor.Compress(content).Length < WithRuntime(content));
    }

    private static long WithRuntime(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return compressed.Length;
    }

    private static byte[] Decompress(byte[] member)
    {
        using var gzip = new GZipStream(new MemoryStream(member), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}

using System.Security.Cryptography;
using Gantry.Images.Compression;
using Gantry.Testing;
using ZstdSharp;

namespace Gantry.Images.Tests.Compression;

public sealed class ZstdCompressorTests : IDisposable
{
    private readonly ZstdCompressor _compressor = new();
    private readonly TempFolder _folder = new();

    // Another hash here, for example after an update of the library, changes the digest of every image that is compressed so: then the
    // format needs another name, or caches give the old bytes.
    [Theory]
    [InlineData("nothing", "f96deff18160")]
    [InlineData("zeros", "0baaa6930681")]
    [InlineData("random", "12ac5197d24e")]
    [InlineData("text", "d6040070d530")]
    [InlineData("mixed", "176c95bf946a")]
    public void The_bytes_are_the_same_on_every_machine(string name, string expected)
    {
        Assert.Equal("zstd-1", _compressor.Format);
        var first = _compressor.Compress(SampleContent.Create(name));
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(first))[..12]);
        Assert.Equal(first, _compressor.Compress(SampleContent.Create(name)));
    }

    [Fact]
    public void Frames_in_a_row_are_the_content_in_a_row()
    {
        byte[] frames = [.. _compressor.Compress(SampleContent.Create("text")), .. _compressor.Compress(SampleContent.Create("records"))];
        using var plain = new MemoryStream();
        using (var zstd = new DecompressionStream(new MemoryStream(frames)))
            zstd.CopyTo(plain);

        Assert.Equal([.. SampleContent.Create("text"), .. SampleContent.Create("records")], plain.ToArray());
    }

    [ZstdFact]
    public async Task The_reference_implementation_reads_frames_and_their_checksums()
    {
        byte[] frames = [.. _compressor.Compress(SampleContent.Create("mixed")), .. _compressor.Compress([1, 2, 3])];
        var file = _folder.Write("frames.zst", frames);

        (await ChildProcess.RunAsync("zstd", ["--decompress", "--quiet", file])).EnsureSuccess();

        Assert.Equal([.. SampleContent.Create("mixed"), 1, 2, 3], await File.ReadAllBytesAsync(_folder.Combine("frames")));
    }

    public void Dispose() => _folder.Dispose();
}

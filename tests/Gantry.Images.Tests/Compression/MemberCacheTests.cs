using Gantry.Images.Compression;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Images.Tests.Compression;

public sealed class MemberCacheTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CountingCompressor _compressor = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_same_content_is_compressed_once()
    {
        var first = Cache().Compress("content"u8);

        Assert.Equal(first, Cache().Compress("content"u8));
        Assert.Equal(1, _compressor.Calls);
        Cache().Compress("other"u8);
        Assert.Equal(2, _compressor.Calls);
    }

    [Fact]
    public void Another_format_has_members_of_its_own()
    {
        Cache().Compress("content"u8);
        _compressor.Format = "other-1";

        Cache().Compress("content"u8);

        Assert.Equal(2, _compressor.Calls);
    }

    [Theory]
    [InlineData("cut", 10)]
    [InlineData("cut within the hash", -10)]
    [InlineData("changed", 0)]
    [InlineData("empty", int.MinValue)]
    public void A_damaged_member_is_compressed_again(string damage, int keptBytes)
    {
        var member = Cache().Compress("content"u8);
        var file = Assert.Single(Directory.GetFiles(_folder.Path));
        var bytes = File.ReadAllBytes(file);
        if (damage == "changed")
            bytes[^1] ^= 1;
        else
            bytes = bytes[..Math.Clamp(32 + keptBytes, 0, bytes.Length - 1)];
        File.WriteAllBytes(file, bytes);

        Assert.Equal(member, Cache().Compress("content"u8));
        Assert.Equal(2, _compressor.Calls);

        // It is in the cache again.
        Cache().Compress("content"u8);
        Assert.Equal(2, _compressor.Calls);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_only_time()
    {
        var file = _folder.Write("file", "a file, not a folder"u8);

        var cache = new MemberCache(_compressor, Path.Combine(file, "members"), _time);

        Assert.Equal(cache.Compress("content"u8), cache.Compress("content"u8));
        Assert.Equal(2, _compressor.Calls);
    }

    [Fact]
    public void What_was_not_used_for_the_longest_time_is_deleted_first()
    {
        foreach (var content in (string[])["one", "two", "six"])
        {
            Cache().Compress(System.Text.Encoding.ASCII.GetBytes(content));
            Touch();
        }

        Cache().Compress("one"u8);
        Touch();
        var size = new FileInfo(Directory.GetFiles(_folder.Path)[0]).Length;

        MemberCache.Trim(_folder.Path, 2 * size);

        _compressor.Calls = 0;
        Cache().Compress("one"u8);
        Cache().Compress("six"u8);
        Assert.Equal(0, _compressor.Calls);
        Cache().Compress("two"u8);
        Assert.Equal(1, _compressor.Calls);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_trimmed() => MemberCache.Trim(_folder.Combine("none"), 0);

    public void Dispose() => _folder.Dispose();

    private MemberCache Cache() => new(_compressor, _folder.Path, _time);

    // Marks the newest file with the time of the test, and lets a minute pass.
    private void Touch()
    {
        var newest = new DirectoryInfo(_folder.Path).GetFiles().MaxBy(file => file.LastWriteTimeUtc)!;
        newest.LastWriteTimeUtc = _time.GetUtcNow().UtcDateTime;
        _time.Advance(TimeSpan.FromMinutes(1));
    }

    private sealed class CountingCompressor : IMemberCompressor
    {
        public int Calls { get; set; }

        public string MediaType => "test";

        public string Format { get; set; } = "test-1";

        public byte[] Compress(ReadOnlySpan<byte> content)
        {
            Calls++;
            return [.. "compressed "u8, .. content];
        }
    }
}

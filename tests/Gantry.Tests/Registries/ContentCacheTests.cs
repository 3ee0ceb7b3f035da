using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Registries;

public sealed class ContentCacheTests : IDisposable
{
    private const string Location = "registry.test/app";

    private static readonly byte[] s_content = "the content"u8.ToArray();
    private static readonly Digest s_digest = Digest.Of(s_content);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly ContentCache _cache;

    public ContentCacheTests() => _cache = NewCache();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_process_finds_what_was_kept()
    {
        await PutAsync(s_content);

        Assert.Equal(s_content, await FindAsync(NewCache(), s_digest));
        Assert.DoesNotContain(Files(), file => file.Name.StartsWith('.'));
    }

    [Fact]
    public async Task A_content_counts_for_its_repository_and_its_kind_only()
    {
        await PutAsync(s_content);

        Assert.Null(await _cache.FindAsync(CachedKind.Blob, "registry.test/other", s_digest, default));
        Assert.Null(await _cache.FindAsync(CachedKind.Manifest, Location, s_digest, default));
    }

    [Fact]
    public async Task A_digest_of_another_algorithm_is_kept_and_verified()
    {
        var long512 = Digest.Parse("sha512:" + new string('0', 128)).OfSameAlgorithm(s_content);
        await _cache.PutAsync(CachedKind.Blob, Location, long512, s_content, default);

        Assert.Equal(s_content, await FindAsync(_cache, long512));
    }

    [Theory]
    [InlineData("another")]
    [InlineData("the c0ntent")]
    [InlineData("")]
    public async Task A_damaged_entry_is_ignored_and_replaced(string damaged)
    {
        await PutAsync(s_content);
        await File.WriteAllTextAsync(Assert.Single(Files()).FullName, damaged);

        Assert.Null(await FindAsync(_cache, s_digest));

        await PutAsync(s_content);
        Assert.Equal(s_content, await FindAsync(_cache, s_digest));
    }

    [Fact]
    public async Task An_entry_that_is_not_a_file_is_ignored()
    {
        await PutAsync(s_content);
        var file = Assert.Single(Files()).FullName;
        File.Delete(file);
        Directory.CreateDirectory(file);

        Assert.Null(await FindAsync(_cache, s_digest));
        await PutAsync(s_content);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_keeps_nothing()
    {
        var file = _folder.Combine("file");
        await File.WriteAllTextAsync(file, "");
        foreach (var folder in (string[])[file, Path.Combine(file, "below"), "", "with\0null"])
        {
            var cache = new ContentCache(folder, _time);
            await cache.PutAsync(CachedKind.Blob, Location, s_digest, s_content, default);
            Assert.Null(await FindAsync(cache, s_digest));
        }
    }

    [Fact]
    public async Task Large_contents_are_not_kept()
    {
        var largest = new byte[Limits.CachedContentBytes];
        await PutAsync(largest);
        await PutAsync([.. largest, 0]);

        Assert.Equal(largest.Length, Assert.Single(Files()).Length);
    }

    [Fact]
    public async Task A_file_that_became_large_is_not_read()
    {
        var large = new byte[Limits.CachedContentBytes + 1];
        await PutAsync(s_content);
        var name = Assert.Single(Files()).FullName.Replace(s_digest.Hex, Digest.Of(large).Hex, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(name, large);

        Assert.Null(await FindAsync(_cache, Digest.Of(large)));
    }

    [Fact]
    public async Task The_folder_stays_below_its_limit_and_keeps_what_was_used_last()
    {
        var count = (Limits.CacheBytes / Limits.CachedContentBytes) + 1;
        for (var number = 0; number < count; number++)
        {
            await PutAsync(Content(number));
            File.SetLastWriteTimeUtc(FileOf(Digest.Of(Content(number))), _time.GetUtcNow().UtcDateTime);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(Files().Sum(file => file.Length), Limits.CacheBytes / 2, Limits.CacheBytes);
        Assert.NotNull(await FindAsync(_cache, Digest.Of(Content(count - 1))));
        Assert.Null(await FindAsync(_cache, Digest.Of(Content(0))));
    }

    [Fact]
    public async Task Use_is_noted_once_a_day()
    {
        await PutAsync(s_content);
        var file = Assert.Single(Files()).FullName;
        File.SetLastWriteTimeUtc(file, _time.GetUtcNow().UtcDateTime);
        var written = File.GetLastWriteTimeUtc(file);

        _time.Advance(TimeSpan.FromHours(23));
        await FindAsync(_cache, s_digest);
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));

        _time.Advance(TimeSpan.FromHours(2));
        await FindAsync(_cache, s_digest);
        Assert.Equal(_time.GetUtcNow().UtcDateTime, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public async Task Other_files_in_the_folder_are_left_alone()
    {
        Directory.CreateDirectory(_cache.Folder);
        var other = Path.Combine(_cache.Folder, "notes.txt");
        await File.WriteAllBytesAsync(other, new byte[Limits.CacheBytes + 1]);
        await PutAsync(s_content);

        Assert.True(File.Exists(other));
        Assert.Equal(s_content, await FindAsync(_cache, s_digest));
    }

    [Fact]
    public async Task Many_write_at_the_same_time()
    {
        var caches = Enumerable.Range(0, 8).Select(_ => NewCache()).ToList();
        await Task.WhenAll(caches.Select(cache => Task.Run(async () =>
        {
            for (var number = 0; number < 20; number++)
            {
                var content = BitConverter.GetBytes(number);
                await cache.PutAsync(CachedKind.Blob, Location, Digest.Of(content), content, default);
                Assert.Equal(content, await FindAsync(cache, Digest.Of(content)));
            }
        })));

        Assert.Equal(20, Files().Count);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task The_folder_is_for_this_user_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        await PutAsync(s_content);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_cache.Folder));
    }

    [Theory]
    [InlineData("/tmp/caches", "/home/me", "/tmp/caches/gantry")]
    [InlineData("caches", "/home/me", "/home/me/.cache/gantry")]
    [InlineData(null, "/home/me", "/home/me/.cache/gantry")]
    [InlineData("", "", null)]
    public void The_folder_of_the_user_is_that_of_the_specification(string? variable, string home, string? expected)
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(expected, ContentCache.FindUnixFolder(variable, home));
    }

    private ContentCache NewCache() => new(_folder.Combine("cache"), _time);

    private static byte[] Content(int number)
    {
        var content = new byte[Limits.CachedContentBytes];
        BitConverter.TryWriteBytes(content, number);
        return content;
    }

    private string FileOf(Digest digest) =>
        Files().Single(file => file.Name.EndsWith(digest.Hex, StringComparison.Ordinal)).FullName;

    private Task PutAsync(byte[] content) => _cache.PutAsync(CachedKind.Blob, Location, Digest.Of(content), content, default);

    private static Task<byte[]?> FindAsync(ContentCache cache, Digest digest) =>
        cache.FindAsync(CachedKind.Blob, Location, digest, default);

    private List<FileInfo> Files() => [.. new DirectoryInfo(_cache.Folder).EnumerateFiles()];
}

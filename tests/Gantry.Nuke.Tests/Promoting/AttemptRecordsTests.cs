using Gantry.Nuke.Promoting;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Promoting;

public sealed class AttemptRecordsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("release-1/release.json", 1)]
    [InlineData("release-1/release.json release-2/release.json", 2)]
    [InlineData("release-9/release.json release-10/release.json", 10)]
    [InlineData("release-1/release.json release-2/other.json release-x/release.json release-/release.json", 1)]
    public async Task The_last_attempt_with_a_record_counts(string files, int attempt)
    {
        foreach (var file in files.Split(' '))
            await WriteAsync(file, version: $"1.0.{Path.GetDirectoryName(file)!["release-".Length..].Length}");
        var (release, found) = await ReadAsync(version: null);
        Assert.Equal(attempt, found);
        Assert.Equal($"1.0.{$"{attempt}".Length}", release.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("release-1/other.json")]
    [InlineData("release.json")]
    public async Task A_build_without_a_record_is_refused(string file)
    {
        if (file.Length > 0)
            await WriteAsync(file, "1.0.0");
        Assert.Equal("GAN7065", (await Assert.ThrowsAsync<GantryException>(() => ReadAsync(version: null))).Code);
    }

    [Theory]
    [InlineData("1.0.0", null)]
    [InlineData("1.0.1", "GAN7066")]
    [InlineData("$ (System.AccessToken)", "GAN7066")]
    public async Task The_record_must_be_of_the_version_that_was_asked_for(string version, string? code)
    {
        await WriteAsync("release-1/release.json", "1.0.0");
        var refused = await Record.ExceptionAsync(() => ReadAsync(version));
        Assert.Equal(code, (refused as GantryException)?.Code);
    }

    [Theory]
    [InlineData('0', null)]
    [InlineData('1', "GAN4050")]
    public async Task The_record_must_have_the_image_that_was_asked_for(char digit, string? code)
    {
        await WriteAsync("release-1/release.json", "1.0.0");
        var refused = await Record.ExceptionAsync(() => ReadAsync("1.0.0", Digest.Parse("sha256:" + new string(digit, 64))));
        Assert.Equal(code, (refused as GantryException)?.Code);
    }

    private Task<(Release Release, int Attempt)> ReadAsync(string? version, Digest? digest = null) =>
        AttemptRecords.ReadLastAsync((AbsolutePath)_folder.Path, "release.json", version, digest, CancellationToken.None);

    private Task WriteAsync(string file, string version) => ReleaseRecord.WriteFileAsync(
        _folder.Combine(file),
        new Release
        {
            Version = version,
            Commit = new string('a', 40),
            Created = DateTimeOffset.UnixEpoch,
            Images =
            [
                new()
                {
                    Name = "app",
                    Repository = "localhost/app",
                    Digest = Digest.Parse("sha256:" + new string('0', 64)),
                    MediaType = MediaTypes.OciManifest,
                    Size = 7,
                    Platforms = ["linux/amd64"],
                },
            ],
        },
        CancellationToken.None);
}

using System.Text;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Tests.Releases;

public sealed class ReleaseRecordTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-release");

    public void Dispose() => _folder.Delete(recursive: true);

    private static Release Sample => new()
    {
        Version = "1.4.2+5",
        Commit = "0123456789abcdef0123456789abcdef01234567",
        Branch = "main",
        BuildId = "77",
        BuildUrl = "https://dev.azure.com/contoso/_build/results?buildId=77",
        Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Images =
        [
            new ReleaseImage
            {
                Name = "app",
                Repository = "contoso.azurecr.io/app",
                Digest = Digest.Of("image"u8),
                MediaType = MediaTypes.OciIndex,
                Size = 1234,
                Platforms = ["linux/amd64", "linux/arm64"],
                BaseImage = new ReleaseBaseImage { Name = "mcr.microsoft.com/dotnet/aspnet:10.0", Digest = Digest.Of("base"u8) },
            },
        ],
    };

    [Fact]
    public async Task A_record_of_ten_thousand_images_is_read_again()
    {
        var image = Sample.Images[0];
        var images = Enumerable.Range(0, 10_000).Select(number => image with
        {
            Name = $"team-{number % 100}/service-{number}",
            Repository = $"contoso.azurecr.io/team-{number % 100}/service-{number}",
            Platforms = ["linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64"],
        });
        var release = Sample with { Images = [.. images] };
        var file = Path.Combine(_folder.FullName, "release.json");
        await ReleaseRecord.WriteFileAsync(file, release, CancellationToken.None);

        Assert.True((await ReleaseRecord.ReadFileAsync(file, CancellationToken.None)).HasSameContent(release));
    }

    [Fact]
    public void A_written_record_is_read_again()
    {
        var json = ReleaseRecord.Write(Sample);
        var read = ReleaseRecord.Read(json, "release.json");

        Assert.Equal(json, ReleaseRecord.Write(read));
        Assert.True(read.HasSameContent(Sample));
        Assert.Equal("1.4.2_5", read.Tag);
    }

    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "GAN4011", "not JSON", "{", "<html>{" },
        { "GAN4011", "a property that nobody knows", "\"version\"", "\"wersion\": 1, \"version\"" },
        { "GAN4011", "a property twice", "\"version\"", "\"commit\": \"1\", \"version\"" },
        { "GAN4011", "no version", "\"version\": \"1.4.2+5\",", "" },
        { "GAN4011", "a version that is null", "\"1.4.2+5\"", "null" },
        { "GAN4011", "a malformed digest", "sha256:", "sha256:x" },
        { "GAN4011", "no commit", "0123456789abcdef0123456789abcdef01234567", " " },
        { "GAN4011", "a name that is none", "\"name\": \"app\"", "\"name\": \"../app\"" },
        { "GAN4011", "a size that cannot be", "1234", "-1" },
        { "GAN4011", "a media type that is no image", MediaTypes.OciIndex, "text/plain" },
        { "GAN4011", "no images", "\"images\": [", "\"images\": [], \"image\": [" },
        { "GAN4012", "another schema", "\"schema\": 1", "\"schema\": 2, \"unknown\": true" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void An_invalid_record_is_refused(string code, string fault, string part, string replacement)
    {
        var json = Encoding.UTF8.GetString(ReleaseRecord.Write(Sample));
        Assert.Contains(part, json, StringComparison.Ordinal);

        var error = Assert.Throws<GantryException>(() =>
            ReleaseRecord.Read(Encoding.UTF8.GetBytes(json.Replace(part, replacement, StringComparison.Ordinal)), "release.json"));
        Assert.True(code == error.Code, $"{fault}: {error.Message}");
    }

    [Fact]
    public async Task A_file_is_written_whole_and_read_again()
    {
        var path = Path.Combine(_folder.FullName, "artifacts", "release.json");

        await ReleaseRecord.WriteFileAsync(path, Sample, CancellationToken.None);

        Assert.Equal(Sample.Tag, (await ReleaseRecord.ReadFileAsync(path, CancellationToken.None)).Tag);
        Assert.Equal(["release.json"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_missing_file_is_reported_with_a_remedy()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            ReleaseRecord.ReadFileAsync(Path.Combine(_folder.FullName, "release.json"), CancellationToken.None));
        Assert.Equal("GAN4013", error.Code);
    }

    [Theory]
    [InlineData("1.4.2", "1.4.2")]
    [InlineData("1.4.2-beta.1+77", "1.4.2-beta.1_77")]
    public void A_version_becomes_a_tag(string version, string tag) => Assert.Equal(tag, ReleaseTag.Of(version));

    [Theory]
    [InlineData("")]
    [InlineData("1.0/2")]
    [InlineData("1.0_2")]
    [InlineData(".1")]
    [InlineData("sha256-0123")]
    public void A_version_that_makes_no_valid_tag_is_refused(string version) =>
        Assert.Equal("GAN4010", Assert.Throws<GantryException>(() => ReleaseTag.Of(version)).Code);
}

using System.Formats.Tar;
using System.Text;
using CsCheck;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Registries.Archives;

/// <summary>Invalid archives: each ends with a coded error, and none gives wrong content.</summary>
public sealed class ArchiveInputTests : IDisposable
{
    private static readonly SampleImage s_image = SampleImage.Create(41, 5000);
    private static readonly Descriptor s_layer = s_image.BlobDescriptors.Last();
    private static readonly string s_hex = s_layer.Digest.Hex;

    private static readonly Dictionary<string, (string Code, Func<byte[]> Make)> s_cases = new(StringComparer.Ordinal)
    {
        ["empty"] = ("GAN2029", () => []),
        ["the end alone"] = ("GAN2029", () => new byte[1024]),
        ["no tar"] = ("GAN2029", () => Encoding.UTF8.GetBytes(new string('x', 5000))),
        ["a page"] = ("GAN2029", () => Encoding.UTF8.GetBytes("<!doctype html><title>Sign in</title>" + new string(' ', 2000))),
        ["no layout"] = ("GAN2029", () => new TestArchive().File("readme.txt", "hello").ToArray()),
        ["no index"] = ("GAN2029", () => new TestArchive().File("oci-layout", Version).ToArray()),
        ["another version"] = ("GAN2010", () => Sound(version: """{"imageLayoutVersion":"2.0.0"}""")),
        ["an index that is no JSON"] = ("GAN2010", () => Sound(index: "{")),
        ["an index with a digest that leads elsewhere"] =
            ("GAN2010", () => Sound(index: """{"manifests":[{"mediaType":"a/b","digest":"sha256:../../x","size":1}]}""")),
        ["an absolute name"] = ("GAN2031", () => Sound(more: tar => tar.File("/etc/passwd", "root"))),
        ["a name that leads out"] = ("GAN2031", () => Sound(more: tar => tar.File("blobs/../../etc/passwd", "root"))),
        ["a link that leads out"] = ("GAN2031", () => Sound(more: tar => tar.Link("blobs/sha256/x", "../../../etc/passwd"))),
        ["an absolute link"] = ("GAN2031", () => Sound(more: tar => tar.Link("blobs/sha256/x", "/etc/passwd"))),
        ["a hard link that leads out"] = ("GAN2031", () => Sound(more: tar => tar.Link("x", "../x", TarEntryType.HardLink))),
        ["a blob that is a link"] = ("GAN2031", () =>
            Sound(layer: tar => tar.File("elsewhere", s_image.Blobs[s_layer.Digest]).Link($"blobs/sha256/{s_hex}", "../../elsewhere"))),
        ["a blob that is a pipe"] = ("GAN2031", () => Sound(layer: tar => tar.Pipe($"blobs/sha256/{s_hex}"))),
        ["a blob that is missing"] = ("GAN2004", () => Sound(layer: tar => tar)),
        ["a blob with other bytes"] = ("GAN2005", () => Sound(layer: tar => tar.File($"blobs/sha256/{s_hex}", new byte[5000]))),
        ["a blob that is too short"] = ("GAN2006", () => Sound(layer: tar => tar.File($"blobs/sha256/{s_hex}", new byte[4999]))),
        ["two entries of one name"] = ("GAN2029", () => Sound(more: tar => tar.File("index.json", "{}"))),
        ["two entries of one name, written otherwise"] = ("GAN2029", () => Sound(more: tar => tar.File("./index.json", "{}"))),
        ["a size beyond the end"] = ("GAN2029", () => Sound(more: tar => tar.FileWithFalseSize("large", [1, 2, 3], "77777777777"))),
        ["a size that is no number"] = ("GAN2029", () => Sound(more: tar => tar.FileWithFalseSize("large", [1, 2, 3], "99999999999"))),
        ["a size that hides the next entry"] = ("GAN2004", () => Sound(layer: tar =>
            tar.FileWithFalseSize("first", new byte[512], "14000").File($"blobs/sha256/{s_hex}", s_image.Blobs[s_layer.Digest]))),
        ["cut off within a blob"] = ("GAN2029", () => Sound()[..^2500]),
        ["a header without an end"] = ("GAN2029", () => Sound(more: tar => tar.File(new string('n', 2_000_000), "x"))),
        ["compressed with zstd"] = ("GAN2032", () => [0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0]),
        ["compressed with xz"] = ("GAN2032", () => [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 0]),
        ["compressed with bzip2"] = ("GAN2032", () => "BZh91AY"u8.ToArray()),
        ["a gzip file that is none"] = ("GAN2029", () => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1, 2, 3]),
        ["an archive of docker save"] = ("GAN2029", () => new TestArchive().File("manifest.json", "[]").ToArray()),
    };

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    private static string Version => """{"imageLayoutVersion":"1.0.0"}""";

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Cases))]
    public async Task An_invalid_archive_is_a_coded_error(string name)
    {
        var (code, make) = s_cases[name];
        var bytes = make();

        var thrown = await Assert.ThrowsAsync<GantryException>(() => CopyAsync("oci-archive:", bytes));

        Assert.Equal(code, thrown.Code);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder.Combine("app.tar")));
    }

    [Fact]
    public async Task A_valid_archive_is_read() => Assert.Equal(
        s_image.Root.Descriptor.Digest, await CopyAsync("oci-archive:", Sound(more: tar => tar.Pipe("pipe").Link("link", "index.json"))));

    [Fact]
    public void Any_damage_is_reported_or_harmless()
    {
        var (layout, saved) = (Sound(), DockerArchiveTests.Classic().ToArray());
        Gen.Select(Gen.Bool, Gen.Int[0, layout.Length - 1], Gen.Byte, Gen.Int[0, 2]).Sample(
            (isLayout, at, value, cut) =>
            {
                var damaged = (isLayout ? layout : saved).ToArray();
                damaged[at % damaged.Length] = value;
                CopyDamagedAsync(isLayout ? "oci-archive:" : "docker-archive:", cut == 0 ? damaged[..(at % damaged.Length)] : damaged)
                    .GetAwaiter()
                    .GetResult();
            },
            iter: 1000,
            threads: 1);
    }

    private async Task CopyDamagedAsync(string prefix, byte[] damaged)
    {
        try
        {
            await CopyAsync(prefix, damaged);
        }
        catch (GantryException exception)
        {
            Assert.Matches("^GAN[124]", exception.Code);
        }
    }

    /// <summary>Copies the image out of an archive, and verifies every byte.</summary>
    private async Task<Digest> CopyAsync(string prefix, byte[] content)
    {
        var file = _folder.Write("app.tar", content);
        await using var session = new RegistrySession();
        var archive = session.Open(RegistryAddress.Parse(prefix + file), "");
        var (digest, _) = await ArchivedImages.FindSingleAsync(archive, default);
        var target = new MemoryRepository("to.test", "to.test/app");
        var outcomes = await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = archive, Digest = digest, Targets = [new CopyTarget(target, "v1")] }], default);
        if (outcomes[0].Error is { } error)
        {
            Assert.Null(await target.FindTagAsync("v1", default));
            throw error;
        }

        Assert.Empty((await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(target, "v1", default)).Faults);
        return digest;
    }

    private static byte[] Sound(
        string? version = null, string? index = null, Func<TestArchive, TestArchive>? layer = null,
        Func<TestArchive, TestArchive>? more = null)
    {
        var root = s_image.Root;
        var config = root.ReadManifest().Config.Digest;
        var tar = new TestArchive().Folder("blobs/").Folder("blobs/sha256/")
            .File("oci-layout", version ?? Version)
            .File(
                "index.json",
                index ?? $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{root.Descriptor.MediaType}}","digest":"{{root.Descriptor.Digest}}","size":{{root.Descriptor.Size}}}]}""")
            .File($"blobs/sha256/{root.Descriptor.Digest.Hex}", root.Bytes.Span)
            .File($"blobs/sha256/{config.Hex}", s_image.Blobs[config]);
        tar = more is null ? tar : more(tar);
        return (layer is null ? tar.File($"blobs/sha256/{s_hex}", s_image.Blobs[s_layer.Digest]) : layer(tar)).ToArray();
    }
}

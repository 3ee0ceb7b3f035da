using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

/// <summary>
/// What is made to fill the memory or the disk is an error that names its limit. The process gets a memory that is enough for the limits,
/// and fails when it needs more.
/// </summary>
public sealed class LimitTests : IDisposable
{
    private const long Memory = 400 * 1024 * 1024;
    private const int MiB = 1024 * 1024;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("copy", false, false)]
    [InlineData("verify", false, false)]
    [InlineData("copy", true, true)]
    [InlineData("inspect", true, true)]
    [InlineData("verify", true, true)]
    public async Task Many_large_referrers_do_not_fill_the_memory(string command, bool folder, bool listed)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var image = SampleImage.Create(81, 1000);
        registry.Store.Add("app", image, "v1");
        await using var session = new RegistrySession();
        var layout = session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("source")}"), "app");
        await image.PushAsync(layout);
        await layout.PutTagAsync("v1", image.Root, default);
        for (var number = 0; number < 150; number++)
        {
            var referrer = CreateReferrer(image.Root.Descriptor, number, listed);
            if (folder)
                await referrer.PushAsync(layout);
            else
                registry.Store.Add("app", referrer);
        }

        var source = folder ? $"oci:{_folder.Combine("source")}/app:v1" : $"{registry.Host}/app:v1";
        string[] targets = command == "copy" ? [$"oci:{_folder.Combine("target")}/app:v1"] : [];
        var run = await RunAsync([command, source, .. targets]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(listed ? "limit ListBytes" : "limit ImageManifestBytes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_archive_does_not_fill_the_disk()
    {
        var archive = _folder.Combine("app.tar.gz");
        await using (var packed = new GZipStream(File.Create(archive), CompressionLevel.SmallestSize))
        {
            await packed.WriteAsync(TarHeader.Write("blobs/sha256/0", TarEntryType.RegularFile, size: 1024L * MiB));
            var zeros = new byte[MiB];
            for (var number = 0; number < 1024; number++)
                await packed.WriteAsync(zeros);
        }

        Directory.CreateDirectory(_folder.Combine("tmp"));
        var run = await RunAsync(["inspect", $"oci-archive:{archive}"], ("TMPDIR", _folder.Combine("tmp")));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("GAN2050", run.Error, StringComparison.Ordinal);
        Assert.Contains("limit UnpackRatio", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Combine("tmp")));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    public async Task A_large_tar_header_does_not_fill_the_memory(char type)
    {
        var archive = _folder.Combine("app.tar");
        await using (var file = File.Create(archive))
        {
            await file.WriteAsync(Header(type, 1500L * MiB));
            file.SetLength(1500L * MiB);
        }

        var run = await RunAsync(["inspect", $"oci-archive:{archive}"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("GAN2029", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_names_in_an_archive_do_not_fill_the_memory()
    {
        var archive = _folder.Combine("app.tar");
        await using (var file = File.Create(archive))
        {
            for (var number = 0; number < 300; number++)
                await file.WriteAsync(TarHeader.Write($"{number}/{new string('n', MiB - 4096)}", TarEntryType.RegularFile));
        }

        var run = await RunAsync(["inspect", $"oci-archive:{archive}"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("GAN2050", run.Error, StringComparison.Ordinal);
        Assert.Contains("limit PathLength", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9_000_000_000_000_000_000)]
    [InlineData(2_000_000_000_000)]
    public async Task Sizes_that_no_blob_has_are_refused(long size)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var content = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}",
             "config":{"mediaType":"{{MediaTypes.OciConfig}}","digest":"{{Digest.Of("{}"u8)}}","size":2},
             "layers":[{"mediaType":"a/b","digest":"{{Digest.Of("a"u8)}}","size":{{size}}},
                       {"mediaType":"a/b","digest":"{{Digest.Of("b"u8)}}","size":{{size}}}]}
            """);
        var digest = Digest.Of(content).ToString();
        registry.Store.Manifests[("app", digest)] = (MediaTypes.OciManifest, content);
        registry.Store.Tags[("app", "v1")] = digest;

        foreach (var command in new[] { "inspect", "verify" })
        {
            var run = await RunAsync([command, $"{registry.Host}/app:v1"]);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("GAN1005", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        }
    }

    // A list of referrers has the annotations of the manifest, and not those of its layers.
    private static SampleImage CreateReferrer(Descriptor subject, int number, bool listed)
    {
        var content = "{}"u8.ToArray();
        var blob = new Descriptor { MediaType = MediaTypes.OciEmpty, Digest = Digest.Of(content), Size = content.Length };
        var large = new Dictionary<string, string> { ["com.example.large"] = $"{number} {new string('x', 3 * MiB)}" };
        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            ArtifactType = "application/vnd.example.large",
            Config = blob,
            Layers = [listed ? blob : blob with { Annotations = large }],
            Subject = subject,
            Annotations = listed ? large : null,
        });
        return new SampleImage(manifest, new Dictionary<Digest, byte[]> { [blob.Digest] = content });
    }

    private static byte[] Header(char type, long size)
    {
        var block = TarHeader.Write("x", TarEntryType.RegularFile, size: size);
        block[156] = (byte)type;
        var sum = block.Index().Sum(item => item.Index is >= 148 and < 156 ? ' ' : item.Item);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return block;
    }

    private static Task<ProcessResult> RunAsync(string[] arguments, params (string Name, string Value)[] variables) =>
        GantryProcess.RunWithMemoryLimitAsync(Memory, arguments, variables);
}

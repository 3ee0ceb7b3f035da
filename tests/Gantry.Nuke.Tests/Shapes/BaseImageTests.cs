using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Gantry.Testing.Faults;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>A base image moves on: the build finds the release that stands on it, rebases it, and promotes the result.</summary>
public sealed class BaseImageTests : IAsyncLifetime
{
    private const string Script = "#!/usr/bin/env bash\nexec dotnet \"$GANTRY_TEST_BUILD\" \"$@\"\n";

    private BuildRepository _repository = null!;
    private ScriptedRegistry _registry = null!;

    public async Task InitializeAsync()
    {
        _registry = await ScriptedRegistry.StartAsync();
        _repository = await ShapeRepository.CreateAsync("Rebuilding");
        _repository.Variables["GANTRY_TEST_BUILD"] = Path.Combine(AppContext.BaseDirectory, "Gantry.Nuke.Shapes.dll");
        await _repository.WriteAsync("build.sh", Script);
        await _repository.WriteAsync("build.cmd", "@dotnet \"%GANTRY_TEST_BUILD%\" %*\r\n");
        await _repository.WriteAsync(".gitignore", "build/bin/\nbuild/obj/\nartifacts/\n.nuke/temp/\nbin/\n*.pem\n");
        await _repository.WriteAsync("Dockerfile", $"FROM {_registry.Host}/runtime:1\nCOPY artifacts/app/ /app/\nCMD [\"/app/app\"]\n");
        await _repository.CommitAsync();
        await _repository.GitAsync("tag", "--force", "1.2.0");
    }

    public async Task DisposeAsync()
    {
        _repository.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task A_release_follows_its_base_image_without_a_compiler()
    {
        await PushBaseImageAsync("2026-11-01", "libc6 1");
        Succeeds(await _repository.BuildAsync("PromoteDev"));
        var moved = await PushBaseImageAsync("2026-11-28", "libc6 2");

        var check = await _repository.BuildAsync("CheckBase", "--output", "artifacts/base-images.md");
        Assert.True(check.ExitCode == 8, check.Output);
        Assert.Contains("libc6 1 -> 2 (deb)", check.Output, StringComparison.Ordinal);
        var markdown = await File.ReadAllTextAsync(_repository.PathOf("artifacts/base-images.md"));
        Assert.StartsWith("## Base images\n\n| Environment |", markdown, StringComparison.Ordinal);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(_repository.PathOf("artifacts/base-images.json")))!;
        Assert.Equal("2026-11-28T00:00:00Z", (string?)report["moved"]![0]!["createdNow"]);

        var dry = await _repository.BuildAsync("RebaseRelease", "--release", "1.2.0", "--dry-run");
        Assert.True(dry.ExitCode == 3, dry.Output);
        Assert.Equal(["1.2.0"], _repository.TagsIn("base"));

        var same = await _repository.BuildAsync("RebaseRelease", "--release", "1.2.0", "--release-version", "1.2.0");
        Assert.Contains("GAN4852: ", same.Output, StringComparison.Ordinal);

        const string Version = "1.2.0+base.20261128";
        await _repository.WriteAsync("src/App/App.csproj", "no project any more");
        Succeeds(await _repository.BuildAsync("RebaseRelease", "PromoteDev", "--release", "1.2.0"));
        Assert.Equal(["1.2.0", "1.2.0_base.20261128"], _repository.TagsIn("dev").Order(StringComparer.Ordinal));
        var release = await ReleaseRecord.ReadFileAsync(_repository.PathOf("artifacts/release.json"), CancellationToken.None);
        Assert.Equal((Version, moved), (release.Version, release.Images[0].BaseImage!.Digest));

        var verified = await _repository.BuildAsync("VerifyRelease", "--release", Version);
        Succeeds(verified);
        Assert.Contains("from the release 1.2.0, which is from", verified.Output, StringComparison.Ordinal);

        var rebuilt = await _repository.BuildAsync("Rebuild", "--release", Version);
        Succeeds(rebuilt);
        Assert.Contains("app 1.2.0 is the same: sha256:", rebuilt.Output, StringComparison.Ordinal);
        Assert.Contains($"app {Version} is the same: {release.Images[0].Digest}", rebuilt.Output, StringComparison.Ordinal);

        // The commit still says how to build; the working copy does not matter. Nothing is left to do.
        Assert.Equal(0, (await _repository.BuildAsync("CheckBase")).ExitCode);
        var nothing = await _repository.BuildAsync("RebaseRelease", "--release", Version);
        Assert.Contains("GAN4848: ", nothing.Output, StringComparison.Ordinal);
    }

    private static void Succeeds(BuildRun run) => Assert.True(run.ExitCode == 0, run.Output);

    private async Task<Digest> PushBaseImageAsync(string day, string package)
    {
        await using var session = new RegistrySession(new RegistrySessionOptions());
        var repository = session.Open(RegistryAddress.Parse(_registry.Host), "runtime");
        var (blob, diffId) = await PutLayerAsync(repository, new Dictionary<string, string>
        {
            ["etc/os-release"] = "ID=debian\nVERSION_ID=\"12\"\n",
            ["var/lib/dpkg/status"] =
                $"Package: {package.Split(' ')[0]}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {package.Split(' ')[1]}\n",
        });
        var config = new JsonObject
        {
            ["created"] = day + "T00:00:00Z",
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/bin", "RUNTIME_VERSION=1.0." + day[^2..]) },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId.ToString()) },
        };
        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = await PutAsync(repository, Encoding.UTF8.GetBytes(config.ToJsonString()), MediaTypes.OciConfig),
            Layers = [blob],
        });
        await repository.PutTagAsync("1", manifest, CancellationToken.None);
        return manifest.Descriptor.Digest;
    }

    private static async Task<(Descriptor Blob, Digest DiffId)> PutLayerAsync(
        IImageRepository repository, IReadOnlyDictionary<string, string> files)
    {
        using var plain = new MemoryStream();
        using (var tar = new TarWriter(plain, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                });
        }

        using var blob = new MemoryStream();
        using (var gzip = new GZipStream(blob, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(plain.ToArray());
        return (await PutAsync(repository, blob.ToArray(), MediaTypes.OciLayerGzip), Digest.Of(plain.ToArray()));
    }

    private static async Task<Descriptor> PutAsync(IImageRepository repository, byte[] content, string mediaType)
    {
        var descriptor = new Descriptor { MediaType = mediaType, Digest = Digest.Of(content), Size = content.Length };
        await repository.PutBlobAsync(
            descriptor, _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false)), CancellationToken.None);
        return descriptor;
    }
}

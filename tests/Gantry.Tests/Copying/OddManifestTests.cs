using System.Text;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Copying;

/// <summary>
/// Manifests with null where a list is expected are read as other tools read them. Manifests that tools read differently, or that would
/// not verify, are refused with a code, by a copy as by a verification, and nothing is tagged.
/// </summary>
public sealed class OddManifestTests : IAsyncLifetime
{
    private const string Config = """{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"CONFIG","size":2}""";
    private const string Layer = """{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"LAYER","size":5}""";
    private const string Image = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{Config}},"layers":[{{Layer}}]}""";

    private static readonly Dictionary<string, string> s_read = new(StringComparer.Ordinal)
    {
        ["layers null"] = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{Config}},"layers":null}""",
        ["no layers"] = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{Config}}}""",
        ["manifests null"] = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":null}""",
        ["config null"] = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":null,"layers":[]}""",
        ["subject and annotations null"] = Image.Replace("\"layers\"", "\"subject\":null,\"annotations\":null,\"layers\""),
        ["an annotation null"] = Image.Replace("\"layers\"", "\"annotations\":{\"a\":null},\"layers\""),
        ["urls and data null"] = Image.Replace(
            "\"size\":5", "\"size\":5,\"urls\":null,\"data\":null,\"annotations\":null,\"platform\":null"),
        ["annotations in two cases"] = Image.Replace("\"layers\"", "\"annotations\":{\"Size\":\"1\",\"size\":\"2\"},\"layers\""),
        ["platform without os"] = Index("""{"mediaType":"IMAGETYPE","digest":"IMAGE","size":IMAGESIZE,"platform":{"architecture":"amd64"}}"""),
        ["platform empty"] = Index("""{"mediaType":"IMAGETYPE","digest":"IMAGE","size":IMAGESIZE,"platform":{"os":null,"variant":""}}"""),
    };

    private static readonly Dictionary<string, (string Document, string Code)> s_refused = new(StringComparer.Ordinal)
    {
        ["a null layer"] = (Image.Replace($"[{Layer}]", "[null]"), "GAN1005"),
        ["a null entry"] = (Index("null"), "GAN1005"),
        ["a null media type"] = (Image.Replace("\"application/vnd.oci.image.layer.v1.tar+gzip\"", "null"), "GAN1005"),
        ["a null url"] = (Image.Replace("\"size\":5", "\"size\":5,\"urls\":[null]"), "GAN1005"),
        ["layers that are no list"] = (Image.Replace($"[{Layer}]", Layer), "GAN1005"),
        ["a media type that is no text"] = (Image.Replace($"\"{MediaTypes.OciManifest}\"", "5"), "GAN1005"),
        ["Layers beside layers"] = (Image.Replace("\"layers\"", "\"Layers\":[],\"layers\""), "GAN1005"),
        ["Layers instead of layers"] = (Image.Replace("\"layers\"", "\"Layers\""), "GAN1005"),
        ["layers in letters that Go folds"] = (Image.Replace("\"layers\"", "\"layer\u017f\":[],\"layers\""), "GAN1005"),
        ["layers with an escape, twice"] = (Image.Replace("\"layers\"", "\"l\\u0061yers\":[],\"layers\""), "GAN1005"),
        ["Digest beside digest"] = (Image.Replace("\"size\":5", "\"size\":5,\"Digest\":\"CONFIG\""), "GAN1005"),
        ["OS beside os"] = (
            Index("""{"mediaType":"IMAGETYPE","digest":"IMAGE","size":IMAGESIZE,"platform":{"os":"linux","OS":"windows"}}"""), "GAN1005"),
        ["layers twice"] = (Image.Replace("\"layers\"", "\"layers\":[],\"layers\""), "GAN1005"),
        ["an annotation twice"] = (Image.Replace("\"size\":5", "\"size\":5,\"annotations\":{\"a\":\"1\",\"a\":\"2\"}"), "GAN1005"),
        ["trailing data"] = (Image + "{}", "GAN1005"),
        ["a huge number"] = (Image.Replace("\"size\":5", "\"size\":1e999"), "GAN1005"),
        ["a huge size"] = (Image.Replace("\"size\":5", $"\"size\":{long.MaxValue}"), "GAN1005"),
        ["a negative size"] = (Image.Replace("\"size\":5", "\"size\":-5"), "GAN1005"),
        ["deeply nested"] = (Image.Replace("\"layers\"", $"\"x\":{new string('[', 500)}{new string(']', 500)},\"layers\""), "GAN1005"),
        ["an index and an image"] = (Image.Replace("\"layers\"", "\"manifests\":null,\"layers\""), "GAN1005"),
        ["an index and schema 1"] = (Index("").Replace("\"manifests\"", "\"fsLayers\":[],\"manifests\""), "GAN1005"),
        ["other data embedded"] = (Image.Replace("\"size\":5", "\"size\":5,\"data\":\"b3RoZXI=\""), "GAN1005"),
        ["a layer of another size"] = (Image.Replace("\"size\":5", "\"size\":6"), "GAN2006"),
        ["a configuration of another size"] = (Image.Replace("\"size\":2", "\"size\":3"), "GAN2006"),
        ["an entry of another size"] = (Index("""{"mediaType":"IMAGETYPE","digest":"IMAGE","size":1}"""), "GAN2039"),
        ["an entry of another type"] = (
            Index($$"""{"mediaType":"{{MediaTypes.DockerManifest}}","digest":"IMAGE","size":IMAGESIZE}"""), "GAN2039"),
        ["an image listed as an index"] = (
            Index($$"""{"mediaType":"{{MediaTypes.OciIndex}}","digest":"IMAGE","size":IMAGESIZE}"""), "GAN2039"),
        ["an entry twice, of two sizes"] = (
            Index("""{"mediaType":"IMAGETYPE","digest":"IMAGE","size":IMAGESIZE},{"mediaType":"IMAGETYPE","digest":"IMAGE","size":9}"""),
            "GAN2039"),
        ["a layer twice, of two sizes"] = (
            Image.Replace($"[{Layer}]", $"[{Layer},{Layer.Replace("\"size\":5", "\"size\":4")}]"), "GAN2006"),
    };

    private readonly TempFolder _folder = new();
    private ScriptedRegistry _registry = null!;
    private RegistrySession _session = null!;

    public static TheoryData<string> Read => [.. s_read.Keys];

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    [Theory, MemberData(nameof(Read))]
    public async Task Null_is_read_as_other_tools_read_it(string name)
    {
        Store(s_read[name]);
        var source = _session.Open(_registry.Address, "app");

        Assert.Null((await CopyAsync(Layout("copy"))).Error);

        Assert.Empty((await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(source, "v1", default)).Faults);
        Assert.NotEmpty((await ImageInspection.ReadAsync(source, "v1", null, default)).Manifests);
        Assert.Equal(["v1"], await Layout("copy").ListTagsAsync(default));
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task What_would_not_verify_is_not_copied(string name)
    {
        Store(s_refused[name].Document);

        // The target has everything but the image: nothing has to be read for it.
        var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { Time = _registry.Time });
        foreach (var (key, content) in _registry.Store.Blobs)
            registry.Store.Blobs[key] = content;
        await using (registry)
        {
            var outcome = await CopyAsync(_session.Open(registry.Address, "app"));
            Assert.Equal(s_refused[name].Code, Assert.IsType<GantryException>(outcome.Error).Code);
            Assert.Empty(registry.Store.Tags);
        }

        Assert.True(await IsRefusedByVerificationAsync());
    }

    public async Task InitializeAsync()
    {
        _registry = await ScriptedRegistry.StartAsync();
        _session = new RegistrySession(_registry.SessionOptions() with { RootFolder = _folder.Path });
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    private static string Index(string entries) =>
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{entries}}]}""";

    private async Task<bool> IsRefusedByVerificationAsync()
    {
        try
        {
            var report = await new ImageVerifier(new CopyOptions(), new CopyProgress())
                .VerifyAsync(_session.Open(_registry.Address, "app"), "v1", default);
            return report.Faults.Count > 0;
        }
        catch (GantryException)
        {
            return true;
        }
    }

    private IImageRepository Layout(string name) => _session.Open(RegistryAddress.Parse("oci:layouts"), name);

    private async Task<CopyOutcome> CopyAsync(IImageRepository target)
    {
        var request = new CopyRequest
        {
            Source = _session.Open(_registry.Address, "app"),
            Tag = "v1",
            Targets = [new CopyTarget(target, "v1")],
        };
        return Assert.Single(await new ImageCopier().CopyAsync([request], default));
    }

    private void Store(string document)
    {
        var image = Fill(Image);
        Put(MediaTypes.OciManifest, image, tag: null);
        Put(
            document.Contains(MediaTypes.OciIndex, StringComparison.Ordinal) && !document.Contains("\"layers\"", StringComparison.Ordinal)
                ? MediaTypes.OciIndex
                : MediaTypes.OciManifest,
            Fill(document)
                .Replace("IMAGETYPE", MediaTypes.OciManifest, StringComparison.Ordinal)
                .Replace("IMAGESIZE", $"{image.Length}", StringComparison.Ordinal)
                .Replace("IMAGE", Digest.Of(Encoding.UTF8.GetBytes(image)).ToString(), StringComparison.Ordinal),
            "v1");
    }

    private string Fill(string document) => document
        .Replace("CONFIG", Blob("{}"), StringComparison.Ordinal)
        .Replace("LAYER", Blob("layer"), StringComparison.Ordinal);

    private string Blob(string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = Digest.Of(bytes).ToString();
        _registry.Store.Blobs[("app", digest)] = bytes;
        return digest;
    }

    private void Put(string mediaType, string document, string? tag)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        var digest = Digest.Of(bytes).ToString();
        _registry.Store.Manifests[("app", digest)] = (mediaType, bytes);
        if (tag is not null)
            _registry.Store.Tags[("app", tag)] = digest;
    }
}

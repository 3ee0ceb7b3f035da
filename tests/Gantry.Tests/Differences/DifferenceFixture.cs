using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Differences;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Differences;

/// <summary>Images with layers, configuration and SBOMs in a registry in memory, whose requests are counted.</summary>
internal sealed class DifferenceFixture
{
    public const string CycloneDx = "application/vnd.cyclonedx+json";

    public FakeRegistry Registry { get; } = new("registry.test:5000");

    public FakeRepository App => Registry["app"];

    public ManifestContent AddImage(
        string[] layers, string? config = null, IReadOnlyDictionary<string, string>? annotations = null,
        params (string Name, string Version)[] packages)
    {
        var image = App.Add(
            ManifestContent.Create(new Manifest
            {
                MediaType = MediaTypes.OciManifest,
                Config = App.AddBlob(MediaTypes.OciConfig, config ?? """{"architecture":"amd64","os":"linux"}"""),
                Layers = [.. layers.Select(layer => App.AddBlob(MediaTypes.OciLayerGzip, layer))],
                Annotations = annotations,
            }),
            null);
        if (packages.Length > 0)
            App.AddArtifact(image, Sbom(packages), CycloneDx);
        return image;
    }

    public ManifestContent AddIndex(params (string Platform, ManifestContent Image)[] images) =>
        App.AddIndex(null, [.. images.Select(image => (Platform.Parse(image.Platform), image.Image))]);

    public static string Sbom(params (string Name, string Version)[] packages) => new JsonObject
    {
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["components"] = new JsonArray(
        [
            new JsonObject { ["type"] = "operating-system", ["name"] = "debian", ["version"] = packages.Length.ToString() },
            .. packages.Select(package => new JsonObject
            {
                ["type"] = "library",
                ["name"] = package.Name,
                ["version"] = package.Version,
                ["purl"] = $"pkg:nuget/x@{Uri.EscapeDataString(package.Version)}",
            }),
        ]),
    }.ToJsonString(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public ReleaseToCompare Release(
        string version, ManifestContent? image, string? commit = null, string? baseImage = null, string? baseDigest = null) => new()
    {
        Name = version,
        Commit = commit,
        Images = image is null ? [] :
        [
            new ImageToCompare("app", App, image.Descriptor.Digest)
            {
                Recorded = new ReleaseImage
                {
                    Name = "app",
                    Repository = "app",
                    Digest = image.Descriptor.Digest,
                    MediaType = image.Descriptor.MediaType,
                    Size = image.Descriptor.Size,
                    Platforms = [],
                    BaseImage = baseImage is null
                        ? null
                        : new ReleaseBaseImage { Name = baseImage, Digest = baseDigest is null ? null : Digest.Parse(baseDigest) },
                },
            },
        ],
    };

    public static string DigestOf(string text) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(text)).ToString();

    public Task<ReleaseDifference> ReadAsync(ReleaseToCompare from, ReleaseToCompare to, ReleaseDifferenceReader? reader = null)
    {
        Registry.Calls.Clear();
        return (reader ?? new ReleaseDifferenceReader()).ReadAsync(from, to, CancellationToken.None);
    }

    public async Task<ImageDifferences> CompareAsync(ManifestContent from, ManifestContent to) =>
        Assert.Single((await ReadAsync(Release("1", from), Release("2", to))).Images);
}

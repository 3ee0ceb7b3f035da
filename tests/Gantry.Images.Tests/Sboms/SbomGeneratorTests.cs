using System.Text.Json.Nodes;
using Gantry.Images.Sboms;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Sboms;
using Gantry.Testing;

namespace Gantry.Images.Tests.Sboms;

public sealed class SbomGeneratorTests
{
    // "A/1.0.0" as app/X.deps.json, by GNU tar and zstd 1.5.4 (-19 --long=27).
    private static readonly byte[] s_foreignLayer = Convert.FromBase64String(
        "KLUv/WQAJwUGACLJHhlQ1wMT6jIFgNYRnmjnqClsEGVjBumqEV5TDjy1JkZNjLutac0zTzV74cuyCk5IDIzeL3wfYSS4xd6qM40E"
        + "jBmabwM5D3zlqTbte8pvauUJUa1uu+X3omEUiSyOA7FXX1BjWkHJ973ZgyDPrTd3GbhMikhElzKJPmA8Axwg8EYqsMZNA3j8InCG"
        + "waixHViM4XmwdSTYIXAAaxvkcDF+AViVBZzOXZzRmQGtfUptHIKx/8+E9w90gEEDjCf1Bp6Rprw=");

    private static BaseImageFactory Small(params string[] libraries) => new BaseImageFactory()
        .Layer(
            BaseImageFactory.File("etc/os-release", SbomFixture.Debian),
            BaseImageFactory.File("var/lib/dpkg/status", "Package: a\nVersion: 1\n"))
        .Layer(BaseImageFactory.File("app/X.deps.json", SbomFixture.Deps("X", libraries)));

    [Fact]
    public async Task The_document_is_about_the_manifest_and_nothing_else()
    {
        var sbom = await SbomFixture.CreateAsync("image", Small("A/1.0.0"), SbomFixture.Options);

        var json = JsonNode.Parse(sbom.Json.Span)!;
        var subject = json["metadata"]!["component"]!;
        var hex = sbom.Subject.Digest.Hex;
        Assert.Equal("CycloneDX 1.6 1", $"{json["bomFormat"]} {json["specVersion"]} {json["version"]}");
        Assert.Equal("2026-03-01T12:30:15Z", (string?)json["metadata"]!["timestamp"]);
        Assert.Equal($"container shop/api 1.4.2", $"{subject["type"]} {subject["name"]} {subject["version"]}");
        Assert.Equal($"pkg:oci/api@sha256%3A{hex}?arch=amd64", (string?)subject["purl"]);
        Assert.Equal(hex, (string?)subject["hashes"]![0]!["content"]);
        Assert.Equal("linux/amd64", sbom.Platform.ToString());
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", (string?)json["serialNumber"]);
        Assert.Equal(sbom.Json.ToArray(), SbomDocument.Read(sbom.Json, "the test").ToJson());
    }

    // Python: uuid.uuid5(uuid.NAMESPACE_URL, "oci:sha256:0")
    [Fact]
    public void Names_have_the_UUID_that_others_compute() =>
        Assert.Equal("d5147ddb-f786-5c39-8d27-1f69b9a68172", NameBasedUuid.OfUrl("oci:sha256:0").ToString());

    [Fact]
    public async Task The_same_image_has_the_same_bytes_in_every_repository()
    {
        var first = await SbomFixture.CreateAsync("image", Small("B/1.0.0", "A/1.0.0"), SbomFixture.Options);
        var repository = new MemoryRegistries().Open(RegistryAddress.Parse("prod.example/team"), "other");
        var root = await Small("B/1.0.0", "A/1.0.0").StoreAsync(repository);
        var index = ManifestContent.Create(new ImageIndex { Manifests = [root.Descriptor] });

        var second = await new SbomGenerator(repository).CreateAsync(index, SbomFixture.Options, CancellationToken.None);

        Assert.Equal(first.Json.ToArray(), Assert.Single(second).Json.ToArray());
        var other = await SbomFixture.CreateAsync("image-b", Small("B/1.0.0"), SbomFixture.Options);
        Assert.NotEqual(first.Json.ToArray(), other.Json.ToArray());
    }

    [Fact]
    public async Task The_order_in_the_files_of_the_image_does_not_count()
    {
        var first = await SbomFixture.CreateAsync("image", Small("A/1.0.0", "B/1.0.0"), SbomFixture.Options);
        var second = await SbomFixture.CreateAsync("image", Small("B/1.0.0", "A/1.0.0"), SbomFixture.Options);

        Assert.Equal(first.Components.Select(item => item.BomRef), second.Components.Select(item => item.BomRef));
        Assert.Equal(
            first.Components.Select(item => item.BomRef).Order(StringComparer.Ordinal), first.Components.Select(item => item.BomRef));
    }

    [Fact]
    public async Task Each_platform_has_an_SBOM_and_attestations_have_none()
    {
        var repository = SbomFixture.NewRepository();
        var amd = await Small("A/1.0.0").StoreAsync(repository);
        var arm = await new BaseImageFactory { Platform = Platform.LinuxArm64, Docker = true }
            .Layer(BaseImageFactory.File("app/Y.deps.json", SbomFixture.Deps("Y"))).StoreAsync(repository);
        var attestation = await new BaseImageFactory().Layer(BaseImageFactory.File("z.deps.json")).StoreAsync(repository);
        var root = ManifestContent.Create(new ImageIndex
        {
            Manifests =
            [
                amd.Descriptor with { Platform = Platform.LinuxAmd64 }, arm.Descriptor with { Platform = Platform.LinuxArm64 },
                attestation.Descriptor with { Platform = new Platform { Os = "unknown", Architecture = "unknown" } },
            ],
        });

        var sboms = await new SbomGenerator(repository).CreateAsync(root, SbomFixture.Options, CancellationToken.None);

        Assert.Equal([amd.Descriptor.Digest, arm.Descriptor.Digest], sboms.Select(sbom => sbom.Subject.Digest));
        Assert.Equal(["linux/amd64", "linux/arm64"], sboms.Select(sbom => sbom.Platform.ToString()));
        Assert.Contains(sboms[1].Components, component => component.Name == "Y");
        Assert.NotEqual(sboms[0].Document.SerialNumber, sboms[1].Document.SerialNumber);
    }

    [Theory]
    [InlineData(MediaTypes.OciLayer)]
    [InlineData(MediaTypes.OciLayerGzip)]
    [InlineData(MediaTypes.OciLayerZstd)]
    [InlineData(MediaTypes.DockerLayer)]
    [InlineData(MediaTypes.DockerLayerGzip)]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.zstd")]
    public async Task Layers_of_every_format_are_read(string mediaType)
    {
        var image = new BaseImageFactory().LayerAs(
            mediaType, BaseImageFactory.File("app/X.deps.json", SbomFixture.Deps("X", "A/1.0.0")));

        var sbom = await SbomFixture.CreateAsync("format", image, SbomFixture.Options);

        Assert.Equal(["pkg:nuget/A@1.0.0"], sbom.Purls());
    }

    [Fact]
    public async Task A_layer_that_zstd_itself_has_compressed_is_read()
    {
        var image = new BaseImageFactory().RawLayer(s_foreignLayer, Digest.Of([1]), MediaTypes.OciLayerZstd);

        Assert.Equal(["pkg:nuget/A@1.0.0"], (await SbomFixture.CreateAsync("zstd", image, SbomFixture.Options)).Purls());
    }

    /// <summary>What a second layer does to <c>app/X.deps.json</c> with package A in the first one, and the packages that remain.</summary>
    public static TheoryData<string, string[]> Changes => new()
    {
        { "another file", ["pkg:nuget/A@1.0.0"] },
        { "overwritten", ["pkg:nuget/B@2.0.0"] },
        { "removed", [] },
        { "folder removed", [] },
        { "folder emptied", [] },
        { "folder removed and made again", ["pkg:nuget/B@2.0.0"] },
        { "folder replaced by a file", [] },
        { "folder replaced by a link", ["pkg:nuget/C@3.0.0"] },
        { "linked hard", ["pkg:nuget/A@1.0.0"] },
        { "linked and removed", ["pkg:nuget/A@1.0.0"] },
    };

    [Theory, MemberData(nameof(Changes))]
    public async Task The_final_file_system_counts(string change, string[] expected)
    {
        var hardLink = new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.HardLink, "app/Y.deps.json")
        {
            LinkName = "app/X.deps.json",
        };
        var b = BaseImageFactory.File("app/X.deps.json", SbomFixture.Deps("X", "B/2.0.0"));
        System.Formats.Tar.TarEntry[] second = change switch
        {
            "another file" => [BaseImageFactory.File("app/other")],
            "overwritten" => [b],
            "removed" => [BaseImageFactory.File("app/.wh.X.deps.json")],
            "folder removed" => [BaseImageFactory.File(".wh.app")],
            "folder emptied" => [BaseImageFactory.File("app/.wh..wh..opq")],
            "folder removed and made again" => [BaseImageFactory.File(".wh.app"), b],
            "folder replaced by a file" => [BaseImageFactory.File("app")],
            "folder replaced by a link" =>
                [BaseImageFactory.Link("app", "srv"), BaseImageFactory.File("srv/Z.deps.json", SbomFixture.Deps("Z", "C/3.0.0"))],
            "linked hard" => [hardLink],
            _ => [hardLink, BaseImageFactory.File("app/.wh.X.deps.json")],
        };

        var sbom = await SbomFixture.CreateAsync(
            "changed", [BaseImageFactory.File("app/X.deps.json", SbomFixture.Deps("X", "A/1.0.0"))], second);

        Assert.Equal(expected, sbom.Purls());
        Assert.Empty(sbom.Notes);
    }

    [Theory]
    [InlineData("option")]
    [InlineData("annotation")]
    [InlineData("unknown")]
    public async Task The_base_image_is_named_when_it_is_known(string source)
    {
        var digest = "sha256:" + new string('a', 64);
        var repository = SbomFixture.NewRepository();
        var root = await Small().StoreAsync(repository);
        if (source == "annotation")
            root = ManifestContent.Create(root.ReadManifest() with
            {
                Annotations = new Dictionary<string, string>
                {
                    ["org.opencontainers.image.base.name"] = "mcr.microsoft.com/dotnet/aspnet:10.0",
                    ["org.opencontainers.image.base.digest"] = digest,
                },
            });
        var options = SbomFixture.Options with
        {
            BaseImage = source == "option" ? ImageReference.Parse($"mcr.microsoft.com/dotnet/aspnet:10.0@{digest}") : null,
        };

        var sbom = Assert.Single(await new SbomGenerator(repository).CreateAsync(root, options, CancellationToken.None));

        SbomFixture.Keep("base-" + source, sbom);
        Assert.Equal(
            source == "unknown"
                ? []
                :
                [
                    ("org.opencontainers.image.base.digest", digest),
                    ("org.opencontainers.image.base.name", "mcr.microsoft.com/dotnet/aspnet:10.0"),
                ],
            sbom.Document.Subject!.Properties.Skip(1).Select(property => (property.Name, property.Value)));
    }

    [Fact]
    public async Task A_layer_that_is_in_the_cache_is_not_downloaded()
    {
        using var cache = new TempFolder();
        var (repository, damaged) = (SbomFixture.NewRepository(), SbomFixture.NewRepository());
        var options = SbomFixture.Options with { CacheFolder = cache.Path };
        var root = await Small("A/1.0.0").StoreAsync(repository);
        var first = await new SbomGenerator(repository).CreateAsync(root, options, CancellationToken.None);

        // The same image, in a registry that has lost its layers.
        var config = root.ReadManifest().Config;
        await damaged.PutBlobAsync(config, token => repository.OpenBlobAsync(config, token), CancellationToken.None);
        var second = await new SbomGenerator(damaged).CreateAsync(root, options, CancellationToken.None);

        Assert.Equal(first[0].Json.ToArray(), second[0].Json.ToArray());
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            new SbomGenerator(damaged).CreateAsync(root, SbomFixture.Options, CancellationToken.None));
        Assert.Equal("GAN2004", error.Code);
    }

    [Fact]
    public async Task An_image_of_Windows_says_what_is_missing()
    {
        var image = new BaseImageFactory { Platform = Platform.Parse("windows/amd64") }
            .Layer(BaseImageFactory.File("Files/app/X.deps.json", SbomFixture.Deps("X", "A/1.0.0")));

        var sbom = await SbomFixture.CreateAsync("windows", image, SbomFixture.Options);

        Assert.Equal(["pkg:nuget/A@1.0.0"], sbom.Purls());
        Assert.Contains("packages of Windows are not read", Assert.Single(sbom.Notes), StringComparison.Ordinal);
    }
}

using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Gantry.Images.Sboms;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;

namespace Gantry.Images.Tests.Sboms;

/// <summary>What is made to fill the memory, or to act on a screen, does neither; and what cannot be read is said.</summary>
public sealed class HostileImageTests
{
    private const string Good = """{"runtimeTarget":{"name":"t"},"targets":{"t":{}},"libraries":{}}""";

    /// <summary>A file, and the part of the note about it.</summary>
    public static TheoryData<string, string, string> Malformed => new()
    {
        { "app/X.deps.json", "", "/app/X.deps.json: not read, because it is malformed: it is not JSON" },
        { "app/X.deps.json", "{", "it is not JSON" },
        { "app/X.deps.json", Good + "x", "it is not JSON" },
        { "app/X.deps.json", "[]", "its content is not that of a deps.json file" },
        { "app/X.deps.json", "{}", "its content is not that of a deps.json file" },
        { "app/X.deps.json", Good.Replace("\"t\":{}", "\"t\":[]"), "its content is not that of a deps.json file" },
        { "app/X.deps.json", Good.Replace("\"t\":{}", "\"t\":{\"A/1\":1}"), "its content is not that of a deps.json file" },
        { "app/X.deps.json", Good.Replace("\"t\":{}", "\"t\":{\"A/1\":{},\"A/1\":{}}"), "it is not JSON" },
        { "app/X.deps.json", Good.Replace("\"t\":{}", "\"t\":{\"A\":{}}"), "the library 'A' is not a name and a version" },
        { "app/X.deps.json", Good.Replace("\"t\":{}", "\"u\":{}"), "its target 't' is missing" },
        { "app/X.deps.json", Nested(10_000), "it is not JSON" },
        { "app/X.deps.json", Good.Replace("\"t\":{}", "\"t\":{\"\\ud800/1\":{}}"), "its content is not that of a deps.json file" },
        { "var/lib/dpkg/status", "no field\n\nPackage: a\nVersion: 1\n", "/var/lib/dpkg/status: malformed: line 1 is no field" },
        { "var/lib/dpkg/status", "Package: a\n\nPackage: a\nVersion: 1\n", "the package that ends before line 2 has no name or" },
        { "var/lib/dpkg/status", "Version: 1\n", "the package that ends before line 2 has no name or no version" },
        { "var/lib/dpkg/status", "Package: a\nPackage: b\nVersion: 1\n", "line 2 has the field Package of a package again" },
        { "var/lib/dpkg/status.d/x", "\0\u0001", "/var/lib/dpkg/status.d/x: malformed: line 1 is no field" },
        { "lib/apk/db/installed", "P\n\nP:a\nV:1\n", "/lib/apk/db/installed: malformed: line 1 is no field" },
        { "lib/apk/db/installed", "P:a\n\n", "the package that ends before line 2 has no name or no version" },
        { "lib/apk/db/installed", "P:a\nP:b\nV:1\n", "line 2 has the field P of a package again" },
        { "var/lib/rpmmanifest/container-manifest-2", "bash\t1\n", "line 1 is no package with 10 fields" },
        { "var/lib/chisel/manifest.wall", "no zstd", "not read, because it is malformed: it is not a manifest of chisel" },
    };

    [Theory, MemberData(nameof(Malformed))]
    public async Task A_malformed_list_is_said_and_the_rest_is_read(string path, string content, string note)
    {
        var sbom = await SbomFixture.CreateAsync(
            "hostile-malformed",
            [
                BaseImageFactory.File("etc/os-release", SbomFixture.Debian), BaseImageFactory.File(path, content),
                BaseImageFactory.File("good/Y.deps.json", SbomFixture.Deps("Y", "A/1.0.0")),
            ]);

        Assert.Contains(sbom.Notes, item => item.Contains(note, StringComparison.Ordinal));
        Assert.Contains("pkg:nuget/A@1.0.0", sbom.Purls());
    }

    [Fact]
    public async Task Names_that_act_on_a_screen_are_escaped()
    {
        var file = SbomFixture.DepsOf(
            """ "A\u001b[2J\n##vso[task.x]\u202e/1.0.0":{"runtime":{"a.dll":{}}} """,
            """ "A\u001b[2J\n##vso[task.x]\u202e/1.0.0":{"type":"package","sha512":"sha512-\u001b"} """);

        var sbom = await SbomFixture.CreateAsync(
            "hostile-names",
            [
                BaseImageFactory.File("etc/os-release", "ID=\"a\u001b[2J\"\nVERSION_ID=\"1\u0007\"\n"),
                BaseImageFactory.File("var/lib/dpkg/status", "Package: p\u001b[1m\nVersion: 1\u0085\nArchitecture: \u202e\n"),
                BaseImageFactory.File("app\u001b[2J/X.deps.json", file), BaseImageFactory.File("app\u001b[2J/Y.deps.json", "{"),
            ]);

        Assert.Equal(3, sbom.Components.Count);
        Assert.Equal(2, sbom.Notes.Count);
        foreach (var text in Texts(JsonNode.Parse(sbom.Json.Span)!).Concat(sbom.Notes))
            Assert.Equal(DisplayText.Neutralize(text), text);
        Assert.Contains(sbom.Components, component => component.Name == @"A\x1b[2J\n# #vso[task.x]\u202e");
    }

    [Theory]
    [InlineData("", "1.0.0")]
    [InlineData("  ", "1.0.0")]
    [InlineData("long", "1.0.0")]
    public async Task A_library_without_a_name_of_usual_length_is_said(string name, string version)
    {
        var key = $"{(name == "long" ? new string('x', 1001) : name)}/{version}";
        var file = SbomFixture.DepsOf($$""" "{{key}}":{"runtime":{"a.dll":{} } } """, $$""" "{{key}}":{"type":"package"} """);

        var sbom = await SbomFixture.CreateAsync("hostile-length", [BaseImageFactory.File("app/X.deps.json", file)]);

        Assert.Empty(sbom.Components);
        Assert.Single(sbom.Notes);
    }

    [Theory]
    [InlineData("sha512-")]
    [InlineData("sha512-AAAA")]
    [InlineData("sha512-%%%%")]
    [InlineData("md5-AAAA")]
    public async Task A_hash_that_is_none_is_left_out_and_said(string hash)
    {
        var file = SbomFixture.DepsOf(
            """ "A/1.0.0":{"runtime":{"a.dll":{}}} """, $$""" "A/1.0.0":{"type":"package","sha512":"{{hash}}"} """);

        var sbom = await SbomFixture.CreateAsync("hostile-hash", [BaseImageFactory.File("app/X.deps.json", file)]);

        Assert.Empty(Assert.Single(sbom.Components).Hashes);
        Assert.Equal(["/app/X.deps.json: the hash of A/1.0.0 is left out, because it is not sha512"], sbom.Notes);
    }

    [Fact]
    public async Task Two_hashes_of_one_package_are_said()
    {
        static TarEntry Application(string path, byte hash) => BaseImageFactory.File(path, SbomFixture.DepsOf(
            """ "A/1.0.0":{"runtime":{"a.dll":{}}} """,
            $$""" "A/1.0.0":{"type":"package","sha512":"sha512-{{Convert.ToBase64String([.. Enumerable.Repeat(hash, 64)])}}"} """));

        var sbom = await SbomFixture.CreateAsync("hostile-hashes", [Application("a/X.deps.json", 1), Application("b/X.deps.json", 2)]);

        Assert.StartsWith("0101", Assert.Single(sbom.Components).Hashes[0].Content, StringComparison.Ordinal);
        Assert.Equal(["/b/X.deps.json: A 1.0.0 has another hash here than elsewhere in the image"], sbom.Notes);
    }

    /// <summary>Links, and the note about them.</summary>
    public static TheoryData<string, string, string?> Links => new()
    {
        { "etc/os-release", "os-release", "/etc/os-release: not read, because it is a link that leads to no file" },
        { "etc/os-release", "../../../../none", "/etc/os-release: not read, because it is a link that leads to no file" },
        { "var/lib/dpkg", "/var/lib/dpkg", null },
        { "app/X.deps.json", "Y.deps.json", "/app/X.deps.json: not read, because it is a link that leads to no file" },
        { "app/X.deps.json", "../data", "/app/X.deps.json: not read, because it is a link to a file with another kind of name" },
        { "app/X.deps.json", "../good/Y.deps.json", null },
        { "app/X.deps.json", "../good", null },
    };

    [Theory, MemberData(nameof(Links))]
    public async Task Links_end_and_stay_in_the_image(string link, string target, string? note)
    {
        var sbom = await SbomFixture.CreateAsync(
            "hostile-links",
            [
                BaseImageFactory.Link(link, target), BaseImageFactory.File("data", "x"),
                BaseImageFactory.File("good/Y.deps.json", SbomFixture.Deps("Y", "A/1.0.0")),
            ]);

        Assert.Equal(note is null ? [] : [note], sbom.Notes);
        Assert.Equal(["pkg:nuget/A@1.0.0"], sbom.Purls());
    }

    [Fact]
    public async Task A_list_that_is_too_large_is_said_and_not_read()
    {
        var sbom = await SbomFixture.CreateAsync(
            "hostile-size",
            [
                BaseImageFactory.File("etc/os-release", SbomFixture.Debian),
                SbomFixture.Bytes("var/lib/dpkg/status", new byte[Limits.PackageFileBytes + 1]),
                SbomFixture.Bytes(
                    "var/lib/chisel/manifest.wall", SbomFixture.Zstd(new byte[Limits.PackageFileBytes + 1])),
            ]);

        Assert.Contains("(limit PackageFileBytes)", sbom.Notes[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "/var/lib/chisel/manifest.wall: not read, because it is malformed: it unpacks to more",
            sbom.Notes[1],
            StringComparison.Ordinal);
        Assert.Equal("no list of packages of the operating system debian-12 was read", sbom.Notes[2]);
    }

    [Fact]
    public async Task Many_notes_are_counted()
    {
        var sbom = await SbomFixture.CreateAsync(
            "hostile-notes", [BaseImageFactory.File("var/lib/dpkg/status", string.Concat(Enumerable.Repeat("x\n", Limits.SbomNotes + 5)))]);

        Assert.Equal(Limits.SbomNotes + 1, sbom.Notes.Count);
        Assert.Equal("and 5 more notes", sbom.Notes[^1]);
    }

    [Theory]
    [InlineData("packages", nameof(Limits.SbomComponents))]
    [InlineData("files", nameof(Limits.SbomComponents))]
    [InlineData("dependencies", nameof(Limits.SbomDependencies))]
    [InlineData("bytes", nameof(Limits.SbomBytes))]
    [InlineData("a layer of zeros", nameof(Limits.UnpackRatio))]
    [InlineData("deep paths", nameof(Limits.PathDepth))]
    public async Task An_image_beyond_a_limit_is_refused(string kind, string limit)
    {
        var repository = SbomFixture.NewRepository();
        var image = new BaseImageFactory();
        image = kind switch
        {
            "packages" => image.Layer(BaseImageFactory.File("var/lib/dpkg/status", Packages(Limits.SbomComponents + 1, "a"))),
            "files" => image.Layer(
                Enumerable.Range(0, Limits.SbomComponents + 1).Select(number => BaseImageFactory.File($"{number}.deps.json"))),
            "dependencies" => image.Layer(BaseImageFactory.File("X.deps.json", Everything(500))),
            "bytes" => image.Layer(BaseImageFactory.File("var/lib/dpkg/status", Packages(5000, new string('a', 900)))),
            "deep paths" => image.Layer(BaseImageFactory.File(string.Concat(Enumerable.Repeat("a/", 300)) + "X.deps.json")),
            _ => image.LayerAs(MediaTypes.OciLayerZstd, SbomFixture.Bytes("zeros", new byte[Limits.UnpackedBytesAlways + 1024])),
        };
        var root = await image.StoreAsync(repository);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            new SbomGenerator(repository).CreateAsync(root, SbomFixture.Options, CancellationToken.None));

        Assert.Equal("GAN4302", error.Code);
        Assert.EndsWith($"(limit {limit})", error.Problem, StringComparison.Ordinal);
        Assert.Contains(root.Descriptor.Digest.ToString(), error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MediaTypes.OciLayer, "is malformed")]
    [InlineData(MediaTypes.OciLayerGzip, "is malformed")]
    [InlineData(MediaTypes.OciLayerZstd, "is malformed")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+encrypted", "which cannot be read here")]
    public async Task A_layer_that_cannot_be_read_is_an_error(string mediaType, string problem)
    {
        var repository = SbomFixture.NewRepository();
        var image = new BaseImageFactory().RawLayer(Encoding.ASCII.GetBytes(new string('x', 2000)), Digest.Of([1]), mediaType);
        var root = await image.StoreAsync(repository);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            new SbomGenerator(repository).CreateAsync(root, SbomFixture.Options, CancellationToken.None));

        Assert.Equal("GAN4303", error.Code);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an artifact", "GAN4301", "it is not an image but another artifact")]
    [InlineData("an index of nothing", "GAN4301", "its index lists no image")]
    [InlineData("an index of what is missing", "GAN4303", "is missing in")]
    [InlineData("an index with another size", "GAN4303", "its index lists the manifest")]
    [InlineData("a configuration that is none", "GAN4303", "its configuration is malformed")]
    [InlineData("indexes in indexes", "GAN4302", "limit IndexDepth")]
    public async Task What_is_no_image_is_an_error(string kind, string code, string problem)
    {
        var repository = SbomFixture.NewRepository();
        var image = await new BaseImageFactory().StoreAsync(repository);
        var root = kind switch
        {
            "an artifact" => ManifestContent.Create(image.ReadManifest() with { ArtifactType = "text/plain" }),
            "an index of nothing" => ManifestContent.Create(new ImageIndex { Manifests = [] }),
            "an index of what is missing" => Index(image.Descriptor with { Digest = Digest.Of([1]) }),
            "an index with another size" => Index(image.Descriptor with { Size = 1 }),
            "a configuration that is none" => await new BaseImageFactory().StoreAsync(repository, config =>
            {
                config["rootfs"] = "none";
                return config;
            }),
            _ => image,
        };
        for (var level = 0; kind == "indexes in indexes" && level <= Limits.IndexDepth; level++)
        {
            await repository.PutManifestAsync(root, CancellationToken.None);
            root = Index(root.Descriptor);
        }

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            new SbomGenerator(repository).CreateAsync(root, SbomFixture.Options, CancellationToken.None));

        Assert.Equal(code, error.Code);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    private static ManifestContent Index(Descriptor entry) => ManifestContent.Create(new ImageIndex { Manifests = [entry] });

    private static string Nested(int levels) =>
        $"{{\"targets\":{new string('[', levels)}{new string(']', levels)}}}";

    private static string Packages(int count, string name) =>
        string.Concat(Enumerable.Range(0, count).Select(number => $"Package: {name}{number}\nVersion: 1\n\n"));

    // Each library depends on each other one.
    private static string Everything(int count)
    {
        var all = string.Join(',', Enumerable.Range(0, count).Select(number => $"\"A{number}\":\"1\""));
        var targets = Enumerable.Range(0, count)
            .Select(number => $"\"A{number}/1\":{{\"dependencies\":{{{all}}},\"runtime\":{{\"a.dll\":{{}}}}}}");
        return SbomFixture.DepsOf(string.Join(',', targets), "");
    }

    private static IEnumerable<string> Texts(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Value is null ? [] : Texts(member.Value)),
        JsonArray items => items.SelectMany(item => item is null ? [] : Texts(item)),
        _ => node.GetValueKind() == System.Text.Json.JsonValueKind.String ? [node.GetValue<string>()] : [],
    };
}

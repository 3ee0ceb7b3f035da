using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Gantry.Images.Sboms;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using ZstdSharp;

namespace Gantry.Images.Tests.Sboms;

/// <summary>Makes SBOMs of small images.</summary>
internal static class SbomFixture
{
    public static readonly SbomOptions Options = new()
    {
        Name = "shop/api",
        Version = "1.4.2",
        Created = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero),
    };

    public const string Debian = "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\nVERSION_ID=\"12\"\n";
    public const string Alpine = "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.22.1\n";

    public static IImageRepository NewRepository() => new MemoryRegistries().Open(RegistryAddress.Parse("base.example"), "shop/api");

    /// <summary>Makes the SBOM of an image whose layers are these; <c>name</c> is that of the sample that is kept.</summary>
    public static async Task<Sbom> CreateAsync(string name, params TarEntry[][] layers)
    {
        var image = new BaseImageFactory();
        foreach (var layer in layers)
        {
            // Some tests make several images of the same entries.
            foreach (var content in layer.Select(entry => entry.DataStream).OfType<MemoryStream>())
                content.Position = 0;
            image = image.Layer(layer);
        }

        return await CreateAsync(name, image, Options);
    }

    public static async Task<Sbom> CreateAsync(string name, BaseImageFactory image, SbomOptions options)
    {
        var repository = NewRepository();
        var sbom = Assert.Single(
            await new SbomGenerator(repository).CreateAsync(await image.StoreAsync(repository), options, CancellationToken.None));
        Keep(name, sbom);
        return sbom;
    }

    /// <summary>
    /// Keeps a document for the validator that is not ours (GANTRY_PROOF_SAMPLES), and checks what no schema says: Trivy fails at a library
    /// without a package URL and at two operating systems, and a reference leads to a component.
    /// </summary>
    /// <seealso href="https://github.com/aquasecurity/trivy/blob/main/pkg/sbom/io/decode.go">Trivy, decode.go</seealso>
    public static void Keep(string name, Sbom sbom)
    {
        Assert.DoesNotContain(sbom.Components, component => component is { Purl: null, Type: "library" or "framework" });
        Assert.True(sbom.Components.Count(component => component.Type == "operating-system") <= 1);
        var references = sbom.Components.Select(component => component.BomRef!).Append(sbom.Document.Subject!.BomRef!).ToHashSet();
        Assert.Equal(sbom.Components.Count + 1, references.Count);
        Assert.All(sbom.Document.Dependencies, dependency =>
        {
            Assert.Contains(dependency.Ref, references);
            Assert.Subset(references, dependency.DependsOn.ToHashSet());
        });
        if (Environment.GetEnvironmentVariable("GANTRY_PROOF_SAMPLES") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{name}.cdx.json"), sbom.Json.ToArray());
    }

    /// <summary>Returns the URLs of all packages.</summary>
    public static IReadOnlyList<string> Purls(this Sbom sbom) => [.. sbom.Components.Select(component => component.Purl).OfType<string>()];

    /// <summary>Adds a layer of the entries in a format.</summary>
    public static BaseImageFactory LayerAs(this BaseImageFactory image, string mediaType, params TarEntry[] entries)
    {
        using var plain = new MemoryStream();
        using (var tar = new TarWriter(plain, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        return image.RawLayer(Pack(plain.ToArray(), mediaType), Digest.Of(plain.ToArray()), mediaType);
    }

    public static byte[] Zstd(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var zstd = new CompressionStream(packed, leaveOpen: true))
            zstd.Write(plain);
        return packed.ToArray();
    }

    /// <summary>Returns a file of bytes that are no text.</summary>
    public static TarEntry Bytes(string name, byte[] content)
    {
        var entry = BaseImageFactory.File(name);
        entry.DataStream = new MemoryStream(content);
        return entry;
    }

    /// <summary>Returns a deps.json file with one application and libraries, each <c>Name/1.0.0</c> with a file.</summary>
    public static string Deps(string application, params string[] libraries)
    {
        var dependencies = string.Join(',', libraries.Select(Dependency));
        var targets = new StringBuilder($$"""
            "{{application}}/1.0.0":{"dependencies":{ {{dependencies}} },"runtime":{"{{application}}.dll":{} } }
            """);
        var kinds = new StringBuilder($$"""
            "{{application}}/1.0.0":{"type":"project","serviceable":false,"sha512":""}
            """);
        foreach (var library in libraries)
        {
            targets.Append($$""","{{library}}":{"runtime":{"lib/net8.0/a.dll":{} } }""");
            kinds.Append($$""","{{library}}":{"type":"package","serviceable":true,"sha512":""}""");
        }

        return DepsOf(targets.ToString(), kinds.ToString());

        static string Dependency(string library) => $"\"{library.Split('/')[0]}\":\"{library.Split('/')[1]}\"";
    }

    /// <summary>Returns a deps.json file of the members of its target and its libraries.</summary>
    public static string DepsOf(string targets, string libraries) => $$"""
        {"runtimeTarget":{"name":".NETCoreApp,Version=v10.0","signature":""},"compilationOptions":{},
         "targets":{".NETCoreApp,Version=v10.0":{ {{targets}} } },
         "libraries":{ {{libraries}} } }
        """;

    private static byte[] Pack(byte[] plain, string mediaType)
    {
        if (mediaType.EndsWith("zstd", StringComparison.Ordinal))
            return Zstd(plain);
        if (!mediaType.EndsWith("gzip", StringComparison.Ordinal))
            return plain;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(plain);
        return packed.ToArray();
    }
}

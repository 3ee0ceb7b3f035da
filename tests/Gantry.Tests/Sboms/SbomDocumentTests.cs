using System.Text;
using Gantry.Sboms;

namespace Gantry.Tests.Sboms;

public sealed class SbomDocumentTests
{
    private const string Minimal = """{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}""";

    [Fact]
    public void What_is_written_is_read()
    {
        var document = new SbomDocument
        {
            SerialNumber = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
            Timestamp = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero),
            Tools = ["a tool"],
            Subject = new SbomComponent { Type = "container", BomRef = "image", Name = "shop/api", Version = "1.4.2" },
            Properties = [new SbomProperty("a", "b")],
            Components =
            [
                new SbomComponent
                {
                    Type = "library",
                    BomRef = "pkg:nuget/A@1.0.0",
                    Group = "g",
                    Name = "A+<ä>\u202e",
                    Version = "1.0.0",
                    Purl = "pkg:nuget/A@1.0.0",
                    Hashes = [new SbomHash("SHA-512", "00")],
                    Licenses = [new SbomLicense("MIT", SbomLicenseKind.Id), new SbomLicense("Own", SbomLicenseKind.Name)],
                    Properties = [new SbomProperty("found", "/a")],
                },
                new SbomComponent { Type = "file", Name = "b", Licenses = [new SbomLicense("A OR B", SbomLicenseKind.Expression)] },
            ],
            Dependencies = [new SbomDependency("image", ["pkg:nuget/A@1.0.0"])],
        };

        var read = SbomDocument.Read(document.ToJson(), "the test");

        Assert.Equivalent(document, read, strict: true);
        Assert.Equal(document.ToJson(), read.ToJson());
    }

    [Fact]
    public void A_document_of_another_tool_is_read()
    {
        const string Json = """
            {"bomFormat":"CycloneDX","specVersion":"1.4","serialNumber":null,"unknown":[{}],
             "metadata":{"timestamp":"2026-03-01T14:30:15+02:00","tools":[{"vendor":"v","name":"t"}],"component":{"type":"container","name":"i"}},
             "components":[{"type":"library","name":"outer","components":[{"type":"library","name":"inner","version":"2"}],
              "licenses":[{"license":{"id":"MIT","text":{"content":"…"}}},{"expression":"A AND B"}]}],
             "dependencies":[{"ref":"a"}]}
            """;

        var document = Read(Json);

        Assert.Equal(["outer", "inner"], document.Components.Select(component => component.Name));
        Assert.Equal(
            [new SbomLicense("MIT", SbomLicenseKind.Id), new SbomLicense("A AND B", SbomLicenseKind.Expression)],
            document.Components[0].Licenses);
        Assert.Equal(["t"], document.Tools);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero), document.Timestamp);
        Assert.Equal("1.4", document.SpecVersion);
    }

    [Theory]
    [InlineData("", "it is not a JSON document of CycloneDX")]
    [InlineData("[]", "it is not a JSON document of CycloneDX")]
    [InlineData("{}", "it does not say that its format is CycloneDX")]
    [InlineData("""{"bomFormat":"CycloneDX","bomFormat":"CycloneDX","specVersion":"1.6"}""", "it is not a JSON document of CycloneDX")]
    [InlineData("""{"bomFormat":"SPDX","specVersion":"1.6"}""", "it does not say that its format is CycloneDX")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"2.0"}""", "and 1.x is read")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.x"}""", "and 1.x is read")]
    [InlineData("""{"bomFormat":"CycloneDX"}""", "its version of the format is ''")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.6","components":{}}""", "its components is of another kind")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library"}]}""", "an element has no name")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":""}]}""", "an element has no name")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a"}]}""", "an element has no type")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[1]}""", "it is not a JSON document of CycloneDX")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"a","name":"a","version":1}]}""", "its version is of")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"a","name":"a","licenses":[{}]}]}""", "has no name")]
    [InlineData("""{"bomFormat":"CycloneDX","specVersion":"1.6","dependencies":[{"ref":"a","dependsOn":[1]}]}""", "it is not a JSON")]
    [InlineData(
        """{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"a","name":"a","bom-ref":"r"},{"type":"a","name":"b","bom-ref":"r"}]}""",
        "two components have the reference")]
    public void A_malformed_document_is_refused(string json, string problem)
    {
        var error = Assert.Throws<GantryException>(() => Read(json));

        Assert.Equal("GAN4304", error.Code);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bytes", nameof(Limits.SbomBytes))]
    [InlineData("components", nameof(Limits.SbomComponents))]
    [InlineData("dependencies", nameof(Limits.SbomDependencies))]
    public void A_document_beyond_a_limit_is_refused(string kind, string limit)
    {
        var json = kind switch
        {
            "bytes" => Minimal + new string(' ', Limits.SbomBytes),
            "components" => With("components", Repeat("{\"type\":\"a\",\"name\":\"a\"}", Limits.SbomComponents + 1)),
            _ => With("dependencies", $"{{\"ref\":\"a\",\"dependsOn\":[{Repeat("\"b\"", Limits.SbomDependencies)}]}}"),
        };

        var error = Assert.Throws<GantryException>(() => Read(json));

        Assert.Equal("GAN4305", error.Code);
        Assert.EndsWith($"(limit {limit})", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_with_deep_components_is_refused()
    {
        const int Levels = 10_000;
        var opened = new StringBuilder().Insert(0, "{\"type\":\"a\",\"name\":\"a\",\"components\":[", Levels);

        var error = Assert.Throws<GantryException>(() =>
            Read(With("components", opened + string.Concat(Enumerable.Repeat("]}", Levels)))));

        Assert.Equal("GAN4304", error.Code);
    }

    private static string Repeat(string item, int count) => string.Join(',', Enumerable.Repeat(item, count));

    private static string With(string name, string items) => $"{Minimal[..^1]},\"{name}\":[{items}]}}";

    private static SbomDocument Read(string json) => SbomDocument.Read(Encoding.UTF8.GetBytes(json), "the test");
}

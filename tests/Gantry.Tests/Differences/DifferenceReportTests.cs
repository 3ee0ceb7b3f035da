using System.Text.Json.Nodes;
using Gantry.Differences;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Testing;

namespace Gantry.Tests.Differences;

/// <summary>The same difference for people and for programs.</summary>
public sealed class DifferenceReportTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public void Markdown_has_all_parts() => Assert.Equal(
        """
        ## From 1.4.1 (prod) to 1.4.2

        - 1.4.1 (prod) -\> 1.4.2: 1 commit, 1 commit lost, 2 packages changed, base image newer by 21 days

        ### Commits

        | Commit | Time | Author | Subject |  |
        | --- | --- | --- | --- | --- |
        | [0123456789ab](<https://github.com/c/s/commit/0>) | 2026-01-02 03:04 UTC | Anna | a \| b |  |
        | 0123456789ab | 2026-01-02 03:04 UTC | Bert | lost | lost |

        ### app: sha256:4bf5122f3445 -\> sha256:dbc1b4c900ff, 10 B -\> 2 KiB

        - base image newer by 21 days: x@1 -\> x@2

        ### Packages

        | Package | Type | Before | After |
        | --- | --- | --- | --- |
        | New | nuget |  | 1.0.0 |
        | Polly | nuget | 8.0.0 | 8.1.0 |

        ### Settings

        | Setting | Before | After |
        | --- | --- | --- |
        | Env A | 1 | 2 |

        ### Layers

        | Layer | Size | Platform |  |
        | --- | --- | --- | --- |
        | sha256:4bf5122f3445 | 10 B | linux/amd64 | removed |

        ### Files

        | File | Before | After | Platform |
        | --- | --- | --- | --- |
        | /app/a | 10 B |  | linux/amd64 |

        ### Not compared

        - why

        """.ReplaceLineEndings("\n"),
        ReportMarkdown.Write(ReleaseDifferenceFormatter.Describe(Sample("a | b", "app"))));

    [Fact]
    public void JSON_has_all_values_and_a_schema()
    {
        var document = ReleaseDifferenceDocument.Of(Sample("a | b", "app"));

        Assert.Equal(1, (int?)document["schema"]);
        Assert.Equal(("1.4.1", "prod"), ((string?)document["from"]!["name"], (string?)document["from"]!["place"]));
        Assert.Null(document["to"]!["place"]);
        Assert.Equal(21 * 86400, (long?)document["images"]![0]!["baseImage"]!["newerBySeconds"]);
        AssertIsOfSchema(
            document.AsObject(),
            JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/schemas/difference.schema.json")))!.AsObject());
    }

    [Fact]
    public void Hostile_values_cannot_act() => Assert.All(HostileText.Values.Values, text =>
    {
        var lines = ReportMarkdown.Write(ReleaseDifferenceFormatter.Describe(Sample(text, text))).Split('\n');
        Assert.All(lines, line => Assert.Null(HostileText.FindFault(line.TrimStart('#'), lines: 0)));
    });

    [Fact]
    public void Many_rows_are_counted()
    {
        var sample = Sample("x", "app");
        var many = sample with { Commits = [.. Enumerable.Repeat(sample.Commits[0], 250)] };

        Assert.Contains("and 50 more", ReportMarkdown.Write(ReleaseDifferenceFormatter.Describe(many)), Ordinal);
        Assert.Equal(250, ReleaseDifferenceDocument.Of(many)["commits"]!.AsArray().Count);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    // Every property of the document is in the schema, and every required one in the document.
    private static void AssertIsOfSchema(JsonObject document, JsonObject schema)
    {
        var properties = schema["properties"]!.AsObject();
        Assert.Equal(
            schema["required"]!.AsArray().Select(name => (string)name!).Order(),
            document.Select(property => property.Key).Order());
        foreach (var (name, value) in document)
        {
            if (value is JsonArray { Count: > 0 } list && list[0] is JsonObject item)
                AssertIsOfSchema(item, properties[name]!["items"]!.AsObject());
        }
    }

    private static ReleaseDifference Sample(string subject, string image)
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        return new ReleaseDifference
        {
            From = "1.4.1",
            FromPlace = "prod",
            To = "1.4.2",
            Commits =
            [
                new(Commit, subject, "Anna", time, "https://github.com/c/s/commit/0", IsRemoved: false),
                new(Commit, "lost", "Bert", time, null, IsRemoved: true),
            ],
            Images =
            [
                new ImageDifferences
                {
                    Image = image,
                    From = Digest.Of([1]),
                    To = Digest.Of([2]),
                    BaseImage = new("x@1", "x@2", TimeSpan.FromDays(21)),
                    Packages = [new("New", "nuget", null, "1.0.0"), new("Polly", "nuget", "8.0.0", "8.1.0")],
                    Settings = [new("Env A", "1", "2")],
                    Layers = [new(Digest.Of([1]), 10, IsRemoved: true, "linux/amd64")],
                    Files = [new("/app/a", 10, null, "linux/amd64")],
                    SizeBefore = 10,
                    SizeAfter = 2048,
                },
            ],
            Unknown = ["why"],
        };
    }
}

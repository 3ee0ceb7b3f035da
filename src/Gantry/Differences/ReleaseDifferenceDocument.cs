using System.Text.Json.Nodes;

namespace Gantry.Differences;

/// <summary>Writes differences as JSON for programs: schema 1, which docs/schemas/difference.json describes.</summary>
public static class ReleaseDifferenceDocument
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Returns the document of a difference. A value that is not known is null.</summary>
    /// <param name="difference">The difference.</param>
    public static JsonNode Of(ReleaseDifference difference) => new JsonObject
    {
        ["schema"] = CurrentSchema,
        ["from"] = Side(difference.From, difference.FromPlace),
        ["to"] = Side(difference.To, difference.ToPlace),
        ["commits"] = List(difference.Commits, Describe),
        ["images"] = List(difference.Images, Describe),
        ["unknown"] = List(difference.Unknown, sentence => JsonValue.Create(sentence)!),
    };

    /// <summary>Returns a commit.</summary>
    internal static JsonObject Describe(ChangedCommit commit) => new()
    {
        ["hash"] = commit.Hash,
        ["subject"] = commit.Subject,
        ["author"] = commit.Author,
        ["time"] = Format.Rfc3339(commit.Time),
        ["link"] = commit.Link,
        ["isRemoved"] = commit.IsRemoved,
    };

    private static JsonObject Side(string name, string? place) => new() { ["name"] = name, ["place"] = place };

    private static JsonObject Describe(ImageDifferences image) => new()
    {
        ["image"] = image.Image,
        ["from"] = image.From?.ToString(),
        ["to"] = image.To?.ToString(),
        ["baseImage"] = image.BaseImage is { } changed
            ? new JsonObject
            {
                ["before"] = changed.Before,
                ["after"] = changed.After,
                ["newerBySeconds"] = changed.NewerBy is { } newer ? (long)newer.TotalSeconds : null,
            }
            : null,
        ["packages"] = List(image.Packages, package => new JsonObject
        {
            ["name"] = package.Name,
            ["type"] = package.Type,
            ["before"] = package.Before,
            ["after"] = package.After,
        }),
        ["settings"] = List(image.Settings, setting => new JsonObject
        {
            ["name"] = setting.Name,
            ["before"] = setting.Before,
            ["after"] = setting.After,
        }),
        ["layers"] = List(image.Layers, layer => new JsonObject
        {
            ["digest"] = layer.Digest.ToString(),
            ["size"] = layer.Size,
            ["platform"] = layer.Platform,
            ["isRemoved"] = layer.IsRemoved,
        }),
        ["files"] = List(image.Files, file => new JsonObject
        {
            ["path"] = file.Path,
            ["sizeBefore"] = file.SizeBefore,
            ["sizeAfter"] = file.SizeAfter,
            ["platform"] = file.Platform,
        }),
        ["sizeBefore"] = image.SizeBefore,
        ["sizeAfter"] = image.SizeAfter,
    };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> describe) => [.. items.Select(describe)];
}

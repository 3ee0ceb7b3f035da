using System.Text.Json.Nodes;
using Gantry.Differences;
using Gantry.Oci;

namespace Gantry.Images.Checking;

/// <summary>Writes reports as JSON for programs: schema 1, which docs/schemas/base-images.schema.json describes.</summary>
public static class BaseImageReportDocument
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Returns the document of a report.</summary>
    /// <param name="report">The report.</param>
    public static JsonNode Of(BaseImageReport report) => new JsonObject
    {
        ["schema"] = CurrentSchema,
        ["asOf"] = Format.Rfc3339(report.AsOf),
        ["images"] = List(report.Images, Describe),
        ["moved"] = List(report.Moved, Describe),
        ["problems"] = List(report.Problems, problem => Describe(problem)!),
        ["unreadable"] = List(report.Unreadable, mark => new JsonObject
        {
            ["code"] = mark.Code,
            ["place"] = mark.Place,
            ["problem"] = mark.Problem,
            ["remedy"] = mark.Remedy,
        }),
    };

    private static JsonObject Describe(CheckedImage image) => new()
    {
        ["environment"] = image.Target.Environment.Name,
        ["region"] = image.Target.Region,
        ["image"] = image.Image,
        ["version"] = image.Version,
        ["digest"] = image.Digest.ToString(),
        ["created"] = Time(image.Created),
        ["baseImages"] = List(image.Bases, found => new JsonObject
        {
            ["state"] = found.State switch
            {
                BaseImageState.Current => "current",
                BaseImageState.Moved => "moved",
                BaseImageState.Fixed => "fixed",
                _ => "unknown",
            },
            ["name"] = NameOf(found.Reference),
            ["digest"] = found.Reference?.Digest?.ToString(),
            ["digestNow"] = found.Moved?.After.Digest?.ToString(),
            ["platforms"] = List(found.Platforms, platform => JsonValue.Create(platform.ToString())),
            ["problem"] = Describe(found.Problem),
        }),
    };

    private static JsonObject Describe(MovedBaseImage moved) => new()
    {
        ["name"] = NameOf(moved.Before),
        ["digest"] = moved.Before.Digest?.ToString(),
        ["digestNow"] = moved.After.Digest?.ToString(),
        ["created"] = Time(moved.BeforeCreated),
        ["createdNow"] = Time(moved.AfterCreated),
        ["packages"] = List(moved.Packages, Describe),
        ["unknown"] = List(moved.Unknown, reason => JsonValue.Create(reason)),
    };

    private static JsonObject Describe(ChangedPackage package) => new()
    {
        ["name"] = package.Name,
        ["type"] = package.Type,
        ["before"] = package.Before,
        ["after"] = package.After,
    };

    private static JsonObject? Describe(GantryException? problem) => problem is null ? null : new JsonObject
    {
        ["code"] = problem.Code,
        ["problem"] = problem.Problem,
        ["remedy"] = problem.Remedy,
    };

    private static string? NameOf(ImageReference? reference) => (reference is null ? null : reference with { Digest = null })?.ToString();

    private static string? Time(DateTimeOffset? time) => time is { } known ? Format.Rfc3339(known) : null;

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> describe) => [.. items.Select(describe)];
}

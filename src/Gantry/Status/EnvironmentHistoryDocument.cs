using System.Text.Json.Nodes;
using Gantry.Differences;
using Gantry.Promotion;

namespace Gantry.Status;

/// <summary>
/// Writes the history of an environment as JSON for programs: schema 1, which docs/schemas/history.schema.json describes.
/// </summary>
public static class EnvironmentHistoryDocument
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Returns the document of the registries of an environment.</summary>
    /// <param name="histories">The history of each registry.</param>
    public static JsonNode Of(IReadOnlyList<EnvironmentHistory> histories) => new JsonObject
    {
        ["schema"] = CurrentSchema,
        ["targets"] = new JsonArray([.. histories.Select(Describe)]),
    };

    private static JsonObject Describe(EnvironmentHistory history) => new()
    {
        ["environment"] = history.Target.Environment.Name,
        ["region"] = history.Target.Region,
        ["registry"] = history.Target.Address.ToString(),
        ["events"] = new JsonArray([.. history.Events.Select(Describe)]),
        ["problems"] = new JsonArray([.. history.Problems.Select(DocumentNames.Describe)]),
    };

    private static JsonObject Describe(HistoryEvent one) => new()
    {
        ["kind"] = DocumentNames.Of(one.Kind),
        ["time"] = Format.Rfc3339(one.Time),
        ["version"] = one.Version,
        ["before"] = one.Before,
        ["by"] = one.By,
        ["reason"] = one.Reason,
        ["promotion"] = one.Promotion is { } promotion ? PromotionDocument.Of(promotion) : null,
        ["difference"] = one.Difference is { } difference ? new JsonObject
        {
            ["from"] = difference.From,
            ["to"] = difference.To,
            ["commits"] = new JsonArray([.. difference.Commits.Select(ReleaseDifferenceDocument.Describe)]),
            ["packages"] = new JsonArray([.. difference.Images.SelectMany(image => image.Packages.Select(package => new JsonObject
            {
                ["image"] = image.Image,
                ["name"] = package.Name,
                ["type"] = package.Type,
                ["before"] = package.Before,
                ["after"] = package.After,
            }))]),
            ["unknown"] = new JsonArray([.. difference.Unknown.Select(sentence => (JsonNode)sentence)]),
        } : null,
    };
}

using System.Text.Json.Nodes;
using Gantry.Environments;
using Gantry.Promotion;

namespace Gantry.Status;

/// <summary>Writes a status as JSON for programs: schema 1, which docs/schemas/status.schema.json describes.</summary>
public static class FleetStatusDocument
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Returns the document of a status.</summary>
    /// <param name="status">The status.</param>
    public static JsonNode Of(FleetStatus status) => new JsonObject
    {
        ["schema"] = CurrentSchema,
        ["asOf"] = Format.Rfc3339(status.AsOf),
        ["images"] = new JsonArray([.. status.Images.Select(image => (JsonNode)image)]),
        ["targets"] = new JsonArray([.. status.Targets.Select(Describe)]),
        ["cells"] = new JsonArray([.. status.Cells.Select(Describe)]),
        ["holds"] = new JsonArray([.. status.Holds.Select(Describe)]),
        ["marks"] = new JsonArray([.. status.Marks.Select(Describe)]),
        ["notes"] = new JsonArray([.. status.Notes.Select(note => new JsonObject { ["place"] = note.Place, ["text"] = note.Text })]),
    };

    private static JsonObject Describe(PromotionTarget target) => new()
    {
        ["environment"] = target.Environment.Name,
        ["region"] = target.Region,
        ["displayName"] = target.DisplayName,
        ["after"] = target.Environment.After?.Name,
        ["registry"] = target.Address.ToString(),
        ["isSigned"] = target.Trust is not null,
    };

    private static JsonObject Describe(StatusCell cell) => new()
    {
        ["environment"] = cell.Target.Environment.Name,
        ["region"] = cell.Target.Region,
        ["image"] = cell.Image,
        ["version"] = cell.Version,
        ["digest"] = cell.Digest?.ToString(),
        ["since"] = cell.Since is { } since ? Format.Rfc3339(since) : null,
        ["superseded"] = cell.Superseded is { } by
            ? new JsonObject { ["version"] = by.Version, ["promoted"] = Format.Rfc3339(by.Promoted) }
            : null,
        ["commit"] = cell.Commit,
        ["subject"] = cell.Subject,
        ["build"] = cell.Build,
        ["promotion"] = cell.Promotion is { } promotion ? PromotionDocument.Of(promotion) : null,
        ["signature"] = DocumentNames.Of(cell.Signature),
        ["behind"] = cell.Behind,
        ["marks"] = new JsonArray([.. cell.Marks.Select(Describe)]),
    };

    private static JsonObject Describe(StatusHold hold) => new()
    {
        ["environment"] = hold.Environment,
        ["since"] = Format.Rfc3339(hold.Since),
        ["by"] = hold.By,
        ["reason"] = hold.Reason,
        ["version"] = hold.Version,
    };

    private static JsonObject Describe(StatusMark mark) => new()
    {
        ["kind"] = DocumentNames.Of(mark.Kind),
        ["code"] = mark.Code,
        ["place"] = mark.Place,
        ["image"] = mark.Image,
        ["problem"] = mark.Problem,
        ["remedy"] = mark.Remedy,
        ["command"] = mark.Command,
        ["isError"] = mark.Error is not null,
    };
}

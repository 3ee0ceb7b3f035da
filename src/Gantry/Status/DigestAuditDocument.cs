using System.Text.Json.Nodes;
using Gantry.Promotion;

namespace Gantry.Status;

/// <summary>Writes what is known about a digest as JSON for programs: schema 1, which docs/schemas/audit.schema.json describes.</summary>
public static class DigestAuditDocument
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Returns the document of an audit, or of the way of an image (<see cref="DigestAudit.WayOnly"/>).</summary>
    /// <param name="audit">The audit.</param>
    public static JsonNode Of(DigestAudit audit) => new JsonObject
    {
        ["schema"] = CurrentSchema,
        ["asOf"] = Format.Rfc3339(audit.AsOf),
        ["image"] = audit.Image,
        ["digest"] = audit.Digest.ToString(),
        ["version"] = audit.Version,
        ["places"] = new JsonArray([.. audit.Places.Select(place => new JsonObject
        {
            ["name"] = place.Name,
            ["environment"] = place.Target?.Environment.Name,
            ["region"] = place.Target?.Region,
            ["location"] = place.Location,
            ["isThere"] = place.IsThere,
        })]),
        ["entries"] = new JsonArray([.. audit.Entries.Select(Describe)]),
        ["problems"] = new JsonArray([.. audit.Problems.Select(problem =>
        {
            var described = DocumentNames.Describe(problem.Error);
            described["place"] = problem.Place;
            return described;
        })]),
    };

    private static JsonObject Describe(AuditEntry entry) => new()
    {
        ["kind"] = DocumentNames.Of(entry.Kind),
        ["time"] = entry.Time is { } time ? Format.Rfc3339(time) : null,
        ["place"] = entry.Place,
        ["copies"] = new JsonArray([.. entry.Copies.Select(copy => (JsonNode)copy)]),
        ["text"] = entry.Text,
        ["version"] = entry.Version,
        ["by"] = entry.By,
        ["state"] = DocumentNames.Of(entry.State),
        ["key"] = entry.Key,
        ["document"] = entry.Document?.ToString(),
        ["promotion"] = entry.Promotion is { } promotion ? PromotionDocument.Of(promotion) : null,
        ["error"] = entry.Error is { } error ? DocumentNames.Describe(error) : null,
    };
}

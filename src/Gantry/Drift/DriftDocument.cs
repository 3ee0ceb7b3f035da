using System.Text.Json.Nodes;

namespace Gantry.Drift;

/// <summary>Writes a report as JSON for programs: schema 1, which docs/schemas/drift.schema.json describes.</summary>
public static class DriftDocument
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Returns the document of a report.</summary>
    /// <param name="report">The report.</param>
    public static JsonNode Of(DriftReport report) => new JsonObject
    {
        ["schema"] = CurrentSchema,
        ["asOf"] = Format.Rfc3339(report.AsOf),
        ["state"] = Name(report.State),
        ["fingerprint"] = report.Fingerprint,
        ["hostsRead"] = report.AreHostsRead,
        ["findings"] = List(report.Findings, finding => new JsonObject
        {
            ["kind"] = Name(finding.Kind),
            ["code"] = finding.Code,
            ["place"] = finding.Place,
            ["image"] = finding.Image,
            ["host"] = finding.Host,
            ["expected"] = finding.Expected,
            ["found"] = finding.Found,
            ["problem"] = finding.Problem,
            ["remedy"] = finding.Remedy,
            ["command"] = finding.Command,
        }),
        ["places"] = List(report.Places, place => new JsonObject
        {
            ["place"] = place.Place,
            ["environment"] = place.Environment,
            ["region"] = place.Region,
            ["registry"] = place.Registry,
            ["version"] = place.Version,
        }),
        ["hosts"] = List(report.Hosts, host => new JsonObject
        {
            ["place"] = host.Place,
            ["host"] = host.Host,
            ["image"] = host.Image,
            ["agreement"] = Name(host.Agreement),
            ["expected"] = host.Expected,
            ["found"] = new JsonArray([.. host.Found.Select(found => (JsonNode)found)]),
            ["since"] = host.Since is { } since ? Format.Rfc3339(since) : null,
            ["note"] = host.Note,
        }),
    };

    // As JSON has names: movedTag.
    private static string Name<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> describe) => [.. items.Select(describe)];
}

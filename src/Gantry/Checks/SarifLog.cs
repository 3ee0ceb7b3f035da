using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Gantry.Checks;

/// <summary>
/// Writes checks as SARIF 2.1.0, which GitHub code scanning and the tab Scans of Azure Pipelines show: a rule for each code, a result for
/// each check that has not passed.
/// </summary>
/// <seealso href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</seealso>
public static class SarifLog
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";
    private const string NoCode = "gantry";

    /// <summary>Returns the document. Its texts are neutralized.</summary>
    /// <param name="report">The checks.</param>
    public static JsonNode Write(CheckReport report)
    {
        var shown = report.Checks.Where(check => check.State != CheckState.Passed).ToList();
        var rules = shown.Select(RuleOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["$schema"] = Schema,
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "Gantry",
                        ["version"] = GantryVersion.Current,
                        ["rules"] = new JsonArray([.. rules.Select(rule => (JsonNode?)Rule(rule, shown))]),
                    },
                },
                ["automationDetails"] = new JsonObject { ["id"] = $"gantry/{Clean(report.Name)}" },
                ["columnKind"] = "utf16CodeUnits",
                ["results"] = new JsonArray([.. shown.Select(check => (JsonNode?)Result(check, report, rules))]),
            }),
        };
    }

    private static string RuleOf(Check check) => check.Code ?? NoCode;

    private static JsonObject Rule(string rule, IReadOnlyList<Check> checks)
    {
        var remedy = checks.FirstOrDefault(check => RuleOf(check) == rule && check.Remedy is not null)?.Remedy;
        var help = rule == NoCode ? "There is no code for it." : $"See {rule} in docs/diagnostics.md.";
        return new JsonObject
        {
            ["id"] = rule,
            ["shortDescription"] = Message(rule == NoCode ? "A check without a code" : $"Gantry reports {rule}"),
            ["help"] = Message(remedy is null ? help : $"{Sentence(remedy)} {help}"),
        };
    }

    private static JsonObject Result(Check check, CheckReport report, IReadOnlyList<string> rules)
    {
        var rule = RuleOf(check);
        var location = new JsonObject
        {
            ["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = Clean($"{check.Group}/{check.Name}") }),
        };
        if ((check.File ?? report.File) is { } file)
        {
            location["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = ToUri(file) },
                ["region"] = new JsonObject { ["startLine"] = check.Line is > 0 ? check.Line : 1 },
            };
        }

        var text = check.Message ?? check.Name;
        return new JsonObject
        {
            ["ruleId"] = rule,
            ["ruleIndex"] = rules.TakeWhile(each => each != rule).Count(),
            ["kind"] = check.State == CheckState.Open ? "open" : "fail",
            ["level"] = check.State switch { CheckState.Failed => "error", CheckState.Warning => "warning", _ => "none" },
            ["message"] = Message(check.Remedy is { } remedy ? $"{Sentence(text)} {Sentence(remedy)}" : Sentence(text)),
            ["locations"] = new JsonArray(location),
            ["partialFingerprints"] = new JsonObject { ["check/v1"] = Fingerprint(check) },
        };
    }

    // A relative reference: each part as it is in an address. A folder of Windows is no part of one.
    private static string ToUri(string file) =>
        string.Join('/', file.Replace('\\', '/').TrimStart('/').Split('/').Select(Uri.EscapeDataString));

    private static string Fingerprint(Check check) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{check.Code}\n{check.Group}\n{check.Name}")))[..32];

    private static JsonObject Message(string text) => new() { ["text"] = Clean(text) };

    private static string Sentence(string text) => text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..].TrimEnd('.')}.";

    private static string Clean(string text) => DisplayText.Neutralize(text);
}

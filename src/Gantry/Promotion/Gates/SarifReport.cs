using System.Text.Json;
using Gantry.Environments;

namespace Gantry.Promotion.Gates;

/// <summary>
/// Reads SARIF 2.1.0. The severity of a result is the CVSS score of its rule (<c>security-severity</c>), otherwise its level. Suppressions
/// do not count: what may pass is in the declaration of the gate.
/// </summary>
/// <seealso href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</seealso>
internal static class SarifReport
{
    public static ScanReport Read(JsonElement report)
    {
        if (report.Text("version") != "2.1.0")
            throw new InvalidDataException("its SARIF is of another version than 2.1.0");
        if (report.Items("runs") is not { Count: > 0 } runs)
            throw new InvalidDataException("its SARIF has no run");
        var read = runs.Select(ReadRun).ToList();
        return new ScanReport(
            string.Join(", ", read.Select(run => run.Scanner).Distinct(StringComparer.OrdinalIgnoreCase)),
            [.. read.SelectMany(run => run.Findings)])
        {
            Images = [.. read.SelectMany(run => run.Images)],

            // All of it is as old as its oldest part.
            Time = read.TrueForAll(run => run.Time is not null) ? read.Min(run => run.Time) : null,
        };
    }

    private static ScanReport ReadRun(JsonElement run)
    {
        var tool = run.Child("tool");
        var driver = tool?.Child("driver");
        if (driver?.Text("name") is not { } name || string.IsNullOrWhiteSpace(name))
            throw new InvalidDataException("its SARIF does not say which scanner made it");

        // Without a list, the run did not look for results (section 3.14.23).
        if (run.Items("results") is not { } results)
            throw new InvalidDataException("a run of its SARIF has no list of results");
        var invocations = run.Items("invocations") ?? [];
        if (invocations.Any(one => one.Child("executionSuccessful") is { ValueKind: JsonValueKind.False }))
            throw new InvalidDataException("a run of its SARIF did not succeed");
        var rules = (driver.Value.Items("rules") ?? [])
            .Concat((tool!.Value.Items("extensions") ?? []).SelectMany(extension => extension.Items("rules") ?? []))
            .ToList();
        return new ScanReport(name, [.. results.Where(IsFinding).Select(result => ReadResult(result, rules))])
        {
            Images = ScanReport.DigestsOf(run.Child("properties")?.Items("repoDigests")),
            Time = invocations.Count > 0 ? invocations.Max(one => one.Time("endTimeUtc")) : null,
        };
    }

    private static bool IsFinding(JsonElement result) => result.Text("kind") is not ("pass" or "notApplicable");

    private static ScanFinding ReadResult(JsonElement result, IReadOnlyList<JsonElement> rules)
    {
        var id = result.Text("ruleId") ?? result.Child("rule")?.Text("id") ?? RuleAt(result, rules)?.Text("id");
        if (string.IsNullOrWhiteSpace(id))
            throw new InvalidDataException("a result of its SARIF has no rule");

        // An index counts within one component, and an id in all of them: the most severe rule of the name counts.
        var named = rules.Where(rule => rule.Text("id") == id).ToList();
        if (named.Count == 0 && RuleAt(result, rules) is { } indexed)
            named.Add(indexed);
        var scores = named.Append(result).Select(ScoreOf).OfType<VulnerabilitySeverity>().ToList();
        return new ScanFinding(id, scores.Count > 0 ? Worst(scores) : LevelOf(result, named));
    }

    private static JsonElement? RuleAt(JsonElement result, IReadOnlyList<JsonElement> rules) =>
        result.Child("ruleIndex") is { ValueKind: JsonValueKind.Number } index && index.TryGetInt32(out var at)
            && at >= 0 && at < rules.Count
            ? rules[at]
            : null;

    private static VulnerabilitySeverity? ScoreOf(JsonElement described) =>
        Severity.OfScore(described.Child("properties")?.Child("security-severity"));

    private static VulnerabilitySeverity LevelOf(JsonElement result, List<JsonElement> rules)
    {
        if (result.Child("level") is { } level)
            return Severity.OfLevel(level.Text() ?? "");

        // Neither a rule nor a level: nothing is known.
        var levels = rules.Select(rule => Severity.OfLevel(rule.Child("defaultConfiguration")?.Text("level"))).ToList();
        return levels.Count > 0 ? Worst(levels) : VulnerabilitySeverity.Unknown;
    }

    // One that is not known may be the worst.
    private static VulnerabilitySeverity Worst(IReadOnlyCollection<VulnerabilitySeverity> severities) =>
        severities.Contains(VulnerabilitySeverity.Unknown) && severities.Max() < VulnerabilitySeverity.High
            ? VulnerabilitySeverity.Unknown
            : severities.Max();
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gantry.Drift;
using Gantry.Formatting;
using Gantry.Images.Checking;
using Gantry.Pruning;
using Gantry.Status;
using Gantry.Testing;

namespace Gantry.Display.Tests;

/// <summary>What people and programs are shown of everything that is read, in every format.</summary>
public sealed partial class ReportOutputTests
{
    private static readonly Dictionary<string, (Func<string?, TextReport> Report, Func<string?, JsonNode> Document)> s_samples = new()
    {
        ["status"] = (
            text => StatusFormatter.Describe(SampleFleet.Create(text)), text => FleetStatusDocument.Of(SampleFleet.Create(text))),
        ["history"] = (
            text => HistoryFormatter.Describe("test", [SampleFleet.History(text)]),
            text => EnvironmentHistoryDocument.Of([SampleFleet.History(text)])),
        ["way"] = (
            text => HistoryFormatter.DescribeWay(SampleFleet.Audit(text)),
            text => DigestAuditDocument.Of(SampleFleet.Audit(text).WayOnly())),
        ["audit"] = (text => AuditFormatter.Describe(SampleFleet.Audit(text)), text => DigestAuditDocument.Of(SampleFleet.Audit(text))),
        ["drift"] = (text => DriftFormatter.Describe(SampleFindings.Drift(text)), text => DriftDocument.Of(SampleFindings.Drift(text))),
        ["pruning"] = (
            text => PruningFormatter.Describe(SampleFindings.Pruning(text)),
            text => PruningDocument.Of(SampleFindings.Pruning(text)).ToNode()),
        ["deletion"] = (
            text => PruningFormatter.Describe(SampleFindings.Deletion(text)),
            text => PruningDocument.Of(SampleFindings.Deletion(text)).ToNode()),
        ["base-images"] = (
            text => BaseImageReportFormatter.Describe(SampleFindings.BaseImages(text)),
            text => BaseImageReportDocument.Of(SampleFindings.BaseImages(text))),
    };

    public static TheoryData<string> Samples => [.. s_samples.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_format_is_as_its_golden_file_shows(string sample) => Assert.Empty(
        ((IReadOnlyList<(ReportFormat Format, string Extension)>)
            [(ReportFormat.Table, "txt"), (ReportFormat.Json, "json"), (ReportFormat.Markdown, "markdown")])
        .Select(each => GoldenFile.FindDifference(PathOf($"{sample}.{each.Extension}"), Write(sample, each.Format)))
        .OfType<string>());

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_line_of_a_log_does_not_end_with_spaces(string sample) =>
        Assert.DoesNotContain(" \n", Write(sample, ReportFormat.Table), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Samples))]
    public void On_a_narrow_terminal_the_least_important_columns_are_left_out_and_named(string sample)
    {
        var text = Write(sample, ReportFormat.Table, width: 60);

        Assert.Null(GoldenFile.FindDifference(PathOf($"{sample}.60.txt"), text));

        // What is copied is not broken.
        Assert.All(
            text.Split('\n').Where(line => !Copied().IsMatch(line)),
            line => Assert.True(line.TrimEnd().Length <= 60, line));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Nothing_that_others_wrote_acts(string sample)
    {
        foreach (var (what, text) in HostileText.Values)
        {
            // The formats that show checks have tests of their own.
            foreach (var format in (ReportFormat[])[ReportFormat.Table, ReportFormat.Json, ReportFormat.Markdown])
            {
                foreach (var isTerminal in (bool[])[true, false])
                {
                    var shown = Colour().Replace(Write(sample, format, text: text, isTerminal: isTerminal), "");
                    if (format == ReportFormat.Markdown)
                        shown = string.Join('\n', shown.Split('\n').Select(line => line.TrimStart('#')));
                    Assert.True(HostileText.FindFault(shown) is null, $"{what}: {HostileText.FindFault(shown)} in {shown}");
                    Assert.DoesNotContain(shown.Split('\n'), line => line.StartsWith("forged", StringComparison.Ordinal));
                }
            }

            // A program gets what was written.
            Assert.NotNull(JsonNode.Parse(Write(sample, ReportFormat.Json, text: text.Replace("\ud800", "", StringComparison.Ordinal)
                .Replace("\udc00", "", StringComparison.Ordinal))));
        }
    }

    [Theory]
    [InlineData("status", "status")]
    [InlineData("history", "history")]
    [InlineData("way", "audit")]
    [InlineData("audit", "audit")]
    [InlineData("drift", "drift")]
    [InlineData("pruning", "pruning")]
    [InlineData("deletion", "pruning")]
    [InlineData("base-images", "base-images")]
    public void A_document_is_as_its_schema_says(string sample, string schema)
    {
        var rules = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "schemas", $"{schema}.schema.json")))!;

        Assert.Empty(JsonRules.Validate(JsonNode.Parse(Write(sample, ReportFormat.Json)), rules.AsObject()));
        Assert.NotEmpty(JsonRules.Validate(JsonNode.Parse("""{"schema":2}"""), rules.AsObject()));
    }

    private static string PathOf(string name) => Path.Combine("tests", "Gantry.Display.Tests", "Golden", name);

    private static string Write(
        string sample, ReportFormat format, int? width = null, string? text = null, bool isTerminal = false)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var (report, document) = s_samples[sample];
        ReportOutput.Write(new TerminalOutput(output, isTerminal) { Width = width }, format, report(text), document(text));
        return output.ToString();
    }

    [GeneratedRegex(@"^(    (\./build\.sh|sha256:)|app@)")]
    private static partial Regex Copied();

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colour();
}

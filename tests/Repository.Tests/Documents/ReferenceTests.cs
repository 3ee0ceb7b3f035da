using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Repository.Tests.Documents;

/// <summary>The pages in docs/reference are what the build and the command line say of themselves.</summary>
public sealed partial class ReferenceTests
{
    private static readonly JsonElement s_schema = JsonDocument.Parse(Read(".nuke/build.schema.json")).RootElement;

    [Fact]
    public void Every_target_has_one_row()
    {
        var declared = s_schema.GetProperty("definitions").GetProperty("ExecutableTarget").GetProperty("enum")
            .EnumerateArray()
            .Select(target => target.GetString()!);

        var documented = FirstCells("targets").SelectMany(cell => Code().Matches(cell).Select(code => code.Groups["text"].Value));

        Assert.Equal(declared.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_parameter_has_its_row_as_ci_reference_writes_it()
    {
        var own = s_schema.GetProperty("allOf").EnumerateArray().Single(part => part.TryGetProperty("properties", out _));
        var all = own.GetProperty("properties").EnumerateObject()
            .Concat(s_schema.GetProperty("definitions").GetProperty("NukeBuild").GetProperty("properties").EnumerateObject());

        var rows = Rows("parameters").Where(row => row.StartsWith("| `--", StringComparison.Ordinal) && !row.Contains("`--{"));

        Assert.Equal(
            all.Select(parameter => $"{Letters(parameter.Name)}: {Description(parameter.Value)}").Order(StringComparer.Ordinal),
            rows.Select(row => row.Split(" | "))
                .Select(cells => $"{Letters(cells[0])}: {cells[2].TrimEnd(' ', '|').Replace("\\|", "|", StringComparison.Ordinal)}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_exit_code_has_a_row()
    {
        var documented = FirstCells("exit-codes").Select(cell => Number().Match(cell).Value).ToList();

        var codes = RepositoryFiles.All()
            .Where(file => file.StartsWith("src/Gantry", StringComparison.Ordinal) && HasExitCodes().IsMatch(file))
            .SelectMany(file => ExitCode().Matches(Read(file)).Select(code => code.Groups["number"].Value))
            .Distinct();

        Assert.Empty(codes.Except(documented).Order());
        Assert.Equal(documented.Distinct().OrderBy(code => int.Parse(code, CultureInfo.InvariantCulture)), documented);
    }

    private static string Description(JsonElement parameter) =>
        parameter.TryGetProperty("description", out var text) ? text.GetString()!.Trim() : "";

    private static string Letters(string name) => NotALetter().Replace(name, "").ToLowerInvariant();

    private static IEnumerable<string> Rows(string page) => Read($"docs/reference/{page}.md")
        .Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal));

    private static IEnumerable<string> FirstCells(string page) => Rows(page)
        .Select(row => row.Split(" | ")[0])
        .Where(cell => cell.Contains('`') || Number().IsMatch(cell));

    private static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryFiles.Root, file)).ReplaceLineEndings("\n");

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex("[^A-Za-z]")]
    private static partial Regex NotALetter();

    [GeneratedRegex(@"/(Commands|\w*ExitCodes?)\.cs$")]
    private static partial Regex HasExitCodes();

    [GeneratedRegex(@"(const int \w+ = |\w+ => )(?<number>\d+)[;,]", RegexOptions.ExplicitCapture)]
    private static partial Regex ExitCode();
}

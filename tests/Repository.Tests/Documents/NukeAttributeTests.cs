using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Repository.Tests.Documents;

/// <summary>What NUKE's own attribute can say has an answer in docs/pipelines.md.</summary>
public sealed partial class NukeAttributeTests
{
    // The API of Fallout, which is NUKE's successor, has the same attribute; it is recorded in this repository.
    private static readonly string[] Recorded = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, "compat/api/fallout-10.4.0.txt"));

    public static TheoryData<string> Properties => new(
        Recorded.Select(line => Property().Match(line).Groups["name"]).Where(name => name.Success).Select(name => name.Value).Distinct());

    [Theory]
    [MemberData(nameof(Properties))]
    public void Each_property_has_an_answer(string property)
    {
        var row = Rows().FirstOrDefault(row => row.Theirs.Contains($"`{property}`", StringComparison.Ordinal));
        Assert.True(row.Ours is { Length: > 0 }, $"the table of docs/pipelines.md has no answer for {property}");
    }

    [Fact]
    public void The_table_has_no_other_properties()
    {
        var known = Recorded.Select(line => AnyProperty().Match(line).Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Rows().SelectMany(row => Name().Matches(row.Theirs)).Select(match => match.Groups["name"].Value).Except(known));
        Assert.True(Properties.Count > 25, "the recorded API has no attribute for Azure Pipelines");
    }

    // What our column names in code exists: as a property of the attribute or of a declaration.
    [Fact]
    public void Every_answer_exists()
    {
        var api = string.Concat(((string[])["Gantry.Nuke", "Gantry.AzurePipelines"]).Select(project =>
            File.ReadAllText(Path.Combine(RepositoryFiles.Root, "src", project, "PublicAPI.Unshipped.txt"))));
        Assert.All(
            Rows().SelectMany(row => Name().Matches(row.Ours)).Select(match => match.Groups["name"].Value),
            name => Assert.Matches($@"\.{Regex.Escape(name)}(\b|Attribute\b)", api));
    }

    private static IEnumerable<(string Theirs, string Ours)> Rows()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/pipelines.md"));
        var from = text.IndexOf("| NUKE | Gantry |", StringComparison.Ordinal);
        return text[from..text.IndexOf("\n\n", from, StringComparison.Ordinal)]
            .Split('\n')
            .Skip(2)
            .Select(line => line.Split('|'))
            .Select(cells => (cells[1].Trim(), cells[2].Trim()));
    }

    [GeneratedRegex(@"^P \w+\.Common\.CI\.(AzurePipelines\.AzurePipelinesAttribute|ChainedConfigurationAttributeBase)\.(?<name>\w+) :")]
    private static partial Regex Property();

    [GeneratedRegex(@"^P .*\.(?<name>\w+) :")]
    private static partial Regex AnyProperty();

    // The first name in a piece of code: of `BuildSecrets = [...]` and of `Sources.CleanWorkspace`, of `[TargetPipeline]`.
    [GeneratedRegex(@"`\[?(?<name>[A-Z]\w+)")]
    private static partial Regex Name();
}

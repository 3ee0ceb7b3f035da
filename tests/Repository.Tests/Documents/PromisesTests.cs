using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Repository.Tests.Documents;

/// <summary>The tests named in docs/promises.md exist.</summary>
public sealed partial class PromisesTests
{
    private static readonly string s_document = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/promises.md"));

    [Fact]
    public void Every_named_test_exists()
    {
        var tests = RepositoryFiles.All()
            .Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => File.ReadAllText(Path.Combine(RepositoryFiles.Root, file)))
            .ToList();

        var missing = Named().Where(name => !tests.Exists(text => HasTest(text, name.Class, name.Method)));

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_promise_names_its_tests()
    {
        var rows = s_document
            .Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| promise", StringComparison.Ordinal)
                && !line.StartsWith("| ---", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.True(Name().IsMatch(row) || row.Contains("](../bench)", StringComparison.Ordinal), row));
    }

    private static IEnumerable<(string Class, string Method)> Named() =>
        Name().Matches(s_document).Select(match => (match.Groups["class"].Value, match.Groups["method"].Value)).Distinct();

    private static bool HasTest(string text, string type, string method) =>
        Regex.IsMatch(text, $@"\bclass {type}\b")
        && Regex.IsMatch(text, $@"\b(Fact|Theory)(Attribute)?\b|\b\w+(Fact|Theory)\b")
        && Regex.IsMatch(text, $@"\bpublic (async )?(Task|void) {method}\(");

    [GeneratedRegex(
        "`(?<class>[A-Z][A-Za-z]*Tests)\\.(?<method>[A-Z][A-Za-z0-9_]*)`",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}

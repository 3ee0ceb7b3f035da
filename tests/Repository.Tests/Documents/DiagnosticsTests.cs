using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Repository.Tests.Documents;

/// <summary>The codes in the sources are those in docs/diagnostics.md.</summary>
public sealed partial class DiagnosticsTests
{
    [Fact]
    public void Every_code_is_documented_and_every_documented_code_exists()
    {
        var inSources = Sources().SelectMany(file => Codes(file.Text)).ToHashSet();
        var documented = Headings();

        Assert.Empty(inSources.Except(documented).Order());
        Assert.Empty(documented.Except(inSources).Order());
    }

    [Fact]
    public void Documented_codes_are_in_order_and_unique()
    {
        var documented = Headings();

        Assert.Equal(documented.Distinct().Order(StringComparer.Ordinal), documented);
    }

    [Fact]
    public void Every_entry_gives_cause_and_remedy()
    {
        var entries = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/diagnostics.md")).Split("\n### GAN").Skip(1);

        Assert.All(entries, entry =>
        {
            Assert.Contains("**Cause.**", entry, StringComparison.Ordinal);
            Assert.Contains("**Remedy.**", entry, StringComparison.Ordinal);
        });
    }

    // The changelog also names removed codes.
    [Fact]
    public void Every_code_that_another_document_names_is_documented()
    {
        var documented = Headings().ToHashSet();
        var unknown = RepositoryFiles.All()
            .Where(file => file.EndsWith(".md", StringComparison.Ordinal) && file != "CHANGELOG.md")
            .SelectMany(file => Code()
                .Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, file)))
                .Select(code => (File: file, Code: code.Value)))
            .Where(named => !documented.Contains(named.Code));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Codes_are_made_only_where_errors_are_described()
    {
        var elsewhere = Sources()
            .Where(file =>
                file.Path.EndsWith(".cs", StringComparison.Ordinal) && !file.Path.EndsWith("Errors.cs", StringComparison.Ordinal))
            .Where(file => MadeFromCode().IsMatch(file.Text))
            .Select(file => file.Path);

        Assert.Empty(elsewhere);
    }

    private static IEnumerable<(string Path, string Text)> Sources() => RepositoryFiles.All()
        .Where(file => (file.StartsWith("src/", StringComparison.Ordinal) && Path.GetExtension(file) is ".cs" or ".csproj" or ".targets")
            || file is "build.sh" or "build.ps1" or "Directory.Gantry.targets" or "Directory.BuildSystem.targets")
        .Select(file => (file, File.ReadAllText(Path.Combine(RepositoryFiles.Root, file))));

    // In C# only strings count; comments mention codes, too.
    private static IEnumerable<string> Codes(string text) => CodeInString().Matches(text).Select(match => match.Groups["code"].Value);

    private static List<string> Headings() =>
        Heading()
            .Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/diagnostics.md")))
            .Select(match => match.Groups["code"].Value)
            .ToList();

    [GeneratedRegex("[\"'](?<code>GAN[0-9]{4})")]
    private static partial Regex CodeInString();

    [GeneratedRegex("\\bGAN[0-9]{4}\\b")]
    private static partial Regex Code();

    [GeneratedRegex("new(?: GantryException)?\\(\\s*\"GAN[0-9]{4}")]
    private static partial Regex MadeFromCode();

    [GeneratedRegex("^### (?<code>GAN[0-9]{4})", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();
}

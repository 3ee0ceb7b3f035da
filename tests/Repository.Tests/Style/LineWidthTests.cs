using Gantry.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Repository.Tests.Style;

/// <summary>Lines are at most 140 characters wide.</summary>
public sealed class LineWidthTests
{
    private const int Maximum = 140;

    private static readonly HashSet<string> s_extensions = [".cs", ".csproj", ".props", ".targets", ".sh", ".ps1", ".cmd", ".md", ""];

    [Fact]
    public void No_line_is_wider_than_140_characters() => Expect.Nothing(
        from file in RepositoryFiles.All().Where(IsWrittenByHand)
        from line in WideLines(file)
        select $"{file}:{line + 1}");

    // Snapshots are the output of a program.
    private static bool IsWrittenByHand(string file) =>
        s_extensions.Contains(Path.GetExtension(file)) && !file.Contains(".verified.", StringComparison.Ordinal);

    private static IEnumerable<int> WideLines(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, file));
        var wide = lines.Index().Where(line => line.Item.Length > Maximum && !IsTableOrAddress(file, line.Item)).Select(line => line.Index);
        return Path.GetExtension(file) == ".cs" ? wide.Except(LinesOfLiterals(lines)) : wide;
    }

    // A row of a table is a line, and so is an address.
    private static bool IsTableOrAddress(string file, string line) =>
        line.Contains("https://", StringComparison.Ordinal)
        || (Path.GetExtension(file) == ".md" && line.TrimStart() is ['|', ..] or ['[', ..]);

    // A raw or verbatim string is its text as it is: JSON, a pattern.
    private static IEnumerable<int> LinesOfLiterals(string[] lines)
    {
        if (Array.TrueForAll(lines, line => line.Length <= Maximum))
            return [];
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var tree = CSharpSyntaxTree.ParseText(string.Join('\n', lines), options);
        return
            from token in tree.GetRoot().DescendantTokens()
            where token.Text.Contains("\"\"\"", StringComparison.Ordinal) || token.Text.StartsWith("@\"", StringComparison.Ordinal)
                || token.Parent?.Parent is { } parent && parent.ToString().StartsWith("$$", StringComparison.Ordinal)
            let span = tree.GetLineSpan(token.Span)
            from line in Enumerable.Range(span.StartLinePosition.Line, span.EndLinePosition.Line - span.StartLinePosition.Line + 1)
            select line;
    }
}

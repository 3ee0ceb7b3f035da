using Gantry.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests.Style;

/// <summary>A nested conditional expression is short; a longer decision is a switch or statements.</summary>
public sealed class ConditionalTests
{
    private const int Maximum = 3;

    [Fact]
    public void No_chained_conditional_expression_is_longer_than_three_lines()
    {
        var chained = RepositoryFiles.All()
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .AsParallel()
            .SelectMany(Chained);

        Expect.Nothing(chained);
    }

    private static IEnumerable<string> Chained(string file)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(RepositoryFiles.Root, file)), options);
        return
            from conditional in tree.GetRoot().DescendantNodes().OfType<ConditionalExpressionSyntax>()
            where !IsBranch(conditional) && (IsChain(conditional.WhenTrue) || IsChain(conditional.WhenFalse))
            let lines = tree.GetLineSpan(conditional.Span)
            where lines.EndLinePosition.Line - lines.StartLinePosition.Line >= Maximum
            select $"{file}:{lines.StartLinePosition.Line + 1}";
    }

    private static bool IsBranch(ConditionalExpressionSyntax conditional) =>
        conditional.Parent is ConditionalExpressionSyntax outer && outer.Condition != conditional;

    private static bool IsChain(ExpressionSyntax branch) => branch switch
    {
        ParenthesizedExpressionSyntax inner => IsChain(inner.Expression),
        _ => branch is ConditionalExpressionSyntax,
    };
}

using System.Text.RegularExpressions;
using CsCheck;
using Gantry.AzurePipelines.Provisioning;

namespace Gantry.AzurePipelines.Tests.AzureDevOps;

/// <summary>What counts as weaker, held against trying all possibilities.</summary>
public class StrictnessTests
{
    [Fact]
    public void An_approval_is_as_strict_when_every_choice_that_is_enough_was_enough_before() =>
        Gen.Select(Gen.Int[1, 31], Gen.Int[1, 5], Gen.Int[1, 31], Gen.Int[1, 5])
            .Where((before, least, after, leastAfter) => least <= int.PopCount(before) && leastAfter <= int.PopCount(after))
            .Sample((before, least, after, leastAfter) =>
            {
                // Sets of up to five people as bits: every choice of approvers that is enough afterwards.
                var expected = Enumerable.Range(0, 32)
                    .Where(choice => (choice & after) == choice && int.PopCount(choice) >= leastAfter)
                    .All(choice => int.PopCount(choice & before) >= least);

                Assert.Equal(expected, ApprovalComparison.IsAtLeastAsStrict(Approval(before, least), Approval(after, leastAfter)));
            });

    [Theory]
    [InlineData("refs/heads/*", "refs/heads/main", true)]
    [InlineData("refs/heads/*", "refs/heads/release/*", true)]
    [InlineData("*", "refs/heads/*", true)]
    [InlineData("refs/heads/main", "refs/heads/*", false)]
    [InlineData("refs/heads/release/*", "refs/heads/*", false)]
    [InlineData("refs/heads/main", "refs/heads/main", true)]
    [InlineData("refs/heads/main", "refs/heads/Main", false)]
    [InlineData("refs/*/main", "refs/heads/*", false)]
    public void A_pattern_covers_what_it_matches_all_of(string pattern, string other, bool covers) =>
        Assert.Equal(covers, InputComparison.Covers(pattern, other));

    [Fact]
    public void A_pattern_that_covers_another_matches_whatever_the_other_does()
    {
        var pattern = Gen.String[Gen.Char["ab*"], 0, 5];
        Gen.Select(pattern, pattern, Gen.String[Gen.Char["ab"], 0, 6]).Sample((wide, narrow, branch) =>
        {
            if (InputComparison.Covers(wide, narrow) && Matches(narrow, branch))
                Assert.True(Matches(wide, branch), $"'{wide}' is said to cover '{narrow}', but not '{branch}'");
        });
    }

    private static bool Matches(string pattern, string branch) => Regex.IsMatch(branch, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$");

    private static CheckState Approval(int people, int minimum) => new()
    {
        Kind = CheckKind.Approval,
        TypeName = "Approval",
        Approvers = [.. Enumerable.Range(0, 5).Where(bit => (people >> bit & 1) == 1).Select(bit => new Person($"{bit}", $"{bit}"))],
        Minimum = minimum,
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Tests.Provisioning;

/// <summary>The comparison of strictness, verified against all possibilities.</summary>
public class CheckComparisonTests
{
    [Fact]
    public void An_approval_is_as_strict_when_it_accepts_no_new_set_of_approvers() =>
        Gen.Select(Gen.Int[1, 31], Gen.Int[1, 5], Gen.Int[1, 31], Gen.Int[1, 5])
            .Where((before, least, after, leastAfter) => least <= int.PopCount(before) && leastAfter <= int.PopCount(after))
            .Sample((before, least, after, leastAfter) =>
            {
                // Sets of up to five people as bits: every set of approvers that is enough afterwards.
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
    public void A_pattern_covers_every_pattern_that_it_includes(string pattern, string other, bool covers) =>
        Assert.Equal(covers, InputComparison.Covers(pattern, other));

    [Fact]
    public void A_covering_pattern_matches_everything_the_covered_one_does()
    {
        var pattern = Gen.String[Gen.Char["ab*"], 0, 5];
        Gen.Select(pattern, pattern, Gen.String[Gen.Char["ab"], 0, 6]).Sample((wide, narrow, branch) =>
        {
            if (InputComparison.Covers(wide, narrow) && Matches(narrow, branch))
                Assert.True(Matches(wide, branch), $"'{wide}' is said to cover '{narrow}', but not '{branch}'");
        });
    }

    [Fact]
    public void Checks_of_any_form_can_be_read() => Gen.Select(OneOf(Types), OneOf(Definitions), Json(depth: 3)).Sample((
        type, definition, settings) =>
    {
        if (settings is JsonObject && definition.Length > 0)
            settings["definitionRef"] = new JsonObject { ["id"] = definition };
        var there = CheckState.Of(
            new CheckDocument { Id = 1, Type = new() { Id = type }, Settings = JsonSerializer.SerializeToElement(settings) },
            new Dictionary<string, string>());

        Assert.NotEmpty(there.Title);
        if (there.Kind is not null)
            Assert.All(CheckComparison.Compare(there, there), change => Assert.Fail($"differs from itself: {change}"));
    });

    private static string[] Types =>
    [
        "8c6f20a7-a545-4486-9777-f762fafe0d4d", "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563",
        "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3", "other",
    ];

    private static string[] Definitions =>
    [
        "", "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b", "445FDE2F-6c39-441c-807f-8a59ff2e075f", "9c3e8943-130d-4c78-ac63-8af81df62dfb", "other",
    ];

    private static Gen<string> OneOf(params string[] values) => Gen.OneOf([.. values.Select(value => Gen.Const(value))]);

    private static Gen<JsonNode?> Json(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Const((JsonNode?)null),
            Gen.Bool.Select(JsonNode? (value) => value),
            Gen.Int.Select(JsonNode? (value) => value),
            Gen.String[Gen.Char["a,1*"], 0, 4].Select(JsonNode? (value) => value));
        if (depth == 0)
            return leaf;
        var names = OneOf(
            "approvers", "id", "displayName", "inputs", "Inputs", "extendsChecks", "minRequiredApprovers", "executionOrder",
            "retryInterval", "startTime", "allowedBranches", "ALLOWEDBRANCHES");
        return Gen.OneOf(
            leaf,
            Json(depth - 1).Array[0, 3].Select(JsonNode? (items) => new JsonArray(items)),
            Gen.Select(names, Json(depth - 1)).Array[0, 6].Select(JsonNode? (members) => new JsonObject(
                members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, member.Item2)))));
    }

    private static bool Matches(string pattern, string branch) =>
        Regex.IsMatch(branch, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$");

    private static CheckState Approval(int people, int minimum) => new()
    {
        Kind = CheckKind.Approval,
        TypeName = "Approval",
        Approvers = [.. Enumerable.Range(0, 5).Where(bit => (people >> bit & 1) == 1).Select(bit => new Person($"{bit}", $"{bit}"))],
        Minimum = minimum,
    };
}

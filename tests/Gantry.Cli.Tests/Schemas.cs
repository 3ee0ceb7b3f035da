using System.Text.Json.Nodes;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>The documented schemas of what commands write with <c>--format json</c>.</summary>
internal static class Schemas
{
    /// <summary>Asserts that a document is as a schema in docs/schemas says, and returns it.</summary>
    public static JsonNode AssertIs(string schema, string document)
    {
        var node = JsonNode.Parse(document)!;
        var rules = JsonNode.Parse(File.ReadAllText(
            Path.Combine(RepositoryFiles.Root, "docs", "schemas", $"{schema}.schema.json")))!.AsObject();
        Assert.Empty(JsonRules.Validate(node, rules));
        return node;
    }
}

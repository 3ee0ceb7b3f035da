using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gantry.AzurePipelines.Service;

/// <summary>A query for work items.</summary>
internal sealed record QueryDocument(string Query);

/// <summary>The result of a query.</summary>
internal sealed record QueryResultDocument(IReadOnlyList<WorkItemReference?>? WorkItems = null);

/// <summary>A work item that a query found.</summary>
internal sealed record WorkItemReference(int Id);

/// <summary>A work item with its fields.</summary>
internal sealed record WorkItemDocument
{
    public required int Id { get; init; }

    public required int Rev { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Fields { get; init; }

    /// <summary>Returns the text of a field; null when it has none.</summary>
    public string? Text(string field) =>
        Fields?.TryGetValue(field, out var value) == true && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A state of a type of work items.</summary>
/// <param name="Name">The name, which each process chooses.</param>
/// <param name="Category">The category: <c>Proposed</c>, <c>InProgress</c>, <c>Resolved</c>, <c>Completed</c> or <c>Removed</c>.</param>
internal sealed record WorkItemStateDocument(string Name, string? Category = null);

/// <summary>A field of a type of work items.</summary>
internal sealed record WorkItemFieldDocument(string ReferenceName);

/// <summary>One operation of a JSON patch (RFC 6902).</summary>
internal sealed record PatchOperation
{
    public required string Op { get; init; }

    public required string Path { get; init; }

    public JsonNode? Value { get; init; }

    /// <summary>Sets a field.</summary>
    public static PatchOperation Set(string field, string value) =>
        new() { Op = "add", Path = "/fields/" + field, Value = JsonValue.Create(value) };
}

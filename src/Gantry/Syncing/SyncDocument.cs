using System.Text.Json.Nodes;

namespace Gantry.Syncing;

/// <summary>Writes the result of a run as JSON, in the schema of <c>docs/schemas/sync.schema.json</c>.</summary>
public static class SyncDocument
{
    private const int Schema = 1;

    /// <summary>Returns the document.</summary>
    /// <param name="result">The result.</param>
    public static JsonNode Of(SyncResult result) => new JsonObject
    {
        ["schema"] = Schema,
        ["file"] = result.File,
        ["dryRun"] = result.IsDry,
        ["succeeded"] = result.Succeeded,
        ["changes"] = result.Changes,
        ["warnings"] = new JsonArray([.. result.Warnings.Select(warning => (JsonNode)Describe(warning))]),
        ["images"] = new JsonArray([.. result.Items.Select(item => (JsonNode)new JsonObject
        {
            ["line"] = item.Line,
            ["source"] = item.Source,
            ["target"] = item.Target,
            ["state"] = NameOf(item.State),
            ["digest"] = item.Digest?.ToString(),
            ["tagBefore"] = item.TagBefore?.ToString(),
            ["blobs"] = item.Blobs,
            ["bytes"] = item.Bytes,
            ["error"] = item.Error is { } error ? Describe(error) : null,
        })]),
    };

    private static string NameOf(SyncState state) => state switch
    {
        SyncState.Current => "current",
        SyncState.WouldCopy => "wouldCopy",
        SyncState.Copied => "copied",
        _ => "failed",
    };

    private static JsonObject Describe(Exception error) => error is GantryException known
        ? new() { ["code"] = known.Code, ["problem"] = known.Problem, ["remedy"] = known.Remedy }
        : new() { ["code"] = null, ["problem"] = error.Message, ["remedy"] = null };
}

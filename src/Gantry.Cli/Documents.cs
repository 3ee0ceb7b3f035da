using System.Text.Json.Nodes;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Promotion;

namespace Gantry.Cli;

/// <summary>Creates the JSON documents of <c>--format json</c>. A value that is not known is null.</summary>
internal static class Documents
{
    public static JsonNode Of(VerificationReport report, string location) => new JsonObject
    {
        ["schema"] = 1,
        ["location"] = location,
        ["digest"] = report.Root.Digest.ToString(),
        ["manifests"] = report.Manifests,
        ["blobs"] = report.Blobs,
        ["bytes"] = report.Bytes,
        ["attachments"] = report.Attachments,
        ["faults"] = List(report.Faults, fault => new JsonObject
        {
            ["kind"] = fault.Kind,
            ["digest"] = fault.Digest.ToString(),
            ["reason"] = fault.Reason,
        }),
    };

    public static JsonNode Of(IReadOnlyList<PromotionRecord> promotions, string place, Digest digest) => new JsonObject
    {
        ["schema"] = 1,
        ["place"] = place,
        ["digest"] = digest.ToString(),
        ["promotions"] = List(promotions, promotion => new JsonObject
        {
            ["attestation"] = promotion.Signature?.Attestation.ToString(),
            ["key"] = promotion.Signature?.Key.Name,
            ["levels"] = List(promotion.Signature?.Levels ?? [], level => JsonValue.Create(level)!),
            ["record"] = JsonNode.Parse(promotion.ToJson()),
        }),
    };

    public static JsonNode Of(IReadOnlyList<CopyOutcome> outcomes, IReadOnlyList<string> targets) => new JsonObject
    {
        ["schema"] = 1,
        ["targets"] = List(outcomes.Zip(targets), pair => new JsonObject
        {
            ["target"] = pair.Second,
            ["succeeded"] = pair.First.Succeeded,
            ["images"] = List(pair.First.Images, Describe),
            ["error"] = pair.First.Error is { } error ? Describe(error) : null,
        }),
    };

    public static JsonNode Of(IReadOnlyList<PlannedCopy> planned) => new JsonObject
    {
        ["schema"] = 1,
        ["images"] = List(planned, image => new JsonObject
        {
            ["source"] = image.Source,
            ["target"] = image.Target.ToString(),
            ["digest"] = image.Root.Digest.ToString(),
            ["chosenFrom"] = image.ChosenFrom?.ToString(),
            ["tagBefore"] = image.TagBefore?.ToString(),
            ["writesTag"] = image.WritesTag,
            ["manifests"] = image.Manifests,
            ["blobs"] = image.Blobs,
            ["bytes"] = image.Bytes,
            ["attachments"] = image.Attachments,
            ["nothingMoves"] = image.NothingMoves,
        }),
    };

    public static JsonObject Describe(Descriptor descriptor) => new()
    {
        ["digest"] = descriptor.Digest.ToString(),
        ["mediaType"] = descriptor.MediaType,
        ["artifactType"] = descriptor.ArtifactType,
        ["size"] = descriptor.Size,
    };

    private static JsonObject Describe(ImageOutcome image) => new()
    {
        ["source"] = image.Source,
        ["target"] = image.Target.ToString(),
        ["digest"] = image.Root.Digest.ToString(),
        ["chosenFrom"] = image.ChosenFrom?.ToString(),
        ["tagBefore"] = image.TagBefore?.ToString(),
        ["tagWritten"] = image.TagWritten,
        ["blobsUploaded"] = image.BlobsUploaded,
        ["bytesUploaded"] = image.BytesUploaded,
        ["blobsMounted"] = image.BlobsMounted,
        ["manifestsWritten"] = image.ManifestsWritten,
        ["attachments"] = image.Attachments,
        ["skippedLayers"] = List(image.SkippedLayers, Describe),
    };

    private static JsonObject Describe(Exception error) => error is GantryException known
        ? new() { ["code"] = known.Code, ["problem"] = known.Problem, ["remedy"] = known.Remedy }
        : new() { ["problem"] = error.Message };

    public static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> describe) => [.. items.Select(describe)];
}

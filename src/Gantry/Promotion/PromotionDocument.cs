using System.Text.Json.Nodes;

namespace Gantry.Promotion;

/// <summary>Writes a promotion as a part of a JSON document: its record, and the signature that was verified.</summary>
internal static class PromotionDocument
{
    public static JsonObject Of(PromotionRecord promotion) => new()
    {
        ["attestation"] = promotion.Signature?.Attestation.ToString(),
        ["key"] = promotion.Signature?.Key.Name,
        ["keyId"] = promotion.Signature?.Key.Key.Id,
        ["levels"] = promotion.Signature is { } signature ? new JsonArray([.. signature.Levels.Select(level => (JsonNode)level)]) : null,
        ["record"] = JsonNode.Parse(promotion.ToJson()),
    };
}

using System.Text.Json.Nodes;
using Gantry.Promotion;

namespace Gantry.Verification;

/// <summary>Writes chains as JSON for programs: schema 1, which docs/schemas/verify-release.schema.json describes.</summary>
public static class ReleaseChainDocument
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Returns the document of some chains.</summary>
    /// <param name="chains">The chains, one for each image.</param>
    public static JsonNode Of(IReadOnlyList<ReleaseChain> chains) => new JsonObject
    {
        ["schema"] = CurrentSchema,
        ["holds"] = chains.All(chain => chain.Findings.All(finding => finding.Kind == ChainFindingKind.Ignored)),
        ["images"] = new JsonArray([.. chains.Select(Describe)]),
    };

    private static JsonObject Describe(ReleaseChain chain) => new JsonObject
    {
        ["image"] = chain.Image,
        ["digest"] = chain.Digest.ToString(),
        ["version"] = chain.Version,
        ["build"] = chain.Build is { } build ? Describe(build) : null,
        ["places"] = new JsonArray([.. chain.Places.Select(Describe)]),
        ["findings"] = new JsonArray([.. chain.Findings.Select(Describe)]),
    };

    private static JsonObject Describe(VerifiedBuild build) => new JsonObject
    {
        ["attestation"] = build.Attestation.ToString(),
        ["key"] = build.Key.Name,
        ["keyId"] = build.Key.Key.Id,
        ["provenance"] = JsonNode.Parse(build.Provenance.ToJson()),
    };

    private static JsonObject Describe(VerifiedPlace place) => new JsonObject
    {
        ["environment"] = place.Target.Environment.Name,
        ["region"] = place.Target.Region,
        ["registry"] = place.Target.Address.ToString(),
        ["isThere"] = place.IsThere,
        ["promotions"] = new JsonArray([.. place.Promotions.Select(PromotionDocument.Of)]),
    };

    private static JsonObject Describe(ChainFinding finding) => new JsonObject
    {
        ["kind"] = finding.Kind.ToString().ToLowerInvariant(),
        ["place"] = finding.Place,
        ["code"] = finding.Error.Code,
        ["problem"] = finding.Error.Problem,
        ["remedy"] = finding.Error.Remedy,
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Admission;

/// <summary>A trust policy of Notation, which binds a certificate to the repositories of an environment.</summary>
internal static class NotationTrustPolicy
{
    /// <summary>The beginning of the name of the policy, by which a generated file is recognized: JSON has no comments.</summary>
    public const string NameStart = "gantry-";

    /// <summary>Writes the policy.</summary>
    public static AdmissionFile Write(AdmissionTarget target, AdmissionOptions options)
    {
        var document = new TrustPolicyDocument("1.0",
        [
            new TrustPolicyEntry(
                PlaceNames.PolicyName(target.Environment),
                [.. target.Repositories.Distinct()],
                new SignatureVerification("strict"),
                [$"ca:{target.NotationTrustStore ?? target.Environment}"],
                [$"x509.subject: {target.NotationSubject}"]),
        ]);
        var text = JsonSerializer.Serialize(document, TrustPolicyJson.Default.TrustPolicyDocument);
        return new($"{options.Folder}/{target.Environment}/trustpolicy.json", text.ReplaceLineEndings("\n") + "\n");
    }
}

/// <summary>The file <c>trustpolicy.json</c>.</summary>
internal sealed record TrustPolicyDocument(string Version, IReadOnlyList<TrustPolicyEntry> TrustPolicies);

/// <summary>A policy for repositories.</summary>
internal sealed record TrustPolicyEntry(
    string Name,
    IReadOnlyList<string> RegistryScopes,
    SignatureVerification SignatureVerification,
    IReadOnlyList<string> TrustStores,
    IReadOnlyList<string> TrustedIdentities);

/// <summary>The strictness of a policy.</summary>
internal sealed record SignatureVerification(string Level);

/// <summary>Trust policies of Notation.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TrustPolicyDocument))]
internal sealed partial class TrustPolicyJson : JsonSerializerContext;

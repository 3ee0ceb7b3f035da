using Gantry.Admission.Languages;
using Gantry.Attestations;

namespace Gantry.Admission;

/// <summary>
/// The conditions of a promotion in Rego. A field that is missing makes them false; in CUE, the policy itself would fill it in.
/// </summary>
internal static class RegoPolicy
{
    /// <summary>Returns the module for cosign.</summary>
    public static string ForCosign(AdmissionTarget target, string repository) => Module("signature", "allow", target, repository);

    /// <summary>Returns the module for policy-controller.</summary>
    public static string ForPolicyController(AdmissionTarget target, string repository) =>
        Module("sigstore", "isCompliant", target, repository);

    private static string Module(string package, string rule, AdmissionTarget target, string repository)
    {
        string[] lines =
        [
            $"package {package}",
            "",
            "import rego.v1",
            "",
            $"default {rule} := false",
            "",
            $"{rule} if {{",
            $"  input.predicateType == {RegoText.Of(PredicateTypes.VerificationSummary)}",
            $"  input.predicate.verifier.id == {RegoText.Of(target.VerifierId)}",
            $"  input.predicate.resourceUri == {RegoText.Of(PlaceNames.ResourceUri(repository))}",
            $"  input.predicate.verificationResult == {RegoText.Of(PolicyConditions.Passed)}",
            .. target.RefuseBreakGlass
                ? [$"  {RegoText.Of(PolicyConditions.PromotedLevel)} in input.predicate.verifiedLevels"]
                : Array.Empty<string>(),
            "}",
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }
}

using Gantry.Admission.Languages;
using Gantry.Attestations;
using Gantry.AzurePipelines.Yaml;
using Gantry.Oci;

namespace Gantry.Admission;

/// <summary>An ImageValidatingPolicy of Kyverno, with conditions in CEL.</summary>
internal static class KyvernoImageValidatingPolicy
{
    // Containers of every kind: what starts first or is added later runs the same image.
    private const string Images = "(images.containers + images.initContainers + images.ephemeralContainers)";

    /// <summary>Writes the policy.</summary>
    public static AdmissionFile Write(AdmissionTarget target, AdmissionOptions options) => new(
        $"{options.Folder}/{target.Environment}/kyverno-image-validating.yaml",
        YamlWriter.Write(
            Policy(target),
            PolicyHeader.Of(
                target,
                options,
                [
                    "Kyverno 1.19 or later. Of several promotions with one key it looks at the last one that it reads.",
                    .. PolicyHeader.BreakGlass(target, "of several promotions with one key, any may be the one that is looked at."),
                    .. PolicyHeader.OtherImages(target),
                ])));

    private static YamlMapping Policy(AdmissionTarget target) => new MappingBuilder()
        .Add("apiVersion", "policies.kyverno.io/v1")
        .Add("kind", "ImageValidatingPolicy")
        .Add("metadata", new MappingBuilder().Add("name", PlaceNames.PolicyName(target.Environment)).Build())
        .Add("spec", new MappingBuilder()
            .Add("failurePolicy", "Fail")
            .Add("validationActions", ["Deny"])
            .Add("webhookConfiguration", new MappingBuilder().Add("timeoutSeconds", 30).Build())
            .Add("evaluation", new MappingBuilder()
                .Add("background", new MappingBuilder().Add("enabled", false).Build())
                .Build())

            // A digest that is added to a Deployment would differ from what a GitOps tool has applied.
            .Add("autogen", new MappingBuilder()
                .Add("podControllers", new MappingBuilder().Add("controllers", new YamlSequence([])).Build())
                .Build())
            .Add("matchConstraints", Constraints(target))
            .Add("matchImageReferences", References(target).Select(image => new MappingBuilder().Add("glob", image).Build()))
            .Add("credentials", target.Repositories.All(repository => AcrHost.FindDomain(repository.Split('/')[0]) is null)
                ? null
                : new MappingBuilder().Add("providers", ["azure"]).Build())
            .Add("validationConfigurations", new MappingBuilder()
                .Add("mutateDigest", true)
                .Add("verifyDigest", true)
                .Add("required", true)
                .Build())
            .Add("attestors", TrustedKeys.Of(target).Select((key, index) => Attestor(AttestorName(index), key.Key.ToPem())))
            .Add("attestations", [new MappingBuilder()
                .Add("name", "promotion")
                .Add("intoto", new MappingBuilder().Add("type", PredicateTypes.VerificationSummary).Build())
                .Build()])
            .Add("validations", Validations(target))
            .Build())
        .Build();

    // Images are compared as they are written in a pod: with a tag, a digest, both, or neither.
    private static IEnumerable<string> References(AdmissionTarget target) =>
        target.Repositories.Distinct().SelectMany(repository => PlaceNames.References(repository).Prepend(repository));

    private static YamlMapping Constraints(AdmissionTarget target) => new MappingBuilder()
        .Add("resourceRules", [new MappingBuilder()
            .Add("apiGroups", [""])
            .Add("apiVersions", ["v1"])
            .Add("operations", ["CREATE", "UPDATE"])
            .Add("resources", ["pods", "pods/ephemeralcontainers"])
            .Build()])
        .Add("namespaceSelector", target.Namespaces.Count == 0 ? null : new MappingBuilder()
            .Add("matchExpressions", [new MappingBuilder()
                .Add("key", "kubernetes.io/metadata.name")
                .Add("operator", "In")
                .Add("values", target.Namespaces)
                .Build()])
            .Build())
        .Build();

    private static string AttestorName(int index) => FormattableString.Invariant($"key{index + 1}");

    private static YamlMapping Attestor(string name, string pem) => new MappingBuilder()
        .Add("name", name)
        .Add("cosign", new MappingBuilder()
            .Add("key", new MappingBuilder().Add("hashAlgorithm", "sha256").Add("data", pem).Build())
            .Add("ctlog", new MappingBuilder().Add("insecureIgnoreTlog", true).Add("insecureIgnoreSCT", true).Build())
            .Build())
        .Build();

    private static IEnumerable<YamlMapping> Validations(AdmissionTarget target)
    {
        yield return Validation(SignedExpression(target), $"the image was not promoted to {target.Environment}");
        yield return Validation(
            PromotedExpression(target), $"the promotion of the image is not one to its repository in {target.Environment}");
        if (target.AllowedImages is { } allowed)
            yield return Validation(OtherImagesExpression(target, allowed), $"the image is in no repository of {target.Environment}");
    }

    private static YamlMapping Validation(string expression, string message) =>
        new MappingBuilder().Add("expression", expression).Add("message", message).Build();

    private static string SignedExpression(AdmissionTarget target)
    {
        var attestors = TrustedKeys.Of(target).Select((_, index) => $"attestors.{AttestorName(index)}");
        return $"""
            {Images}.all(image,
              verifyAttestationSignatures(image, attestations.promotion, [{string.Join(", ", attestors)}]) > 0)
            """.ReplaceLineEndings("\n");
    }

    private static string PromotedExpression(AdmissionTarget target)
    {
        string[] conditions =
        [
            $"promotion.predicate.verifier.id == {CelText.Of(target.VerifierId)}",
            $"promotion.predicate.verificationResult == {CelText.Of(PolicyConditions.Passed)}",
            .. target.RefuseBreakGlass
                ? [$"{CelText.Of(PolicyConditions.PromotedLevel)} in promotion.predicate.verifiedLevels"]
                : Array.Empty<string>(),
        ];
        return $"""
            {Images}.all(image,
              [extractPayload(image, attestations.promotion)].all(promotion,
                {string.Join(" &&\n    ", conditions)} &&
                {CelText.ListOf(target.Repositories.Distinct(), "    ")}.exists(repository,
                  {IsOf("image")} &&
                  promotion.predicate.resourceUri == 'oci://' + repository)))
            """.ReplaceLineEndings("\n");
    }

    private static string OtherImagesExpression(AdmissionTarget target, IReadOnlyList<string> allowed)
    {
        var patterns = allowed.Count == 0
            ? ""
            : $" ||\n  {CelText.ListOf(allowed.Select(WildcardPattern.ToRegex), "  ")}.exists(pattern, container.image.matches(pattern))";
        return $"""
            (object.spec.containers + object.spec.?initContainers.orValue([]) + object.spec.?ephemeralContainers.orValue([])).all(container,
              {CelText.ListOf(target.Repositories.Distinct(), "  ")}.exists(repository, {IsOf("container.image")}){patterns})
            """.ReplaceLineEndings("\n");
    }

    private static string IsOf(string image) =>
        $"({image} == repository || {image}.startsWith(repository + ':') || {image}.startsWith(repository + '@'))";
}

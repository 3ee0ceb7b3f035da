using Gantry.Attestations;
using Gantry.AzurePipelines.Yaml;
using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Admission;

/// <summary>A ClusterPolicy of Kyverno, which verifies each repository against its own resource URI.</summary>
internal static class KyvernoClusterPolicy
{
    /// <summary>Writes the policy that reads bundles beside the image.</summary>
    public static AdmissionFile WriteForBundles(AdmissionTarget target, AdmissionOptions options) => new(
        $"{options.Folder}/{target.Environment}/kyverno-bundle.yaml",
        YamlWriter.Write(
            Policy(target, PlaceNames.PolicyName(target.Environment), "SigstoreBundle"),
            PolicyHeader.Of(
                target,
                options,
                [
                    "Kyverno 1.19 or later: earlier versions ignore the key. An image has at most 50 referrers, or it is refused.",
                    .. PolicyHeader.BreakGlassForAll(target),
                    .. PolicyHeader.OtherImages(target),
                ])));

    /// <summary>Writes the policy that reads the tags of cosign.</summary>
    public static AdmissionFile WriteForTags(AdmissionTarget target, AdmissionOptions options) => new(
        $"{options.Folder}/{target.Environment}/kyverno-tags.yaml",
        YamlWriter.Write(
            Policy(target, PlaceNames.PolicyName(target.Environment) + "-tags", "Cosign"),
            PolicyHeader.Of(
                target,
                options,
                [
                    "Kyverno 1.13 or later reads the tag sha256-….att only here: the environment must write attestations there, too.",
                    .. PolicyHeader.BreakGlassForAll(target),
                    .. PolicyHeader.OtherImages(target),
                ])));

    private static YamlMapping Policy(AdmissionTarget target, string name, string type) => new MappingBuilder()
        .Add("apiVersion", "kyverno.io/v1")
        .Add("kind", "ClusterPolicy")
        .Add("metadata", new MappingBuilder()
            .Add("name", name)

            // A digest that is added to a Deployment would differ from what a GitOps tool has applied.
            .Add("annotations", Of([("pod-policies.kyverno.io/autogen-controllers", "none")]))
            .Build())
        .Add("spec", new MappingBuilder()
            .Add("background", false)
            .Add("webhookConfiguration", new MappingBuilder().Add("failurePolicy", "Fail").Add("timeoutSeconds", 30).Build())
            .Add("rules", [PromotedRule(target, type), .. OtherImagesRule(target)])
            .Build())
        .Build();

    private static YamlMapping PromotedRule(AdmissionTarget target, string type) => new MappingBuilder()
        .Add("name", "promoted")
        .Add("match", Match(target))
        .Add("verifyImages", target.Repositories.Distinct().Select(repository => VerifyImage(target, repository, type)))
        .Build();

    private static YamlMapping VerifyImage(AdmissionTarget target, string repository, string type) => new MappingBuilder()
        .Add("imageReferences", PlaceNames.References(repository))
        .Add("type", type)
        .Add("failureAction", "Enforce")
        .Add("mutateDigest", true)
        .Add("verifyDigest", true)
        .Add("required", true)
        .Add("imageRegistryCredentials", AcrHost.FindDomain(repository.Split('/')[0]) is null
            ? null
            : new MappingBuilder().Add("providers", ["azure"]).Build())
        .Add("attestations", [Attestation(target, repository)])
        .Build();

    private static YamlMapping Attestation(AdmissionTarget target, string repository) => new MappingBuilder()
        .Add("type", PredicateTypes.VerificationSummary)
        .Add("attestors", [new MappingBuilder()

            // Without the count, every key would have to sign.
            .Add("count", 1)
            .Add("entries", TrustedKeys.Of(target).Select(Entry))
            .Build()])
        .Add("conditions", [new MappingBuilder()
            .Add("all", (IEnumerable<YamlValue>)
            [
                Condition("{{ verifier.id }}", "Equals", YamlValue.Of(target.VerifierId)),
                Condition("{{ resourceUri }}", "Equals", YamlValue.Of(PlaceNames.ResourceUri(repository))),
                Condition("{{ verificationResult }}", "Equals", YamlValue.Of(PolicyConditions.Passed)),
                .. target.RefuseBreakGlass
                    ? [Condition("{{ verifiedLevels }}", "AnyIn", YamlValue.Of([PolicyConditions.PromotedLevel]))]
                    : Array.Empty<YamlValue>(),
            ])
            .Build()])
        .Build();

    private static YamlMapping Entry(TrustedKey key) => new MappingBuilder()
        .Add("keys", new MappingBuilder()
            .Add("publicKeys", key.Key.ToPem())

            // Kyverno uses the key of a bundle only when both logs are ignored: the key is Gantry's proof, no log.
            .Add("rekor", new MappingBuilder().Add("url", "https://rekor.sigstore.dev").Add("ignoreTlog", true).Build())
            .Add("ctlog", new MappingBuilder().Add("ignoreSCT", true).Build())
            .Build())
        .Build();

    private static IEnumerable<YamlMapping> OtherImagesRule(AdmissionTarget target)
    {
        if (target.AllowedImages is not { } allowed)
            yield break;
        var images = target.Repositories.Distinct()
            .SelectMany(repository => PlaceNames.References(repository).Prepend(repository))
            .Concat(allowed);
        yield return new MappingBuilder()
            .Add("name", "no-other-images")
            .Add("match", Match(target))
            .Add("validate", new MappingBuilder()
                .Add("failureAction", "Enforce")
                .Add("message", $"the image is in no repository of {target.Environment}")
                .Add("foreach", [new MappingBuilder()
                    .Add("list", "request.object.spec.[ephemeralContainers, initContainers, containers][]")
                    .Add("deny", new MappingBuilder()
                        .Add("conditions", new MappingBuilder()
                            .Add("all", [Condition("{{ element.image }}", "AnyNotIn", YamlValue.Of(images))])
                            .Build())
                        .Build())
                    .Build()])
                .Build())
            .Build();
    }

    private static YamlMapping Match(AdmissionTarget target) => new MappingBuilder()
        .Add("any", [new MappingBuilder()
            .Add("resources", new MappingBuilder().Add("kinds", ["Pod"]).Add("namespaces", target.Namespaces).Build())
            .Build()])
        .Build();

    private static YamlMapping Condition(string key, string comparison, YamlValue value) =>
        new MappingBuilder().Add("key", key).Add("operator", comparison).Add("value", value).Build();

    private static YamlMapping Of(IReadOnlyList<(string Key, string Value)> entries) =>
        new([.. entries.Select(entry => KeyValuePair.Create(entry.Key, YamlValue.Of(entry.Value)))]);
}

using System.Text;
using Gantry.Admission.Languages;
using Gantry.Attestations;
using Gantry.AzurePipelines.Yaml;
using Gantry.Signing;

namespace Gantry.Admission;

/// <summary>ClusterImagePolicies of sigstore's policy-controller: one for each repository, so that each has its own resource URI.</summary>
internal static class PolicyControllerPolicy
{
    /// <summary>Writes the policies as the documents of one file.</summary>
    public static AdmissionFile Write(AdmissionTarget target, AdmissionOptions options)
    {
        var text = new StringBuilder();
        foreach (var policy in Policies(target))
        {
            var isFirst = text.Length == 0;
            text.Append(isFirst ? "" : "---\n").Append(YamlWriter.Write(policy, isFirst ? Header(target, options) : []));
        }

        return new($"{options.Folder}/{target.Environment}/policy-controller.yaml", text.ToString());
    }

    private static IReadOnlyList<string> Header(AdmissionTarget target, AdmissionOptions options) => PolicyHeader.Of(
        target,
        options,
        [
            "With a key, policy-controller reads the tag sha256-….att only: the environment must write attestations there, too.",
            "It looks at namespaces with the label policy.sigstore.dev/include=true"
                + (target.Namespaces.Count == 0 ? "." : $": {string.Join(", ", target.Namespaces)}."),
            "Images that no policy matches are refused when config-policy-controller has no-match-policy: deny.",
            "One promotion that satisfies the policy is enough, so that a withdrawal (FAILED) withdraws nothing here.",
            .. PolicyHeader.BreakGlass(target, "an earlier or later promotion whose gates held is enough."),
        ]);

    private static IEnumerable<YamlMapping> Policies(AdmissionTarget target)
    {
        foreach (var repository in target.Repositories.Distinct())
        {
            yield return Policy(
                PlaceNames.PolicyName(target.Environment, repository),
                PlaceNames.References(AsPolicyControllerReads(repository)),
                TrustedKeys.Of(target).Select((key, index) => Authority(target, repository, key, index)));
        }

        if (target.AllowedImages is { Count: > 0 } allowed)
        {
            yield return Policy(
                PlaceNames.PolicyName(target.Environment) + "-allowed",
                [.. allowed.Select(WildcardPattern.ToPolicyControllerGlob)],
                [new MappingBuilder().Add("static", new MappingBuilder().Add("action", "pass").Build()).Build()]);
        }
    }

    private static YamlMapping Policy(
        string name, IReadOnlyList<string> globs, IEnumerable<YamlMapping> authorities) => new MappingBuilder()
        .Add("apiVersion", "policy.sigstore.dev/v1beta1")
        .Add("kind", "ClusterImagePolicy")
        .Add("metadata", new MappingBuilder().Add("name", name).Build())
        .Add("spec", new MappingBuilder()
            .Add("mode", "enforce")
            .Add("images", globs.Select(glob => new MappingBuilder().Add("glob", glob).Build()))
            .Add("authorities", authorities)
            .Build())
        .Build();

    // One of the authorities is enough.
    private static YamlMapping Authority(AdmissionTarget target, string repository, TrustedKey key, int index) => new MappingBuilder()
        .Add("name", FormattableString.Invariant($"key{index + 1}"))
        .Add("key", new MappingBuilder().Add("hashAlgorithm", "sha256").Add("data", key.Key.ToPem()).Build())
        .Add("attestations", [new MappingBuilder()
            .Add("name", "promotion")
            .Add("predicateType", PredicateTypes.VerificationSummary)
            .Add("policy", new MappingBuilder()
                .Add("type", "rego")
                .Add("data", RegoPolicy.ForPolicyController(target, repository))
                .Build())
            .Build()])
        .Build();

    // It writes the host of Docker Hub in full before it compares.
    private static string AsPolicyControllerReads(string repository) =>
        repository.StartsWith("docker.io/", StringComparison.Ordinal) ? "index." + repository : repository;
}

using Gantry.Admission.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Gantry.Admission.Tests;

/// <summary>What the policies ask for, read back from the files.</summary>
public class PolicyStructureTests
{
    public static TheoryData<AdmissionEngines> ClusterPolicies => [AdmissionEngines.KyvernoBundle, AdmissionEngines.KyvernoTags];

    [Theory]
    [MemberData(nameof(ClusterPolicies))]
    public void Each_repository_has_its_own_resource_uri(AdmissionEngines engine)
    {
        var images = Single(SampleTargets.Prod, engine).ItemsAt("spec.rules.0.verifyImages");

        Assert.Equal(
            SampleTargets.Prod.Repositories.Select(repository => (repository + ":*", repository + "@*", "oci://" + repository)),
            images.Select(image => (
                image.TextsAt("imageReferences")[0],
                image.TextsAt("imageReferences")[1],
                Condition(image, "{{ resourceUri }}").TextAt("value"))));
    }

    [Theory]
    [MemberData(nameof(ClusterPolicies))]
    public void Every_image_needs_one_key_and_all_conditions(AdmissionEngines engine)
    {
        foreach (var image in Single(SampleTargets.Prod, engine).ItemsAt("spec.rules.0.verifyImages"))
        {
            Assert.Equal("Enforce", image.TextAt("failureAction"));
            Assert.Equal("1", image.TextAt("attestations.0.attestors.0.count"));
            Assert.Equal(2, image.ItemsAt("attestations.0.attestors.0.entries").Count);
            Assert.All(image.ItemsAt("attestations.0.attestors.0.entries"), entry =>
            {
                Assert.Equal("true", entry.TextAt("keys.rekor.ignoreTlog"));
                Assert.Equal("true", entry.TextAt("keys.ctlog.ignoreSCT"));
            });
            Assert.Equal(SampleTargets.Prod.VerifierId, Condition(image, "{{ verifier.id }}").TextAt("value"));
            Assert.Equal("PASSED", Condition(image, "{{ verificationResult }}").TextAt("value"));
            Assert.Equal("AnyIn", Condition(image, "{{ verifiedLevels }}").TextAt("operator"));
        }
    }

    [Fact]
    public void Bundles_and_tags_are_read_by_their_types()
    {
        Assert.Equal("SigstoreBundle", TypeOf(AdmissionEngines.KyvernoBundle));
        Assert.Equal("Cosign", TypeOf(AdmissionEngines.KyvernoTags));

        static string TypeOf(AdmissionEngines engine) => Single(SampleTargets.Test, engine).TextAt("spec.rules.0.verifyImages.0.type");
    }

    [Fact]
    public void Only_registries_of_Azure_have_its_credentials()
    {
        var images = Single(SampleTargets.Prod, AdmissionEngines.KyvernoBundle).ItemsAt("spec.rules.0.verifyImages");

        Assert.Equal([true, true, false, false], images.Select(image => image.Has("imageRegistryCredentials")));
        Assert.False(Single(WithRepository("ghcr.io/contoso/api"), AdmissionEngines.KyvernoImageValidating).At("spec").Has("credentials"));
    }

    [Fact]
    public void Break_glass_is_accepted_unless_it_is_refused()
    {
        foreach (var file in SampleTargets.Generate(SampleTargets.Test))
            Assert.DoesNotContain("GANTRY_PROMOTED", file.Text, StringComparison.Ordinal);

        var refusing = SampleTargets.Generate(SampleTargets.Prod)
            .Where(file => !file.Path.EndsWith(".json", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(8, refusing.Count);
        Assert.All(refusing, file =>
        {
            Assert.Contains("GANTRY_PROMOTED", WithoutComments(file.Text), StringComparison.Ordinal);
            Assert.Contains("# Refuses promotions past gates that did not hold", file.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Namespaces_limit_the_policies()
    {
        var bundle = Single(SampleTargets.Prod, AdmissionEngines.KyvernoBundle);
        var validating = Single(SampleTargets.Prod, AdmissionEngines.KyvernoImageValidating);

        Assert.Equal(["shop", "shop-jobs"], bundle.TextsAt("spec.rules.0.match.any.0.resources.namespaces"));
        Assert.Equal(
            ["shop", "shop-jobs"], validating.TextsAt("spec.matchConstraints.namespaceSelector.matchExpressions.0.values"));
        Assert.False(Single(SampleTargets.Test, AdmissionEngines.KyvernoBundle).At("spec.rules.0.match.any.0.resources").Has("namespaces"));
    }

    [Fact]
    public void Containers_of_every_kind_are_verified()
    {
        var policy = Single(SampleTargets.Test, AdmissionEngines.KyvernoImageValidating);

        Assert.Equal(["pods", "pods/ephemeralcontainers"], policy.TextsAt("spec.matchConstraints.resourceRules.0.resources"));
        Assert.All(
            policy.ItemsAt("spec.validations").Select(validation => validation.TextAt("expression")),
            expression => Assert.StartsWith(
                "(images.containers + images.initContainers + images.ephemeralContainers).all(image,",
                expression,
                StringComparison.Ordinal));
    }

    [Fact]
    public void Other_images_are_refused_when_allowed_ones_are_named()
    {
        var rule = Single(SampleTargets.Prod, AdmissionEngines.KyvernoBundle).At("spec.rules.1");
        var condition = rule.At("validate.foreach.0.deny.conditions.all.0");
        var expression = Single(SampleTargets.Prod, AdmissionEngines.KyvernoImageValidating).TextAt("spec.validations.2.expression");

        Assert.Equal("AnyNotIn", condition.TextAt("operator"));
        Assert.Equal(13, condition.TextsAt("value").Count);
        Assert.Contains("contosoprodweu.azurecr.io/shop/api@*", condition.TextsAt("value"));
        Assert.Contains("mcr.microsoft.com/oss/*", condition.TextsAt("value"));
        Assert.Contains(@"'^mcr\\.microsoft\\.com/oss/.*$'", expression, StringComparison.Ordinal);
        Assert.Single(Single(SampleTargets.Test, AdmissionEngines.KyvernoBundle).ItemsAt("spec.rules"));
    }

    [Fact]
    public void Policy_controller_has_a_policy_for_each_repository_and_one_for_allowed_images()
    {
        var policies = Yaml.Documents(SampleTargets.Generate(SampleTargets.Prod, AdmissionEngines.PolicyController).Text);

        Assert.Equal(5, policies.Count);
        Assert.Equal(5, policies.Select(policy => policy.TextAt("metadata.name")).Distinct().Count());
        foreach (var (policy, repository) in policies.Zip(SampleTargets.Prod.Repositories))
        {
            Assert.Equal(repository + ":*", policy.TextAt("spec.images.0.glob"));
            Assert.All(policy.ItemsAt("spec.authorities"), authority => Assert.Contains(
                $"input.predicate.resourceUri == \"oci://{repository}\"\n",
                authority.TextAt("attestations.0.policy.data"),
                StringComparison.Ordinal));
        }

        Assert.Equal("mcr.microsoft.com/oss/**", policies[^1].TextAt("spec.images.0.glob"));
        Assert.Equal("pass", policies[^1].TextAt("spec.authorities.0.static.action"));
    }

    [Fact]
    public void Policy_controller_sees_the_long_name_of_Docker_Hub()
    {
        var policy = Single(WithRepository("docker.io/contoso/api"), AdmissionEngines.PolicyController);

        Assert.Equal("index.docker.io/contoso/api:*", policy.TextAt("spec.images.0.glob"));
        Assert.Contains(
            "\"oci://docker.io/contoso/api\"",
            policy.TextAt("spec.authorities.0.attestations.0.policy.data"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_policies_differ_where_only_separators_differ()
    {
        string[] repositories = ["a.azurecr.io/shop/api", "a.azurecr.io/shop-api", "a.azurecr.io/shop_api", "a.azurecr.io/shop.api"];
        var policies = Yaml.Documents(SampleTargets.Generate(
            SampleTargets.Test with { Environment = "Test_EU", Repositories = repositories }, AdmissionEngines.PolicyController).Text);

        Assert.Equal(4, policies.Select(policy => policy.TextAt("metadata.name")).Distinct().Count());
        Assert.All(policies, policy => Assert.Matches(@"\Agantry-test-eu-[a-z0-9.-]+-[0-9a-f]{8}\z", policy.TextAt("metadata.name")));
    }

    [Fact]
    public void Notation_binds_the_certificate_to_the_repositories()
    {
        var text = SampleTargets.Generate(SampleTargets.Prod, AdmissionEngines.Notation).Text;
        using var document = System.Text.Json.JsonDocument.Parse(text);
        var policy = document.RootElement.GetProperty("trustPolicies")[0];

        Assert.Equal(
            SampleTargets.Prod.Repositories, policy.GetProperty("registryScopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal("ca:contoso-prod", policy.GetProperty("trustStores")[0].GetString());
        Assert.Equal($"x509.subject: {SampleTargets.Prod.NotationSubject}", policy.GetProperty("trustedIdentities")[0].GetString());
    }

    [Fact]
    public void Generated_files_are_recognized_and_those_of_people_are_not()
    {
        Assert.All(SampleTargets.Generate(SampleTargets.Prod), file => Assert.True(AdmissionGenerator.IsGenerated(file.Text), file.Path));
        Assert.False(AdmissionGenerator.IsGenerated("apiVersion: kyverno.io/v1\n"));
        Assert.False(AdmissionGenerator.IsGenerated(
            "# Generated by Gantry from build/Build.cs: change that file, not this one.\n\ntrigger:\n"));
        Assert.False(AdmissionGenerator.IsGenerated("""{ "version": "1.0", "trustPolicies": [{ "name": "mine" }] }"""));
    }

    private static AdmissionTarget WithRepository(string repository) => SampleTargets.Test with { Repositories = [repository] };

    private static YamlMappingNode Single(AdmissionTarget target, AdmissionEngines engine) =>
        Assert.Single(Yaml.Documents(SampleTargets.Generate(target, engine).Text));

    private static YamlNode Condition(YamlNode image, string key) =>
        Assert.Single(image.ItemsAt("attestations.0.conditions.0.all"), condition => condition.TextAt("key") == key);

    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('#')));
}

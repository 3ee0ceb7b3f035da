using System.Reflection;
using Gantry.Admission;
using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.Signing;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Generation;

/// <summary>The generation of admission policies from a build class, its attributes and the keys in its repository.</summary>
public sealed class AdmissionGenerationTests : IDisposable
{
    private readonly TempFolder _root = new();
    private readonly BuildWithPolicies _build = new();

    public AdmissionGenerationTests()
    {
        // The folder of keys is absolute, because the root of these builds is that of this repository.
        WriteKey("test", "2026");
        WriteKey("prod", "2026");
    }

    [Fact]
    public void The_class_gives_a_policy_for_each_environment_that_is_named()
    {
        var files = Files(Attribute());

        Assert.Equal(
            [
                "policies/prod/cosign/contosoproduseast.azurecr.io/team/shop/api.rego",
                "policies/prod/cosign/contosoproduseast.azurecr.io/team/shop/worker.rego",
                "policies/prod/cosign/contosoprodwesteurope.azurecr.io/team/shop/api.rego",
                "policies/prod/cosign/contosoprodwesteurope.azurecr.io/team/shop/worker.rego",
                "policies/prod/kyverno-bundle.yaml",
                "policies/test/cosign/contosotest.azurecr.io/team/shop/api.rego",
                "policies/test/cosign/contosotest.azurecr.io/team/shop/worker.rego",
                "policies/test/kyverno-bundle.yaml",
            ],
            files.Select(file => file.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Registries_are_those_of_the_pipeline_unless_the_attribute_has_its_own()
    {
        var attribute = Attribute();
        attribute.Registry = "registry.contoso.com/{environment}";

        var policy = ContentOf(Files(attribute), "policies/prod/kyverno-bundle.yaml");

        Assert.Contains("oci://registry.contoso.com/prodwesteurope/shop/api\n", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("azurecr.io", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Registries_of_a_workflow_are_those_of_the_policies()
    {
        var files = Attribute().CreateFiles(new BuildWithWorkflow(), []).EnsureValid();

        Assert.Contains("oci://ghcr.io/test/app\n", ContentOf(files, "policies/test/kyverno-bundle.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_hook_changes_one_environment()
    {
        var files = Files(Attribute());

        Assert.Contains("          - shop-prod\n", ContentOf(files, "policies/prod/kyverno-bundle.yaml"), StringComparison.Ordinal);
        Assert.Contains("          - shop\n", ContentOf(files, "policies/test/kyverno-bundle.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_attribute_is_what_the_policy_says()
    {
        var attribute = Attribute();
        attribute.Engines = AdmissionEngines.All;
        attribute.VerifierId = "https://contoso.com/verifier";
        attribute.AllowedImages = ["mcr.microsoft.com/oss/*"];
        attribute.RefuseBreakGlass = true;
        attribute.NotationSubject = "C=DE, ST=Berlin, O=Contoso, CN={environment}";
        attribute.NotationTrustStore = "contoso-{environment}";
        var files = Files(attribute);
        var bundle = ContentOf(files, "policies/prod/kyverno-bundle.yaml");
        var trust = ContentOf(files, "policies/prod/trustpolicy.json");

        Assert.All(
            (string[])["https://contoso.com/verifier", "mcr.microsoft.com/oss/*", "GANTRY_PROMOTED"],
            part => Assert.Contains(part, bundle, StringComparison.Ordinal));
        Assert.Contains("CN=prod", trust, StringComparison.Ordinal);
        Assert.Contains("ca:contoso-prod", trust, StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_without_a_key_is_an_error_and_so_are_all_others()
    {
        Directory.Delete(Path.Combine(_root.Path, "test"), recursive: true);
        var result = Attribute().CreateFiles(_build, []);

        Assert.Empty(result.Files);
        Assert.Equal("GAN8300", Assert.Single(result.Errors).Code);
        Assert.Equal("GAN8300", Assert.Throws<GantryException>(result.EnsureValid).Code);
        Assert.Contains("[AdmissionPolicies] test", result.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_cannot_be_read_is_named()
    {
        File.WriteAllText(Path.Combine(_root.Path, "prod", "2027.pub"), "Until: tomorrow\n" + TestKey());

        Assert.Equal("GAN4222", Assert.Single(Attribute().CreateFiles(_build, []).Errors).Code);
    }

    [Fact]
    public void A_revoked_key_leaves_the_policy()
    {
        var revoked = WriteKey("prod", "2025", "Revoked: lost\n");
        var policy = ContentOf(Files(Attribute()), "policies/prod/kyverno-bundle.yaml");

        Assert.DoesNotContain(revoked.Split('\n')[1], policy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_in_a_folder_is_left_out_with_a_warning()
    {
        var attribute = Attribute();
        attribute.Registry = "oci:registries/{environment}";
        var result = attribute.CreateFiles(_build, []);

        Assert.Empty(result.EnsureValid());
        Assert.Null(result.Orphans);
        Assert.Equal(["GAN8302", "GAN8302"], result.Diagnostics.Select(diagnostic => diagnostic.Code));
    }

    [Fact]
    public void An_unknown_address_is_an_error()
    {
        var result = Attribute().CreateFiles(new BuildWithoutAddresses(), []);

        Assert.Equal(["GAN8301", "GAN8301"], result.Errors.Select(error => error.Code));
    }

    [Fact]
    public void An_unknown_environment_is_an_error()
    {
        var attribute = Attribute();
        attribute.Environments = ["production"];

        Assert.Equal("GAN4008", Assert.Throws<GantryException>(() => attribute.CreateFiles(_build, [])).Code);
    }

    [Fact]
    public async Task A_changed_policy_is_a_difference_and_is_written_again()
    {
        var result = Attribute().CreateFiles(_build, []);
        GeneratedFiles.Write(result, _root.Path);
        Assert.Empty(await GeneratedFiles.CompareAsync(result, _root.Path, CancellationToken.None));

        var bundle = Path.Combine(_root.Path, "policies/prod/kyverno-bundle.yaml");
        await File.WriteAllTextAsync(bundle, (await File.ReadAllTextAsync(bundle)).Replace("Enforce", "Audit", StringComparison.Ordinal));
        File.Delete(Path.Combine(_root.Path, "policies/test/kyverno-bundle.yaml"));
        var differences = await GeneratedFiles.CompareAsync(result, _root.Path, CancellationToken.None);

        Assert.Equal(
            [("policies/prod/kyverno-bundle.yaml", FileState.Stale), ("policies/test/kyverno-bundle.yaml", FileState.Missing)],
            differences.Select(difference => (difference.Path, difference.State)).Order());
        Assert.Contains("+      failureAction: Enforce", differences[0].Diff, StringComparison.Ordinal);
        Assert.Equal("GAN8061", GeneratedFiles.ToException(differences).Code);
        Assert.Equal(2, GeneratedFiles.Write(result, _root.Path).Count);
    }

    [Fact]
    public void A_new_key_is_a_difference()
    {
        GeneratedFiles.Write(Attribute().CreateFiles(_build, []), _root.Path);
        WriteKey("prod", "2027");

        var written = GeneratedFiles.Write(Attribute().CreateFiles(_build, []), _root.Path);

        Assert.Equal(5, written.Count);
        Assert.All(written, path => Assert.StartsWith("policies/prod/", path, StringComparison.Ordinal));
    }

    [Fact]
    public void The_policies_of_an_environment_that_is_left_out_are_orphaned_and_files_of_people_stay()
    {
        GeneratedFiles.Write(Attribute().CreateFiles(_build, []), _root.Path);
        _root.Write("policies/test/own.yaml", "kind: ClusterPolicy\n"u8);
        _root.Write("policies/pipeline.yml", "# Generated by Gantry from build/Build.cs: change that file, not this one.\n\nsteps: []\n"u8);
        var attribute = Attribute();
        attribute.Environments = ["prod"];

        var written = GeneratedFiles.Write(attribute.CreateFiles(_build, []), _root.Path);

        Assert.Equal(
            [
                "policies/test/cosign/contosotest.azurecr.io/team/shop/api.rego",
                "policies/test/cosign/contosotest.azurecr.io/team/shop/worker.rego", "policies/test/kyverno-bundle.yaml",
            ],
            written);
        Assert.True(File.Exists(_root.Combine("policies/test/own.yaml")));
        Assert.True(File.Exists(_root.Combine("policies/pipeline.yml")));
    }

    [Fact]
    public void The_host_is_no_build_server()
    {
        var attribute = new AdmissionPoliciesAttribute();

        Assert.EndsWith("AdmissionPolicies", attribute.Id, StringComparison.Ordinal);
        Assert.False(((IConfigurationGenerator)attribute).AutoGenerate);
        Assert.NotNull(typeof(BuildWithPolicies).GetCustomAttribute<AdmissionPoliciesAttribute>());
    }

    public void Dispose() => _root.Dispose();

    private static string TestKey()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        return VerificationKey.Of(key, "the test").ToPem();
    }

    private static string ContentOf(IEnumerable<GeneratedFile> files, string path) => files.Single(file => file.Path == path).Content;

    private IReadOnlyList<GeneratedFile> Files(AdmissionPoliciesAttribute attribute) => attribute.CreateFiles(_build, []).EnsureValid();

    private AdmissionPoliciesAttribute Attribute() => new()
    {
        Environments = ["test", "prod"],
        Keys = _root.Path + "/{environment}",
        Namespaces = ["shop"],
    };

    private string WriteKey(string environment, string name, string lines = "")
    {
        var pem = TestKey();
        Directory.CreateDirectory(Path.Combine(_root.Path, environment));
        File.WriteAllText(Path.Combine(_root.Path, environment, name + ".pub"), lines + pem);
        return pem;
    }

    [PromotionPipeline(Registry = "contoso{environment}.azurecr.io/team", ServiceConnection = "contoso-{environment}")]
    [AdmissionPolicies(Environments = ["test", "prod"])]
    private sealed class BuildWithPolicies : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote, IGenerateFiles
    {
        public IReadOnlyList<ContainerImage> Images => [new("shop/api"), new("shop/worker")];

        public PromotionEnvironment DevEnvironment => new("dev");

        public PromotionEnvironment TestEnvironment => new("test") { After = DevEnvironment };

        public PromotionEnvironment ProdEnvironment => new("prod") { After = TestEnvironment, Regions = ["west-europe", "us-east"] };

        public Configure<AdmissionTarget> AdmissionSettings => _ => _.Environment == "prod" ? _ with { Namespaces = ["shop-prod"] } : _;

        public Target PromoteDev => _ => _.Promote(this, DevEnvironment);

        public Target PromoteTest => _ => _.Promote(this, TestEnvironment);

        public Target PromoteProd => _ => _.Promote(this, ProdEnvironment);
    }

    [PromotionWorkflow(Registry = "ghcr.io/{environment}")]
    private sealed class BuildWithWorkflow : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
    {
        public IReadOnlyList<ContainerImage> Images => [new("app")];

        public PromotionEnvironment TestEnvironment => new("test");

        public PromotionEnvironment ProdEnvironment => new("prod") { After = TestEnvironment };

        public Target PromoteTest => _ => _.Promote(this, TestEnvironment);

        public Target PromoteProd => _ => _.Promote(this, ProdEnvironment);
    }

    private sealed class BuildWithoutAddresses : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
    {
        public IReadOnlyList<ContainerImage> Images => [new("app")];

        public PromotionEnvironment ProdEnvironment => new("prod");

        public PromotionEnvironment TestEnvironment => new("test");

        public Target PromoteProd => _ => _.Promote(this, ProdEnvironment);

        public Target PromoteTest => _ => _.Promote(this, TestEnvironment);
    }
}

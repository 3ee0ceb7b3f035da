using Gantry.AzurePipelines;
using System.Reflection;
using CsCheck;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.Nuke.Environments;

namespace Gantry.Nuke.Tests.Generation;

/// <summary>The generation of pipelines from a build class and its attribute.</summary>
public class PipelineGenerationTests
{
    public static TheoryData<string> FullFiles => new(Generate<FullBuild>().EnsureValid().Select(file => file.Path));

    [Theory]
    [MemberData(nameof(FullFiles))]
    public async Task All_options_of_a_build_class_are_generated(string path)
    {
        var settings = new VerifySettings();
        settings.UseDirectory("Snapshots");
        settings.UseFileName("full." + Path.GetFileNameWithoutExtension(path));
        await Verifier.Verify(
            Generate<FullBuild>().Files.Single(file => file.Path == path).Content, Path.GetExtension(path).TrimStart('.'), settings);
    }

    [Fact]
    public void A_minimal_build_class_is_enough()
    {
        var result = Generate<MinimalBuild>();
        Assert.Equal(["azure-pipelines.yml", "azure-environments.json"], result.EnsureValid().Select(file => file.Path));
        Assert.Equal("GAN8044", Assert.Single(result.Diagnostics).Code);

        // The class has no verification and no tests, so its pipeline has none.
        Assert.Contains("./build.sh PublishImages\n", result.Files[0].Content, StringComparison.Ordinal);
        Assert.DoesNotContain("PublishTestResults", result.Files[0].Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_class_adds_steps_of_its_own() => Assert.Contains(
        "    - bash: npm ci\n      env:\n"
            + "        ${{ if or(eq(variables['System.PullRequest.IsFork'], 'False'), "
            + "not(startsWith(variables['Build.SourceBranch'], 'refs/pull/'))) }}:\n          NpmToken: $(NpmToken)\n"
            + "    - bash: ./build.sh VerifyGenerated PublishImages\n",
        Text(Generate<BuildWithOwnStep>()),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(BuildWithoutPromotion), "GAN7030")]
    [InlineData(typeof(BuildWithoutEnvironment), "GAN4003")]
    [InlineData(typeof(BuildWithoutTarget), "GAN7011")]
    [InlineData(typeof(BuildWithUnknownEnvironment), "GAN4008")]
    public void An_invalid_build_class_has_a_coded_error(Type build, string code)
    {
        var instance = (NukeBuild)Activator.CreateInstance(build)!;
        var error = Assert.Throws<GantryException>(() => AttributeOf(instance).CreateFiles(instance, []));
        Assert.Equal(code, error.Code);
    }

    [Theory]
    [InlineData("dev", "GAN7011", "Target PromoteDev ")]
    [InlineData("dev one", "GAN4004", "use letters and digits, in words separated by '-' or '_'")]
    [InlineData("eu.dev", "GAN4004", "use letters and digits, in words separated by '-' or '_'")]
    public void A_target_is_asked_for_only_under_a_name_that_it_can_have(string environment, string code, string remedy)
    {
        var error = Assert.Throws<GantryException>(() => EnvironmentDeclarations.TargetOf(new BuildWithoutTarget(), new(environment)));
        Assert.Equal(code, error.Code);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void NUKE_does_not_generate_by_itself()
    {
        var attribute = new PromotionPipelineAttribute();
        Assert.True(attribute.AutoGenerate);
        Assert.False(((IConfigurationGenerator)attribute).AutoGenerate);
        Assert.Equal("AzurePipelines", attribute.Id);
        Assert.Equal("Terminal_RunConfigurations", new RunConfigurationsAttribute().Id);
    }

    [Theory]
    [InlineData(new string[0], new[] { "sha256-*", "sha512-*" })]
    [InlineData(new[] { "*-rc*", "sha256-*" }, new[] { "*-rc*", "sha256-*", "sha512-*" })]
    public void Tags_of_attachments_never_start_a_release(string[] exclude, string[] expected) =>
        Assert.Equal(
            expected,
            PipelineDeclarations.Of(new MinimalBuild(), new() { Release = ReleaseTrigger.ImagePush, ReleaseTagsExclude = exclude })
                .ReleasePipeline!.Tags.Exclude);

    [Theory]
    [InlineData(new[] { "main", "topic/*" }, new[] { "main" }, "main")]
    [InlineData(new[] { "release/*" }, new string[0], "release/*")]
    [InlineData(new string[0], new string[0], "main")]
    public void The_release_pipeline_follows_builds_of_promoted_branches(string[] triggers, string[] promoted, string expected) =>
        Assert.Equal(
            [expected],
            PipelineDeclarations.Of(new MinimalBuild(), new()
            {
                Release = ReleaseTrigger.BuildCompletion,
                TriggerBranches = triggers,
                PromotedBranches = promoted,
            }).ReleasePipeline!.BuildBranches.Include);

    [Fact]
    public void An_attribute_names_the_logins_of_registries()
    {
        IEnumerable<RegistryLogin?> Logins(PromotionPipelineAttribute attribute)
        {
            var declaration = PipelineDeclarations.Of(new MinimalBuild(), attribute);
            return declaration.Environments.SelectMany(environment => environment.Registries)
                .Prepend(declaration.BaseRegistry)
                .Take(2)
                .Select(registry => registry.Login);
        }

        Assert.Equal(
            [RegistryLogin.Docker("contoso-base-docker"), RegistryLogin.Docker("contoso-dev-docker")],
            Logins(new() { RegistryConnection = "contoso-{environment}-docker" }));
        Assert.Equal(
            [RegistryLogin.Password("robot$base"), RegistryLogin.Password("robot$dev")],
            Logins(new() { RegistryUser = "robot${environment}" }));
        Assert.Equal([null, null], Logins(new()));
        var error = Assert.Throws<GantryException>(() =>
            PipelineDeclarations.Of(new MinimalBuild(), new() { RegistryConnection = "a", RegistryUser = "b" }));
        Assert.Equal("GAN8082", error.Code);
    }

    [Fact]
    public void Any_attribute_gives_valid_files() => Attributes.Sample(attribute =>
    {
        var build = new MinimalBuild();
        var declaration = PipelineDeclarations.Of(build, attribute);
        var result = PipelineGenerator.Generate(declaration);

        Assert.True(result.Errors.Count == 0, string.Join('\n', result.Errors));
        Assert.Equal(result.Files, PipelineGenerator.Generate(PipelineDeclarations.Of(build, attribute)).Files);
        Assert.Contains(result.Files, file => file.Path == attribute.File);
        Assert.Equal(attribute.TriggerBranches, declaration.Triggers.Branches);
        Assert.Equal(
            attribute.ServiceConnection?.Replace("{environment}", "dev", StringComparison.Ordinal),
            declaration.Environments[0].ServiceConnection);
        Assert.Equal(attribute.Registry?.Replace("{environment}", "base", StringComparison.Ordinal), declaration.BaseRegistry.Address);
        Assert.Equal(attribute.Pool is { } pool ? pool : null, (declaration.Pool as NamedPool)?.Name);
        Assert.All(
            attribute.BuildSecrets.Concat(attribute.PublishSecrets),
            secret => Assert.Contains($"$({secret})", Text(result), StringComparison.Ordinal));
        Assert.All(attribute.ImportVariableGroups, group => Assert.Contains($"- group: {group}\n", Text(result), StringComparison.Ordinal));
    });

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcdefgh"], 2, 6];

    private static Gen<PromotionPipelineAttribute> Attributes =>
        from folder in Gen.OneOf(Gen.Const(""), Gen.Const("ci/"), Gen.Const("a/b/"))
        from branches in Word.Array[0, 3]
        from tags in Word.Array[0, 2]
        from flags in Gen.Bool.Array[6]
        from transport in Gen.Enum<ImageTransport>()
        from release in Gen.Enum<ReleaseTrigger>()
        from pool in Word
        from names in Word.Array[4]
        from submodules in Gen.Enum<SubmoduleCheckout>()
        select Fill(
            new PromotionPipelineAttribute
            {
                File = folder + names[0] + ".yml",
                TriggerBranches = branches,
                TriggerTags = tags,
                PromotedBranches = branches.Length + tags.Length == 0 ? [names[0]] : [],
                TriggerBatch = flags[0],
                TriggerBranchesExclude = flags[1] ? tags : [],
                PullRequestsBranches = flags[2] ? branches : [],
                PullRequestsPathsExclude = flags[1] ? names : [],
                PullRequestsDrafts = flags[3],
                Submodules = submodules,
                LargeFiles = flags[4],
                CachePaths = flags[5] ? names : [],
                Registry = $"{names[1]}{{environment}}.azurecr.io",
                ServiceConnection = $"{names[2]}-{{environment}}",
                ResourceGroup = names[3],
                Transport = transport,
                Pool = flags[3] ? pool : null,
                Demands = flags[3] ? names : [],
                ImportVariableGroups = flags[4] ? [names[1]] : [],
                BuildSecrets = flags[5] ? ["Key" + names[0]] : [],
                PublishSecrets = flags[4] ? ["Key" + names[1]] : [],
                PromoteAfterBuild = release == ReleaseTrigger.Manual,
                UseTemplates = flags[0],
                ReleaseAfter = names[2],
            },
            // Images in artifacts are found only through their build.
            transport == ImageTransport.Artifact && release != ReleaseTrigger.BuildCompletion ? null : release);

    private static PromotionPipelineAttribute Fill(PromotionPipelineAttribute attribute, ReleaseTrigger? release)
    {
        if (release is { } trigger)
            attribute.Release = trigger;
        return attribute;
    }

    private static GenerationResult Generate<T>()
        where T : NukeBuild, new()
    {
        var build = new T();
        return AttributeOf(build).CreateFiles(build, []);
    }

    private static PromotionPipelineAttribute AttributeOf(NukeBuild build) =>
        build.GetType().GetCustomAttribute<PromotionPipelineAttribute>()!;

    private static string Text(GenerationResult result) => string.Concat(result.Files.Select(file => file.Content));
}

using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>Stages of a team's own among the generated ones, and more jobs of the build.</summary>
public class OwnStagesTests
{
    private static readonly PipelineDeclaration Contoso = SampleDeclarations.Contoso;
    private static readonly Job[] Jobs = [new("Run") { Steps = [Step.Script("x")] }];

    /// <summary>The stages, the code, the path and a part of the message.</summary>
    public static TheoryData<string, OwnStage[], string, string, string> Broken => new()
    {
        { "no place", [new("Own") { Jobs = Jobs }], "GAN8093", "Stages[\"Own\"]", "the stage 'Own' has no place among the others" },
        {
            "after none", [new("Own") { After = "PromotTest", Jobs = Jobs }], "GAN8093", "Stages[\"Own\"]",
            "'PromotTest', which no pipeline has (Stages[\"Own\"]); use one of Build, Publish, PromoteDev, PromoteTest"
        },
        {
            "before none", [new("Own") { Before = "PromotTest", Jobs = Jobs }], "GAN8093", "Stages[\"Own\"]", "'PromotTest'"
        },
        {
            "a circle", [new("Own") { After = "PromoteProd", Before = "PromoteTest", Jobs = Jobs }], "GAN8005", "Stages[\"Own\"]",
            "PromoteProd"
        },
        { "after itself", [new("Own") { After = "Own", Jobs = Jobs }], "GAN8005", "Stages[\"Own\"]", "Own after Own" },
        {
            "two of each other",
            [new("A") { After = "B", Jobs = Jobs }, new("B") { After = "A", Jobs = Jobs }], "GAN8005", "Stages[\"A\"]", "A after B after A"
        },
        {
            "a name of ours", [new("promotetest") { After = "Build", Jobs = Jobs }], "GAN8002", "Stages[\"promotetest\"]",
            "the stage 'promotetest' appears more than once"
        },
        {
            "a name twice",
            [new("Own") { After = "Build", Jobs = Jobs }, new("Own") { After = "Publish", Jobs = Jobs }], "GAN8002", "Stages[\"Own\"]",
            "more than once"
        },
        { "no jobs", [new("Own") { After = "Build" }], "GAN8009", "Stages[\"Own\"]", "jobs" },
        { "a hyphen", [new("My-Own") { After = "Build", Jobs = Jobs }], "GAN8001", "Stages[\"My-Own\"]", "'My-Own'" },
        {
            "a condition that is none", [new("Own") { After = "Build", Condition = "eq(1", Jobs = Jobs }], "GAN8011", "Stages[\"Own\"]",
            "eq(1"
        },
        {
            "a secret in a text", [new("Own") { After = "Build", Jobs = [new("A") { Steps = [Step.Script("$(System.AccessToken)")] }] }],
            "GAN8022", "Stages[\"Own\"].Jobs[0].Steps[0]", "System.AccessToken"
        },
        {
            "YAML with dependencies", [OwnStage.Yaml("Own", "stage: Own\ndependsOn: Build") with { After = "Build" }], "GAN8091",
            "Stages[\"Own\"]", "After and Before"
        },
        {
            "YAML of another name", [OwnStage.Yaml("Own", "stage: Other") with { After = "Build" }], "GAN8091", "Stages[\"Own\"]",
            "it is the stage 'Other' and not 'Own'"
        },
        {
            "YAML of a job", [OwnStage.Yaml("Own", "job: Own") with { After = "Build" }], "GAN8091", "Stages[\"Own\"]",
            "'job' is no stage"
        },
        {
            "YAML with a key twice", [OwnStage.Yaml("Own", "stage: Own\njobs: []\njobs: []") with { After = "Build" }], "GAN8091",
            "Stages[\"Own\"]", "the key 'jobs' is there twice (line 3)"
        },
        {
            "a secret in a key without type",
            [OwnStage.Yaml("Own", "stage: Own\ntemplateContext: $(System.AccessToken)") with { After = "Build", Jobs = Jobs }], "GAN8022",
            "Stages[\"Own\"]", "the stage 'Own'"
        },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Stages_are_validated(string name, OwnStage[] stages, string code, string path, string message)
    {
        Assert.NotEmpty(name);
        var result = PipelineGenerator.Generate(Contoso.WithStages(stages));
        Assert.Contains(
            result.Errors,
            error => error.Code == code && error.DeclarationPath == path && error.Message.Contains(message, StringComparison.Ordinal));
        Assert.Empty(result.Files);
    }

    [Fact]
    public void A_stage_of_pipelines_apart_is_refused()
    {
        var result = PipelineGenerator.Generate((Contoso with { ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual } })
            .WithStages(new OwnStage("Own") { After = "FindRelease", Before = "Publish", Jobs = Jobs }));
        Assert.Contains(result.Errors, error => error.Code == "GAN8093" && error.Problem.Contains("together", StringComparison.Ordinal));
    }

    [Fact]
    public void What_comes_after_waits_for_the_stage_and_its_result()
    {
        var yaml = Generate(OwnDeclarations.Stages with { UseTemplates = false }, "azure-pipelines.yml");
        var own = StageOf(yaml, "SmokeTest");
        Assert.Contains("- Publish\n    - PromoteTest\n", own, StringComparison.Ordinal);
        Assert.Contains(
            "condition: and(not(canceled()), in(dependencies.PromoteTest.result, 'Succeeded', 'SucceededWithIssues'))\n",
            own,
            StringComparison.Ordinal);
        Assert.Contains("isSkippable: false\n", own, StringComparison.Ordinal);
        var after = StageOf(yaml, "PromoteProd");
        Assert.Contains("- SmokeTest\n", after, StringComparison.Ordinal);
        Assert.Contains("in(dependencies.SmokeTest.result, 'Succeeded', 'SucceededWithIssues'))\n", after, StringComparison.Ordinal);
        Assert.DoesNotContain("isSkippable", StageOf(yaml, "Archive"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_alone_does_not_wait_for_stages_between_those_before_it()
    {
        var yaml = Generate(OwnDeclarations.Stages with { UseTemplates = false }, "azure-pipelines.release.yml");
        Assert.Contains(
            "or(and(eq('${{ parameters.environment }}', 'prod'), eq(dependencies.SmokeTest.result, 'Skipped')), "
                + "in(dependencies.SmokeTest.result, 'Succeeded', 'SucceededWithIssues'))",
            StageOf(yaml, "PromoteProd"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("stage: Scan\n", yaml, StringComparison.Ordinal);
    }

    // A stage that does not run where one environment is chosen is skipped; one that ran and failed stops the promotion.
    [Fact]
    public void A_stage_that_starts_at_the_release_is_needed_for_every_environment()
    {
        var declaration = SampleDeclarations.ReleaseByHand with { UseTemplates = false };
        var yaml = Generate(
            declaration.WithStages(
                new OwnStage("First") { After = "FindRelease", Jobs = [new("A") { Steps = [Step.Script("x")] }] },
                new OwnStage("Second") { After = "First", Before = "PromoteProd", Jobs = [new("A") { Steps = [Step.Script("x")] }] }),
            "azure-pipelines.release.yml");
        var prod = StageOf(yaml, "PromoteProd");
        Assert.Contains(", in(dependencies.Second.result, 'Succeeded', 'SucceededWithIssues'))\n", prod, StringComparison.Ordinal);
        Assert.DoesNotContain("dependencies.Second.result, 'Skipped'", prod, StringComparison.Ordinal);
    }

    [Fact]
    public void Publishing_waits_for_every_job_of_the_build()
    {
        var yaml = Generate(OwnDeclarations.Jobs with { UseTemplates = false }, "azure-pipelines.yml");
        var build = StageOf(yaml, "Build");
        Assert.Contains("- job: Windows\n", build, StringComparison.Ordinal);
        Assert.Contains("- pwsh: ./build.ps1 Test\n", build, StringComparison.Ordinal);
        Assert.Contains("- bash: ./build.sh LoadTest --skip\n", build, StringComparison.Ordinal);
        Assert.Equal(build.IndexOf("./scan.sh", StringComparison.Ordinal), build.LastIndexOf("./scan.sh", StringComparison.Ordinal));
        Assert.Contains(
            "in(dependencies.Build.result, 'Succeeded', 'SucceededWithIssues')", StageOf(yaml, "Publish"), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_of_a_vault_are_read_where_steps_name_them_and_in_no_fork()
    {
        var yaml = Generate(OwnDeclarations.Jobs with { UseTemplates = false }, "azure-pipelines.yml");
        const string inNoFork = $"- ${{{{ if {Step.IsNotFork} }}}}:\n- task: AzureKeyVault@2";
        Assert.Equal(2, yaml.Split("KeyVaultName: contoso-secrets").Length - 1);
        Assert.Contains("SecretsFilter: SonarToken\n", yaml, StringComparison.Ordinal);
        Assert.Contains("SecretsFilter: feed-key\n", yaml, StringComparison.Ordinal);
        Assert.Equal(2, yaml.Replace("  ", "", StringComparison.Ordinal).Split(inNoFork).Length - 1);
        Assert.Contains("SecretsFilter: PagerKey\n", StageOf(yaml, "PromoteProd"), StringComparison.Ordinal);
        Assert.DoesNotContain("AzureKeyVault", StageOf(yaml, "Publish") + StageOf(yaml, "PromoteTest"), StringComparison.Ordinal);
    }

    /// <summary>The declaration, the code and a part of the message.</summary>
    public static TheoryData<string, PipelineDeclaration, string, string> Wrong => new()
    {
        { "a vault without secrets", Contoso with { KeyVaults = [new("v", "c")] }, "GAN8009", "'v'" },
        { "a vault from a variable", Contoso with { KeyVaults = [new("$(v)", "c", "S")] }, "GAN8017", "'$(v)'" },
        { "a secret of another name", Contoso with { KeyVaults = [new("v", "c", "my_secret")] }, "GAN8001", "'my_secret'" },
        { "a secret of two vaults", Contoso with { KeyVaults = [new("v", "c", "S"), new("w", "c", "s")] }, "GAN8002", "'S'" },
        {
            "a secret of a vault in a text", (Contoso with { KeyVaults = [new("v", "c", "S")] }).WithStage("Build", Step.Script("x $(S)")),
            "GAN8022", "the secret 'S'"
        },
        { "a choice twice", Contoso with { Parameters = [new("promoteTo")] }, "GAN8002", "'promoteTo'" },
        { "a choice that is none", Contoso with { Parameters = [new("A") { Default = "x", Values = ["y"] }] }, "GAN8025", "'x'" },
        { "a job of the build's name", Contoso with { BuildJobs = [new("build", new BuildStep("T"))] }, "GAN8002", "'Build'" },
        { "a job without calls", Contoso with { BuildJobs = [new("Windows")] }, "GAN8009", "'Windows'" },
        {
            "a job with a shell of one system",
            Contoso with { BuildJobs = [new("Windows", new BuildStep("T")) { Shell = ScriptShell.Script }] }, "GAN8053", "'Script'"
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Vaults_choices_and_jobs_are_validated(string name, PipelineDeclaration declaration, string code, string problem)
    {
        Assert.NotEmpty(name);
        Assert.Contains(
            PipelineGenerator.Generate(declaration).Errors,
            error => error.Code == code && error.Problem.Contains(problem, StringComparison.Ordinal));
    }

    private static string Generate(PipelineDeclaration declaration, string path) =>
        PipelineGenerator.Generate(declaration).EnsureValid().Single(file => file.Path == path).Content;

    private static string StageOf(string yaml, string name)
    {
        var from = yaml.IndexOf($"- stage: {name}\n", StringComparison.Ordinal);
        Assert.True(from >= 0, $"no stage {name} in\n{yaml}");
        var to = yaml.IndexOf("- stage: ", from + 1, StringComparison.Ordinal);
        return to < 0 ? yaml[from..] : yaml[from..to];
    }
}

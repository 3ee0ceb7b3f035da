using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>Own steps, jobs and variables in generated stages, and pipelines of targets.</summary>
public class OwnStepsTests
{
    private static readonly PipelineDeclaration Contoso = SampleDeclarations.Contoso;

    /// <summary>The declaration, the code, the path and a part of the message.</summary>
    public static TheoryData<string, PipelineDeclaration, string, string, string> Broken => new()
    {
        {
            "a stage that no pipeline has", Contoso.WithStage("PromotProd", Step.Script("x")), "GAN8056", "Additions[\"PromotProd\"]",
            "no pipeline has the stage 'PromotProd' that something is added to (Additions[\"PromotProd\"]); "
                + "use one of Build, Publish, PromoteDev, PromoteTest, SoakProd, PromoteProd."
        },
        {
            "a stage of a pipeline that is not declared", Contoso.WithStage("FindRelease", Step.Script("x")), "GAN8056",
            "Additions[\"FindRelease\"]", "'FindRelease'"
        },
        {
            "a job that the stage does not have",
            SampleDeclarations.Regions with { Additions = [new("PromoteProd") { Job = "PromoteAsia", StepsAfter = [Step.Script("x")] }] },
            "GAN8057",
            "Additions[\"PromoteProd\"]", "use one of PromoteWestEurope, PromoteEastUs"
        },
        {
            "a task without version", Contoso.WithStage("Build", Step.Task("Npm")), "GAN8024", "Additions[\"Build\"].StepsBefore[0]",
            "'Npm'"
        },
        {
            "an empty script", Contoso.WithStage("Build", Step.Script("x"), Step.Script("")), "GAN8009",
            "Additions[\"Build\"].StepsBefore[1]",
            "script"
        },
        {
            "a condition that is none", Contoso.WithStage("Build", Step.Script("x") with { Condition = "eq(1" }), "GAN8011",
            "Additions[\"Build\"].StepsBefore[0]", "'eq(1'"
        },
        {
            "a secret on a command line",
            Contoso.WithStage("Build", Step.Script("curl $(Key)"), Step.Script("x") with { Secrets = ["Key"] }),
            "GAN8022", "Additions[\"Build\"].StepsBefore[0]", "the secret 'Key'"
        },
        {
            "an artifact that the build publishes",
            Contoso.WithStage("Build", Step.Publish("x", "Built-$(System.StageAttempt)")),
            "GAN8018", "Stages[\"Build\"].Jobs[\"Build\"].Steps[8]", "published more than once"
        },
        {
            "a service connection from a variable", Contoso.WithStage("Build", Step.Task("Docker@2", ("containerRegistry", "$(x)"))),
            "GAN8017",
            "Additions[\"Build\"].StepsBefore[0]", "containerRegistry"
        },
        {
            "a script where no agent is", Contoso.WithStage("SoakProd", Step.Script("x")), "GAN8015",
            "Additions[\"SoakProd\"].StepsBefore[0]",
            "no agent"
        },
        {
            "a variable of the agent", Contoso.WithStage("Build", build => build with { Variables = [new("PathToX", "y")] }), "GAN8021",
            "Additions[\"Build\"].Variables", "'PathToX'"
        },
        {
            "a job after none",
            Contoso.WithStage("Build", build => build with { Jobs = [new("Own") { DependsOn = ["Bild"], Steps = [Step.Script("x")] }] }),
            "GAN8004", "Additions[\"Build\"].Jobs[0]", "'Bild'"
        },
        {
            "an output that no step has",
            Contoso.WithStage("Build", build => build with
            {
                Jobs =
                [
                    new("Own")
                    {
                        DependsOn = ["Build"],
                        Variables = [new("v", "$[ dependencies.Build.outputs['relaese.version'] ]")],
                        Steps = [Step.Script("x")],
                    },
                ],
            }),
            "GAN8014", "Additions[\"Build\"].Jobs[0]", "'relaese'"
        },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Additions_are_validated(string name, PipelineDeclaration declaration, string code, string path, string message)
    {
        Assert.NotEmpty(name);
        var result = PipelineGenerator.Generate(declaration);
        var found = Assert.Single(result.Errors, error => error.Code == code);
        Assert.Equal(path, found.DeclarationPath);
        Assert.Contains(message, found.Message, StringComparison.Ordinal);
        Assert.Empty(result.Files);
    }

    [Fact]
    public void Steps_are_placed_around_those_of_the_build()
    {
        var yaml = Pipeline(Contoso.WithStage("build", build => build with
        {
            StepsBefore = [Step.Script("own-before")], StepsAfter = [Step.Script("own-after")], OnFailure = [Step.Script("own-failure")],
        }));
        AssertInOrder(
            yaml, "checkout: self", "Cache@2", "bash: own-before", "./build.sh PublishImages Test", "PublishTestResults@2",
            "./build.sh BuildImage --skip",
            "bash: own-after", "artifact: built-", "bash: own-failure\n      condition: failed()", "stage: Publish",
            "stage: PromoteDev");
    }

    [Fact]
    public void A_promotion_has_own_steps_between_its_artifacts_and_its_end()
    {
        var yaml = Pipeline(Contoso.WithStage(
            "PromoteTest", test => test with { StepsBefore = [Step.Script("own-before")], StepsAfter = [Step.Script("own-after")] }));
        AssertInOrder(
            yaml,
            "stage: PromoteTest",
            "DownloadPipelineArtifact@2",
            "bash: own-before",
            "./build.sh PromoteTest --skip",
            "bash: own-after",
            "stage: SoakProd");
    }

    [Fact]
    public void One_job_of_several_can_be_named()
    {
        var yaml = Pipeline(SampleDeclarations.Regions with
        {
            Additions = [new("PromoteProd") { Job = "promoteeastus", StepsAfter = [Step.Script("own")] }],
        });
        AssertInOrder(yaml, "deployment: PromoteWestEurope", "deployment: PromoteEastUs", "bash: own");
        Assert.Equal(yaml.IndexOf("bash: own", StringComparison.Ordinal), yaml.LastIndexOf("bash: own", StringComparison.Ordinal));
        yaml = Pipeline(SampleDeclarations.Regions.WithStage("PromoteProd", Step.Script("own")));
        AssertInOrder(yaml, "deployment: PromoteWestEurope", "bash: own", "deployment: PromoteEastUs", "bash: own");
    }

    [Fact]
    public void Steps_are_added_to_a_stage_in_both_pipelines()
    {
        var files = PipelineGenerator.Generate(
            (Contoso with { ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual } }).WithStage("PromoteDev", Step.Script("own")))
            .EnsureValid();
        Assert.All(
            files.Where(file => file.Path.EndsWith(".yml", StringComparison.Ordinal)),
            file => Assert.Contains("bash: own\n", file.Content, StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_addition_changes_the_first()
    {
        var declaration = Contoso.WithStage("Build", Step.Script("first"))
            .WithStage("BUILD", build => build with { StepsBefore = [.. build.StepsBefore, Step.Script("second")] });
        AssertInOrder(Pipeline(declaration), "bash: first", "bash: second", "./build.sh PublishImages");
        Assert.Single(declaration.Additions);
    }

    [Fact]
    public void A_secret_is_mapped_once_and_for_its_step_only()
    {
        var step = Step.Script("x") with
        {
            Secrets = ["NpmToken", "npmtoken", "System.AccessToken", "Other"],
            Environment = [new("OTHER", "a")],
        };
        var yaml = Pipeline(Contoso.WithStage("Build", step));
        AssertInOrder(
            yaml,
            "- bash: x\n      env:\n        OTHER: a\n        ${{ if " + Step.IsNotFork + " }}:\n"
                + "          NpmToken: $(NpmToken)\n          SYSTEM_ACCESSTOKEN: $(System.AccessToken)\n    - bash");
        Assert.Equal(yaml.IndexOf("$(NpmToken)", StringComparison.Ordinal), yaml.LastIndexOf("$(NpmToken)", StringComparison.Ordinal));
    }

    public static TheoryData<string, TargetPipeline, string, string> BrokenTargets => new()
    {
        { "a file outside", Targets([new("Pack", "Pack")]) with { File = "../x.yml" }, "GAN8050", "File" },
        { "a shell of one system", Targets([new("Pack", "Pack")]) with { Shell = ScriptShell.Script }, "GAN8053", "Shell" },
        { "no stage", Targets([]), "GAN8009", "Declaration" },
        { "no target", Targets([new("Pack")]), "GAN8009", "Stages[\"Pack\"]" },
        { "a stage with a hyphen", Targets([new("My-Pack", "Pack")]), "GAN8001", "Stages[\"My-Pack\"]" },
        {
            "an artifact that nobody publishes",
            Targets([new("Push", "Push") { Downloads = ["x"] }]), "GAN8018", "Stages[\"Push\"].Downloads"
        },
        {
            "an artifact before it is published",
            Targets([new("Push", "Push") { Downloads = ["x"] }, new("Pack", "Pack") { Publishes = [new("x", "x")] }]),
            "GAN8018", "Stages[\"Push\"].Downloads"
        },
        {
            "an artifact from anywhere",
            Targets([new("Pack", "Pack") { Publishes = [new("x", "/tmp")] }]), "GAN8050", "Stages[\"Pack\"].Publishes"
        },
        { "an environment without name", Targets([new("Push", "Push") { Environment = "" }]), "GAN8008", "Stages[\"Push\"]" },
        { "a secret on a command line", Targets([new("Push", "Push --key $(Key)") { Secrets = ["Key"] }]), "GAN8022", "Stages[\"Push\"]" },
        { "a schedule", Targets([new("Test", "Test")]) with { Schedules = [new("daily")] }, "GAN8020", "Schedules[0]" },
        { "a stage after none", Targets([new("Push", "Push") { DependsOn = ["Pack"] }]), "GAN8004", "Stages[\"Push\"]" },
    };

    [Theory]
    [MemberData(nameof(BrokenTargets))]
    public void A_pipeline_of_targets_is_validated(string name, TargetPipeline declaration, string code, string path)
    {
        Assert.NotEmpty(name);
        var result = PipelineGenerator.Generate(declaration);
        Assert.Contains(result.Errors, error => error.Code == code && error.DeclarationPath == path);
        Assert.Empty(result.Files);
    }

    private static TargetPipeline Targets(IReadOnlyList<TargetStage> stages) => new("azure-pipelines.packages.yml") { Stages = stages };

    private static string Pipeline(PipelineDeclaration declaration) => PipelineGenerator.Generate(declaration).EnsureValid()[0].Content;

    private static void AssertInOrder(string text, params string[] parts)
    {
        var at = 0;
        foreach (var part in parts)
        {
            at = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{part}' is not where it should be in\n{text}");
            at += part.Length;
        }
    }
}

internal static class DeclarationExtensions
{
    /// <summary>Adds steps before those of the build.</summary>
    public static PipelineDeclaration WithStage(this PipelineDeclaration declaration, string stage, params Step[] before) =>
        declaration.WithStage(stage, additions => additions with { StepsBefore = before });
}

using CsCheck;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>Steps and jobs that a team writes as YAML.</summary>
public class PlainYamlTests
{
    private static readonly PipelineDeclaration Contoso = SampleDeclarations.Contoso;

    /// <summary>The text of a step, and what is said of it.</summary>
    public static TheoryData<string, string> BrokenSteps => new()
    {
        { "", "it is empty (line 1)" },
        { "- bash: a\n  bash: b", "the key 'bash' is there twice (line 2)" },
        { "- bash: a\n  BASH: b", "the key 'BASH' is there twice (line 2)" },
        { "- bash: a\n- &x\n  bash: b", "it has the anchor '&x', which the service does not take (line 2)" },
        { "- bash: *x", "it has the alias '*x', which the service does not take (line 1)" },
        { "- bash: !secret x", "it has the tag '!secret', which the service does not take (line 1)" },
        { "- bash: x\n---\n- bash: y", "a second document begins (line 2)" },
        { "- bash: 'x", "(line 1)" },
        { "- ? [a]\n  : b", "a key is no text (line 1)" },
        { "just text", "a step has no keys" },
        { "- bahs: x", "'bahs' is no kind of step" },
        { "- displayName: x\n  bash: y", "'displayName' is no kind of step" },
        { "- bash: x\n  timeoutInMinutes: soon", "'timeoutInMinutes' has a value that is not of its type" },
        { "- bash: [x]", "'bash' is no text" },
        { "- task: A@1\n  inputs: x", "'inputs' has no keys of its own" },
        { "- task: ''", "'task' is missing or empty" },
        { "- bash: x\n  env:\n    A: [b]", "'env' has the entry 'A', which is no text" },
        { new string('[', 200), "nested too deeply (line 1)" },
    };

    [Theory]
    [MemberData(nameof(BrokenSteps))]
    public void Unreadable_steps_are_findings_with_their_place_and_line(string yaml, string problem)
    {
        var error = Assert.Single(PipelineGenerator.Generate(Contoso.WithStage("Build", Step.Script("x"), Step.Yaml(yaml))).Errors);
        Assert.Equal("GAN8091", error.Code);
        Assert.Equal("Additions[\"Build\"].StepsBefore[1]", error.DeclarationPath);
        Assert.Contains("the YAML of a step cannot be read: ", error.Problem, StringComparison.Ordinal);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    /// <summary>The text of a job, and what is said of it.</summary>
    public static TheoryData<string, string> BrokenJobs => new()
    {
        { "- job: A\n- job: B", "it is not one job" },
        { "stage: A", "'stage' is no kind of job" },
        { "job: ''", "'job' is missing or empty" },
        { "deployment: A\nenvironment: x", "'strategy' is missing" },
        { "job: A\npool: [x]", "'pool' is neither a name nor a mapping" },
        { "job: A\nsteps: x", "'steps' is no list" },
        { "job: A\nsteps:\n- bahs: x", "'bahs' is no kind of step" },
        { "job: A\nvariables: x", "'variables' is neither a list nor a mapping" },
        { "job: A\nvariables:\n- x", "a variable has no keys" },
        { "job: A\nservices:\n  db: [x]", "'services' has the entry 'db', which is no text" },
        { "job: A\njob: B", "the key 'job' is there twice (line 2)" },
    };

    [Theory]
    [MemberData(nameof(BrokenJobs))]
    public void Unreadable_jobs_are_findings(string yaml, string problem)
    {
        var error = Assert.Single(
            PipelineGenerator.Generate(Contoso.WithStage("Build", build => build with { Jobs = [Job.Yaml(yaml)] })).Errors);
        Assert.Equal(("GAN8091", "Additions[\"Build\"].Jobs[0]"), (error.Code, error.DeclarationPath));
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    /// <summary>Readable YAML that is wrong: the declaration, the code and a part of the message.</summary>
    public static TheoryData<string, PipelineDeclaration, string, string> Wrong => new()
    {
        { "a task without version", Own(Step.Yaml("task: Npm")), "GAN8024", "'Npm'" },
        { "a condition", Own(Step.Yaml("bash: x\ncondition: eq(1")), "GAN8011", "'eq(1'" },
        {
            "a secret in the text", Own(Step.Yaml("bash: curl $(Key)"), Step.Script("x") with { Secrets = ["Key"] }), "GAN8022",
            "the secret 'Key'"
        },
        {
            "a secret in a key without type", Own(Step.Yaml("powershell: x\narguments: $(Key)") with { Secrets = ["Key"] }), "GAN8022",
            "the secret 'Key'"
        },
        {
            "a secret in a matrix",
            Own(Job.Yaml("job: A\nstrategy:\n  matrix:\n    a:\n      K: $(System.AccessToken)\nsteps:\n- bash: x")), "GAN8022",
            "the job 'A'"
        },
        {
            "a secret in a hook",
            Own(Job.Yaml(
                "deployment: A\nenvironment: x\nstrategy:\n  runOnce:\n    preDeploy:\n      steps:\n      - bash: $(System.AccessToken)")),
            "GAN8022", "'System.AccessToken'"
        },
        { "a job after none", Own(Job.Yaml("job: A\ndependsOn: Bild\nsteps:\n- bash: x")), "GAN8004", "'Bild'" },
        { "a job with a name of two", Own(Job.Yaml("job: build\nsteps:\n- bash: x")), "GAN8002", "'Build'" },
        { "a job with a hyphen", Own(Job.Yaml("job: my-job\nsteps:\n- bash: x")), "GAN8001", "'my-job'" },
        { "a job without steps", Own(Job.Yaml("job: A")), "GAN8009", "'A'" },
        { "a script without an agent", Own(Job.Yaml("job: A\npool: server\nsteps:\n- bash: x")), "GAN8015", "no agent" },
        {
            "an artifact that nothing publishes", Own(Step.Yaml("download: current\nartifact: nothing")), "GAN8018", "'nothing'"
        },
        {
            "a service that is not declared", Contoso.WithStage("Build", build => build with { Services = [new("db", "postgres")] }),
            "GAN8019", "'postgres'"
        },
        {
            "a service that no port leads to",
            (Contoso with { Containers = [new() { Alias = "pg", Image = "postgres" }] })
                .WithStage("Build", build => build with { Services = [new("db", "pg")] }),
            "GAN8092", "the job 'Build' cannot reach its service 'db'"
        },
        {
            "a condition of a stage", Contoso.WithStage("Build", build => build with { Condition = "eq(1" }), "GAN8011", "eq(1"
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_YAML_says_is_validated(string name, PipelineDeclaration declaration, string code, string problem)
    {
        Assert.NotEmpty(name);
        Assert.Contains(
            PipelineGenerator.Generate(declaration).Errors,
            error => error.Code == code && error.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Properties_prevail_over_the_text()
    {
        var yaml = PipelineGenerator.Generate(Own(
            Step.Yaml("bash: x\nname: a\ndisplayName: b\nenv:\n  C: d") with
            {
                DisplayName = "e",
                Condition = "always()",
                TimeoutInMinutes = 3,
                Environment = [new("F", "g")],
            })).EnsureValid()[0].Content;
        Assert.Contains(
            "- bash: x\n      name: a\n      displayName: e\n      condition: always()\n      timeoutInMinutes: 3\n"
                + "      env:\n        C: d\n        F: g\n",
            yaml,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Jobs_of_a_template_are_not_known()
    {
        var yaml = PipelineGenerator.Generate(Own(
            Job.Template("jobs.yml", ("image", "app")), new Job("Last") { DependsOn = ["FromTemplate"], Steps = [Step.Script("x")] }))
            .EnsureValid()[0].Content;
        Assert.Contains("  - template: jobs.yml\n    parameters:\n      image: app\n", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_value_is_read_as_it_was_written() => Values.Sample(value =>
    {
        var document = new YamlMapping([new("key", value)]);
        Assert.Equal(document, YamlReader.Read(YamlWriter.Write(document)));
    });

    private static readonly Gen<string> Text = Gen.String[Gen.Char["abAB019 .:-#'\"\n\t{}[]&*!|>%@`~"], 0, 12];

    private static Gen<YamlValue> Values { get; } = Gen.Recursive<YamlValue>((depth, inner) => depth > 3
        ? Text.Select(YamlValue.Of)
        : Gen.OneOf(
            Text.Select(YamlValue.Of),
            Gen.Bool.Select(YamlValue.Of),
            Gen.Int[-5, 1000].Select(YamlValue.Of),
            inner.Array[0, 3].Select(YamlValue (items) => new YamlSequence(items)),
            inner.Array[0, 3].Select(YamlValue (items) =>
                new YamlMapping([.. items.Select((item, i) => KeyValuePair.Create("k" + (char)('a' + i), item))]))));

    private static PipelineDeclaration Own(params Step[] steps) => Contoso.WithStage("Build", steps);

    private static PipelineDeclaration Own(params Job[] jobs) => Contoso.WithStage("Build", build => build with { Jobs = jobs });
}

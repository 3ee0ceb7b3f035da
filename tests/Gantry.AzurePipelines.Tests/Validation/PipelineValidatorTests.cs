using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Tests.Validation;

public class PipelineValidatorTests
{
    private static readonly ScriptStep Echo = new(ScriptShell.Bash, "echo");
    private static readonly Job Make = new("Make")
    {
        Steps = [new ScriptStep(ScriptShell.Bash, "make") { Name = "make" }, new PublishStep("out", "drop")],
    };

    private static readonly Job Deploy = new("Ship")
    {
        Environment = "prod",
        Steps = [new DownloadStep("current") { Artifact = "drop" }, Echo with { Name = "ship" }],
    };

    private static readonly Stage Build = new("Build") { Jobs = [Make], Origin = "Commands" };
    private static readonly Stage Prod = new("Prod") { DependsOn = ["Build"], Jobs = [Deploy], Origin = "Environments[\"prod\"]" };
    private static readonly Pipeline Sound = new() { Pool = new HostedPool("ubuntu-latest"), Stages = [Build, Prod] };

    /// <summary>The change of the valid pipeline, the code, the path, and a part of the message.</summary>
    private static IReadOnlyDictionary<string, (Pipeline Pipeline, string Code, string Path,
        string Message)> Broken { get; } = new Dictionary<string, (Pipeline, string, string, string)>
    {
        ["a stage with a hyphen"] = (With(Build with { Name = "My-Stage" }, Prod with { DependsOn = ["My-Stage"] }), "GAN8001", "Commands",
            "'My-Stage' cannot be the name of a stage"),
        ["a job that starts with a digit"] =
            (With(Build with { Jobs = [Make with { Name = "1st" }] }, Prod), "GAN8001", "Commands", "'1st'"),
        ["a step with a dot"] = (Steps(Echo with { Name = "a.b" }), "GAN8001", "Commands", "'a.b' cannot be the name of a step"),
        ["a variable with a space"] = (Sound with { Variables = [new Variable("a b", "")] }, "GAN8001", "Pipeline", "'a b'"),
        ["a group without name"] = (Sound with { Variables = [new VariableGroup(" ")] }, "GAN8001", "Pipeline", "variable group"),
        ["two stages of one name"] =
            (With(Build, Build with { Name = "BUILD", DependsOn = [], Origin = "Other", Jobs = [new Job("A") { Steps = [Echo] }] }, Prod),
                "GAN8002", "Other", "the stage 'Build' appears more than once in the pipeline"),
        ["two jobs of one name"] = (With(Build with { Jobs = [Make, new Job("make") { Steps = [Echo] }] }, Prod), "GAN8002", "Commands",
            "the job 'Make' appears more than once in the stage 'Build'"),
        ["two steps of one name"] = (Steps(Echo with { Name = "x" }, Echo with { Name = "X" }), "GAN8002", "Commands", "the step 'x'"),
        ["two variables of one name"] =
            (Sound with { Variables = [new Variable("a", "1"), new Variable("A", "2")] }, "GAN8002", "Pipeline", "the variable 'a'"),
        ["a deployment called deploy"] = (With(Build, Prod with { Jobs = [Deploy with { Name = "deploy" }] }), "GAN8003",
            "Environments[\"prod\"]", "'deploy' cannot be the name of a deployment job"),
        ["a dependency on nothing"] = (With(Build, Prod with { DependsOn = ["Build", "Biuld"] }), "GAN8004", "Environments[\"prod\"]",
            "the stage 'Prod' depends on the stage 'Biuld', which does not exist"),
        ["a job that depends on nothing"] = (With(Build with { Jobs = [Make, new Job("B") { Steps = [Echo], DependsOn = ["C"] }] }, Prod),
            "GAN8004", "Commands", "the job 'B' depends on the job 'C'"),
        ["stages in a circle"] = (
            With(
                Build,
                Prod with { DependsOn = ["Build", "Last"] },
                new Stage("Last") { DependsOn = ["Prod"], Jobs = [new Job("J") { Steps = [Echo] }], Origin = "Last" }),
            "GAN8005",
            "Last",
            "the stage 'Last' depends on itself: Last after Prod after Last"),
        ["a job after itself"] = (With(Build with { Jobs = [Make, new Job("B") { Steps = [Echo], DependsOn = ["B"] }] }, Prod), "GAN8005",
            "Commands", "B after B"),
        ["no stage to start with"] =
            (With(Build with { DependsOn = ["Prod"] }, Prod), "GAN8006", "Pipeline", "the pipeline has no stage without dependencies"),
        ["no job to start with"] = (With(Build with { Jobs = [Make with { DependsOn = ["Make"] }] }, Prod), "GAN8006", "Commands",
            "the stage 'Build' has no job without dependencies"),
        ["started by hand with dependencies"] =
            (With(Build, Prod with { StartedByHand = true }), "GAN8007", "Environments[\"prod\"]", "'Prod' is started manually"),
        ["a deployment to nowhere"] = (With(Build, Prod with { Jobs = [Deploy with { Environment = "" }] }), "GAN8008",
            "Environments[\"prod\"]", "'Ship' has no environment"),
        ["a pipeline without stages"] = (With(), "GAN8009", "Pipeline", "the pipeline has no stages"),
        ["a stage without jobs"] =
            (With(Build, Prod with { Jobs = [] }), "GAN8009", "Environments[\"prod\"]", "the stage 'Prod' has no jobs"),
        ["a job without steps"] =
            (With(Build, new Stage("B") { Jobs = [new Job("J")] }), "GAN8009", "Stages[\"B\"].Jobs[\"J\"]", "the job 'J' has no steps"),
        ["a deployment that does nothing"] = (With(Build, Prod with { Jobs = [Deploy with { Steps = [] }] }), "GAN8009",
            "Environments[\"prod\"]", "the deployment job 'Ship' has no steps"),
        ["an empty script"] = (Steps(new ScriptStep(ScriptShell.Bash, " ")), "GAN8009", "Commands", "has no script"),
        ["no pool"] = (Sound with { Pool = null }, "GAN8010", "Commands", "the job 'Make' has no pool"),
        ["a pool without name"] = (With(Build with { Pool = new NamedPool("") }, Prod), "GAN8010", "Commands", "'Make'"),
        ["a condition that is not closed"] = (
            With(Build, Prod with { Condition = "and(succeeded(), eq(1, 1)" }),
            "GAN8011",
            "Environments[\"prod\"]",
            "the condition of the stage 'Prod' 'and(succeeded(), eq(1, 1)' is not an expression: "
                + "the parenthesis of 'and' is not closed (at character 26)"),
        ["a step condition without quotes"] =
            (Steps(Echo with { Condition = "eq(variables.x, main branch)" }), "GAN8011", "Commands", "step"),
        ["a template expression that is not closed"] =
            (Steps(new ScriptStep(ScriptShell.Bash, "echo ${{ parameters.x")), "GAN8011", "Commands", "'${{' is not closed"),
        ["a runtime expression that is none"] =
            (Sound with { Variables = [new Variable("a", "$[ counter( ]")] }, "GAN8011", "Pipeline", "the value of the variable 'a'"),
        ["a function that does not exist"] =
            (With(Build, Prod with { Condition = "suceeded()" }), "GAN8012", "Environments[\"prod\"]", "there is no function 'suceeded'"),
        ["parameters at run time"] = (With(Build, Prod with { Condition = "eq(parameters.x, 'y')" }), "GAN8012", "Environments[\"prod\"]",
            "'parameters' is not known in a condition"),
        ["a status function in a variable"] =
            (Sound with { Variables = [new Variable("a", "$[succeeded()]")] }, "GAN8012", "Pipeline", "no function 'succeeded'"),
        ["dependencies in a template expression"] =
            (Steps(new ScriptStep(ScriptShell.Bash, "${{ dependencies.a.result }}")), "GAN8012", "Commands", "'dependencies' is not known"),
        ["the result of what is no dependency"] = (
            With(Build, Prod, new Stage("Last")
            {
                DependsOn = ["Prod"],
                Condition = "eq(dependencies.Build.result, 'Succeeded')",
                Jobs = [new Job("J") { Steps = [Echo] }],
                Origin = "Last",
            }),
            "GAN8013",
            "Last",
            "the stage 'Build' is none that it depends on directly"),
        ["dependencies in a step"] =
            (Steps(Echo with { Condition = "eq(dependencies.A.result, 'x')" }), "GAN8013", "Commands", "only stages and jobs reach"),
        ["succeeded of what is no dependency"] = (With(Build, Prod with { Condition = "succeeded('Make')" }), "GAN8013",
            "Environments[\"prod\"]", "'Make' is nothing that it depends on directly"),
        ["dependencies of a job on a stage"] =
            (Job(Output("$[ dependencies.Build.result ]")), "GAN8013", "Environments[\"prod\"]", "the job 'Build' is none"),
        ["an output of a job that does not exist"] =
            (With(Build, Prod with { Condition = "eq(dependencies.Build.outputs['Mkae.make.v'], 1)" }), "GAN8014", "Environments[\"prod\"]",
                "the stage 'Build' has no job 'Mkae'"),
        ["an output of a step that does not exist"] =
            (With(Build, Prod with { Condition = "eq(dependencies.Build.outputs['Make.mkae.v'], 1)" }), "GAN8014", "Environments[\"prod\"]",
                "the job 'Make' has no step 'mkae'"),
        ["an output without step"] = (Job(Output("$[ stageDependencies.Build.Make.outputs['v'] ]")), "GAN8014", "Environments[\"prod\"]",
            "the form is 'step.variable'"),
        ["an output of a job of another stage that does not exist"] =
            (Job(Output("$[ stageDependencies.Build.Mkae.outputs['make.v'] ]")), "GAN8013", "Environments[\"prod\"]", "the job 'Mkae'"),
        ["an output of a deployment in the form of a job"] = (Last("$[ stageDependencies.Prod.Ship.outputs['ship.v'] ]"), "GAN8014", "Last",
            "'Ship' is a deployment job, whose outputs have the form 'Ship.step.variable'"),
        ["neither result nor outputs"] = (With(Build, Prod with { Condition = "eq(dependencies.Build.status, 1)" }), "GAN8014",
            "Environments[\"prod\"]", "'status' is neither"),
        ["a script without agent"] = (Agentless(Echo), "GAN8015", "Wait", "the job has no agent"),
        ["a task without agent that needs one"] = (Agentless(new TaskStep("UseDotNet@2")), "GAN8015", "Wait", "the job has no agent"),
        ["a validation on an agent"] = (Steps(new TaskStep("ManualValidation@1")), "GAN8015", "Commands", "needs a job without an agent"),
        ["a deployment without agent"] =
            (With(Build, Prod with { Pool = new ServerPool() }), "GAN8015", "Environments[\"prod\"]", "it needs an agent"),
        ["a job that ends while it waits"] = (Agentless(new TaskStep("ManualValidation@1") { TimeoutInMinutes = 60 }), "GAN8016", "Wait",
            "ends after 60 minutes, before its step that waits up to 60"),
        ["a delay longer than its job"] =
            (Agentless(new TaskStep("Delay@1") { Inputs = [new("delayForMinutes", YamlValue.Of("61"))] }), "GAN8016", "Wait", "61"),
        ["a validation of months"] = (Agentless(new TaskStep("ManualValidation@1") { TimeoutInMinutes = 43200 }, 50000), "GAN8016", "Wait",
            "waits 50000 minutes, but the service waits at most 43200"),
        ["a service connection from a variable"] =
            (Steps(new TaskStep("AzureCLI@2") { Inputs = [new("azureSubscription", YamlValue.Of("$(connection)"))] }), "GAN8017",
                "Commands", "'$(connection)'"),
        ["a service connection without name"] =
            (Steps(new TaskStep("AzureCLI@2") { Inputs = [new("azureSubscription", YamlValue.Of(""))] }), "GAN8009", "Commands",
                "the input 'azureSubscription' of the step 'AzureCLI@2' is empty"),
        ["a registry resource from a variable"] = (
            Resources(new()
            {
                Registries = [new AcrContainerResource
                {
                    Alias = "a",
                    AzureSubscription = "s",
                    ResourceGroup = "g",
                    Registry = "$(reg)",
                    Repository = "r",
                }],
            }),
            "GAN8017",
            "Pipeline",
            "'$(reg)'"),
        ["an artifact twice"] =
            (Steps(new PublishStep("b", "Drop")), "GAN8018", "Commands", "the artifact 'drop' is published more than once"),
        ["an artifact that nobody publishes"] =
            (Steps(new DownloadStep("current") { Artifact = "dorp" }), "GAN8018", "Commands", "no job publishes it"),
        ["an artifact before it is published"] =
            (With(Build with { Jobs = [new Job("First") { Steps = [new DownloadStep("current") { Artifact = "drop" }] }, Make] }, Prod),
                "GAN8018", "Commands", "need not have run before"),
        ["an artifact of a stage at the same time"] =
            (With(Build, Prod with { DependsOn = [] }), "GAN8018", "Environments[\"prod\"]", "need not have run before"),
        ["a container that is not declared"] =
            (With(Build with { Jobs = [Make with { Container = "sdk" }] }, Prod), "GAN8019", "Commands", "no container resource 'sdk'"),
        ["a pipeline that is not declared"] = (Steps(new DownloadStep("ci")), "GAN8019", "Commands", "no pipeline resource 'ci'"),
        ["a repository that is not declared"] = (Steps(new CheckoutStep("tools")), "GAN8019", "Commands", "no repository resource 'tools'"),
        ["a template of a repository that is not declared"] =
            (Sound with { Stages = [], Extends = new("x.yml@templates") { Stages = Sound.Stages } }, "GAN8019", "Pipeline", "'templates'"),
        ["an alias with a meaning"] = (Resources(new() { Pipelines = [new("current", "ci")] }), "GAN8003", "Pipeline", "'current'"),
        ["a variable of a step twice"] = (Steps(Echo with { Name = "say", Environment = [new("Key", "a"), new("KEY", "b")] }), "GAN8002",
            "Commands", "the variable 'Key' appears more than once in the step 'say'"),
        ["an input twice"] = (Steps(new TaskStep("X@1") { Inputs = [new("in", YamlValue.Of("a")), new("IN", YamlValue.Of("b"))] }),
            "GAN8002", "Commands", "the input 'in' appears more than once in the step 'X@1'"),
        ["two resources of one alias"] = (Resources(new() { Pipelines = [new("x", "ci")], Repositories = [new("X", "git", "a")] }),
            "GAN8002", "Pipeline", "the resource 'X'"),
        ["a schedule of four fields"] = (Schedule("0 3 * *"), "GAN8020", "Pipeline", "it has 4 fields, not 5"),
        ["a schedule at hour 24"] = (Schedule("0 24 * * *"), "GAN8020", "Pipeline", "'24' is no hour"),
        ["a schedule on no day"] = (Schedule("0 3 * * Foo"), "GAN8020", "Pipeline", "'Foo' is no day of the week"),
        ["a schedule backwards"] = (Schedule("0 3 5-1 * *"), "GAN8020", "Pipeline", "'5-1' is no day"),
        ["a variable of the agent"] =
            (Sound with { Variables = [new Variable("PathToTools", "x")] }, "GAN8021", "Pipeline", "start with 'path'"),
        ["a predefined variable"] =
            (Sound with { Variables = [new Variable("Build.BuildId", "x")] }, "GAN8021", "Pipeline", "the service sets it"),
        ["a secret in a script"] =
            (Steps(new ScriptStep(ScriptShell.Bash, "curl -H $(ApiKey)")), "GAN8022", "Commands", "the secret 'ApiKey'"),
        ["the token of the run in an input"] =
            (Steps(new TaskStep("X@1") { Inputs = [new("token", YamlValue.Of("$(System.AccessToken)"))] }), "GAN8022", "Commands",
                "System.AccessToken"),
        ["a secret in a variable"] =
            (Sound with { Variables = [new Variable("Url", "https://x?k=$(apikey)")] }, "GAN8022", "Pipeline", "the value of a variable"),
        ["a bell"] = (Steps(new ScriptStep(ScriptShell.Bash, "echo \a")), "GAN8023", "Commands", "U+0007"),
        ["a carriage return"] = (Steps(new ScriptStep(ScriptShell.Bash, "echo\r\nx")), "GAN8023", "Commands", "U+000D"),
        ["half a character"] = (Steps(new ScriptStep(ScriptShell.Bash, "echo \ud83d")), "GAN8023", "Commands", "U+D83D"),
        ["a task without version"] = (Steps(new TaskStep("AzureCLI")), "GAN8024", "Commands", "'AzureCLI' is not a task"),
        ["a parameter that is not declared"] = (With(Build, Prod with { Condition = "eq('${{ parameters.where }}', 'x')" }), "GAN8025",
            "Environments[\"prod\"]", "'where', which is not declared"),
        ["a default that is none of the values"] =
            (Sound with { Parameters = [new("p", ParameterType.String) { Default = YamlValue.Of("c"), Values = ["a", "b"] }] }, "GAN8025",
                "Pipeline", "the default 'c'"),
        ["stages and a template"] =
            (Sound with { Extends = new("x.yml") { Stages = Sound.Stages } }, "GAN8026", "Pipeline", "extends a template"),
        ["instructions of 4,001 characters"] = (
            Agentless(Task("ManualValidation@1", ("notifyUsers", ""), ("instructions", new string('x', 4001)))), "GAN8027", "Wait",
            "have 4001 characters, but the service takes 4000"),
        ["257 jobs in a stage"] = (
            With(Build, new Stage("Many")
            {
                Jobs = [.. Enumerable.Range(0, 257).Select(i => new Job($"J{i}") { Steps = [Echo] })],
                Origin = "Many",
            }),
            "GAN8028",
            "Many",
            "the stage 'Many' has 257 jobs"),
        ["an artifact with a slash"] =
            (Steps(new PublishStep("x", "a/b")), "GAN8029", "Commands", "'a/b' cannot be the name of an artifact"),
        ["an artifact with a colon beside a variable"] =
            (Steps(new PublishStep("x", "a:$(Build.BuildId)")), "GAN8029", "Commands", "none of \" : < > | * ? / \\"),
        ["an artifact of a task with a backslash"] = (
            Steps(Task("PublishPipelineArtifact@1", ("targetPath", "x"), ("artifact", "a\\b"))), "GAN8029", "Commands", "'a\\b'"),
        ["an artifact of dots"] = (Steps(new PublishStep("x", "..")), "GAN8029", "Commands", "it has only dots or spaces"),
        ["an image in a named pool"] = (
            With(Build with { Pool = new NamedPool("contoso") { Image = "ubuntu-latest" } }, Prod), "GAN8030", "Commands",
            "the pool 'contoso' is given the VM image 'ubuntu-latest'"),
        ["a task that does not exist"] =
            (Steps(Task("AzureCLl@2")), "GAN8031", "Commands", "'AzureCLl@2' is none of the tasks that come with Azure DevOps"),
        ["a task in a version that does not exist"] = (Steps(Task("AzureCLI@99")), "GAN8031", "Commands", "'AzureCLI@99'"),
        ["an input that the task does not have"] = (
            Steps(Task("DeleteFiles@1", ("Contents", "x"), ("folder", "y"))), "GAN8032", "Commands",
            "the task 'DeleteFiles@1' has no input 'folder'"),
        ["an input that the task needs"] = (
            Steps(Task("AzureCLI@2", ("azureSubscription", "x"))), "GAN8033", "Commands",
            "the task 'AzureCLI@2' needs the input 'scriptType'"),
    };

    public static TheoryData<string> Cases => new(Broken.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Finds(string name)
    {
        var (pipeline, code, path, message) = Broken[name];
        var found = PipelineValidator.Validate(pipeline, "ApiKey");
        Assert.Contains(found, diagnostic => diagnostic.Code == code
            && diagnostic.DeclarationPath == path
            && diagnostic.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_valid_pipeline_has_no_diagnostics() => Assert.Empty(PipelineValidator.Validate(Sound, "ApiKey"));

    [Theory]
    [InlineData("and(succeeded(), eq(dependencies.Build.outputs['Make.make.v'], '1'))")]
    [InlineData("in(dependencies.Build.result, 'Succeeded')")]
    [InlineData("succeeded('Build')")]
    [InlineData("eq(dependencies['build']['outputs']['make.make.v'], variables['Build.Reason'])")]
    [InlineData("eq('${{ parameters.where }}', 'x')")]
    [InlineData("eq(${{ parameters.where }}, 'x')")]
    public void Valid_stage_conditions_are_accepted(string condition) =>
        Assert.Empty(PipelineValidator.Validate(
            With(Build, Prod with { Condition = condition }) with { Parameters = [new("where", ParameterType.String)] }));

    [Theory]
    [InlineData("$[ stageDependencies.Prod.Ship.outputs['Ship.ship.v'] ]")]
    [InlineData("$[ stageDependencies.Prod.Ship.result ]")]
    [InlineData("$[ format('{0}', stageDependencies['Prod']['Ship']['outputs']['Ship.ship.v']) ]")]
    [InlineData("$[ counter(variables['Build.Reason'], 1) ]")]
    public void Valid_job_values_are_accepted(string value) => Assert.Empty(PipelineValidator.Validate(Last(value)));

    [Theory]
    [InlineData("0 3 * * Mon-Fri")]
    [InlineData("*/15 0-6,22 1,15 jan-MAR *")]
    [InlineData("5 4 * * sun,wed")]
    [InlineData("0 0 1 1 0")]
    [InlineData("0 0 29 february SUNDAY-saturday/2")]
    [InlineData("5/10 1-5/2 31 * 6")]
    public void Valid_schedules_are_accepted(string cron) => Assert.Empty(PipelineValidator.Validate(Schedule(cron)));

    [Theory]
    [InlineData("0 0 1 junk *", "'junk' is no month")]
    [InlineData("0 0 1 ju *", "'ju' is no month: write 'Jan, Feb, …', or whole names")]
    [InlineData("0 0 1 j *", "'j' is no month: write 'Jan, Feb, …', or whole names")]
    [InlineData("0 0 1 janu *", "'janu' is no month: write 'Jan, Feb, …', or whole names")]
    [InlineData("0 0 1 jan-feb-mar *", "'jan-feb-mar' is no month")]
    [InlineData("0 0 1 13 *", "'13' is no month")]
    [InlineData("0 0 1 mon *", "'mon' is no month")]
    [InlineData("0 0 * * sunk", "'sunk' is no day of the week")]
    [InlineData("0 0 * * su", "'su' is no day of the week: write 'Sun, Mon, …', or whole names")]
    [InlineData("0 0 * * 7", "'7' is no day of the week")]
    [InlineData("0 0 * * fri-mon", "'fri-mon' is no day of the week: the range ends before it begins")]
    [InlineData("0 0 * * 1#2", "'1#2' is no day of the week")]
    [InlineData("0 0 L * *", "'L' is no day")]
    [InlineData("0 0 ? * *", "'?' is no day")]
    [InlineData("60 0 * * *", "'60' is no minute")]
    [InlineData("*/0 0 * * *", "'*/0' is no minute: the step is from 1 to 59")]
    [InlineData("*/60 0 * * *", "'*/60' is no minute: the step is from 1 to 59")]
    [InlineData("*/x 0 * * *", "'*/x' is no minute")]
    [InlineData("1,,2 0 * * *", "'' is no minute")]
    [InlineData("-1 0 * * *", "'-1' is no minute")]
    [InlineData("* * * * * *", "it has 6 fields, not 5")]
    [InlineData("@daily", "it has 1 field, not 5")]
    [InlineData("0 0 30 feb *", "the month 'feb' has no day '30'")]
    [InlineData("0 0 31 4,jun *", "the month '4,jun' has no day '31'")]
    public void A_schedule_is_read_strictly(string cron, string reason)
    {
        var error = Assert.Single(PipelineValidator.Validate(Schedule(cron)));
        Assert.Equal("GAN8020", error.Code);
        Assert.EndsWith(reason, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_in_the_environment_are_accepted() =>
        Assert.Empty(PipelineValidator.Validate(
            Steps(Echo with { Environment = [new("KEY", "$(ApiKey)"), new("TOKEN", "$(System.AccessToken)")] }), "ApiKey"));

    [Fact]
    public void Dependencies_on_stages_of_templates_are_accepted() =>
        Assert.Empty(PipelineValidator.Validate(With(new StageTemplate("x.yml"), Prod with { DependsOn = ["FromTemplate"] })));

    [Theory]
    [InlineData("SonarSource.sonarqube.15B84CA1-B62F-4A2A-A403-89B77A063157.SonarQubePrepare@6")]
    [InlineData("azurecli@2.1.0", "connectedServiceNameARM", "SCRIPTTYPE", "cwd")]
    [InlineData("AzureCLI@2", "azureSubscription", "${{ if true }}")]
    [InlineData("UseNode@1", "anything")]
    public void Tasks_with_inputs_that_they_have_are_accepted(string task, params string[] inputs) =>
        Assert.Empty(PipelineValidator.Validate(Steps(Task(task, [.. inputs.Select(input => (input, "x"))]))));

    [Fact]
    public void An_artifact_may_have_the_value_of_a_variable_in_its_name() =>
        Assert.Empty(PipelineValidator.Validate(Steps(new PublishStep("x", "logs-$(System.JobAttempt)"))));

    [Fact]
    public void The_hosted_pool_has_images() => Assert.Empty(PipelineValidator.Validate(
        With(Build with { Pool = new NamedPool("Azure Pipelines") { Image = "ubuntu-latest" } }, Prod)));

    [Fact]
    public void Every_code_is_tested()
    {
        var codes = Broken.Values.Select(broken => broken.Code).Distinct().Order();
        Assert.Equal(Enumerable.Range(8001, 33).Select(number => $"GAN{number}"), codes);
    }

    private static TaskStep Task(string name, params (string Name, string Value)[] inputs) =>
        new(name) { Inputs = [.. inputs.Select(input => KeyValuePair.Create(input.Name, YamlValue.Of(input.Value)))] };

    private static Pipeline With(params StageEntry[] stages) => Sound with { Stages = stages };

    private static Pipeline Steps(params Step[] steps) =>
        With(Build with { Jobs = [Make with { Steps = [.. Make.Steps, .. steps] }] }, Prod);

    private static Pipeline Job(KeyValuePair<string, string> variable) =>
        With(Build, Prod with { Jobs = [Deploy with { Variables = [variable] }] });

    private static KeyValuePair<string, string> Output(string value) => new("v", value);

    private static Pipeline Last(string value) => With(
        Build,
        Prod,
        new Stage("Last") { DependsOn = ["Prod"], Jobs = [new Job("J") { Steps = [Echo], Variables = [Output(value)] }], Origin = "Last" });

    private static Pipeline Agentless(Step step, int? timeout = null) =>
        With(Build, Prod, new Stage("Wait")
        {
            Pool = new ServerPool(),
            Jobs = [new Job("J") { Steps = [step], TimeoutInMinutes = timeout }],
            Origin = "Wait",
        });

    private static Pipeline Resources(PipelineResources resources) => Sound with { Resources = resources };

    private static Pipeline Schedule(string cron) => Sound with { Schedules = [new(cron)] };
}

using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Generation;

public class DeclarationRulesTests
{
    private static readonly PipelineDeclaration Contoso = SampleDeclarations.Contoso;

    private static readonly PipelineDeclaration Releasing = Contoso with { ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual } };

    public static IReadOnlyDictionary<string, (PipelineDeclaration Declaration, string Code,
        string Path)> Broken { get; } = new Dictionary<string, (PipelineDeclaration, string, string)>
    {
        ["no image"] = (Contoso with { Images = [] }, "GAN4001", "Images"),
        ["an image in capitals"] = (Contoso with { Images = [new("App")] }, "GAN1008", "Images"),
        ["no environment"] = (Contoso with { Environments = [] }, "GAN4003", "Environments"),
        ["environments in a circle"] = (With(new("a") { After = new("b") }, new("b") { After = new("a") }), "GAN4007", "Environments"),
        ["a gate that cannot hold"] = (With(new PromotionEnvironment("dev") { Gates = [Gate.Approval("")] }), "GAN5001", "Environments"),
        ["more approvals than approvers"] =
            (With(new PromotionEnvironment("dev") { Gates = [Gate.OnlyBranches("main"), Gate.Approval("[Contoso]\\QA", minimum: 2)] }),
                "GAN8040", "Environments[\"dev\"].Gates[1]"),
        ["a validation of thirty days"] =
            (With(new PromotionEnvironment("dev") { Gates = [Gate.ManualValidation("x") with { Timeout = TimeSpan.FromDays(30) }] }),
                "GAN8040", "Environments[\"dev\"].Gates[0]"),
        ["soaking nowhere"] = (With(new PromotionEnvironment("dev") { Gates = [Gate.Soak(TimeSpan.FromHours(1))] }), "GAN8040",
            "Environments[\"dev\"].Gates[0]"),
        ["two locks"] =
            (With(new PromotionEnvironment("dev") { Gates = [Gate.ExclusiveLock(), Gate.ExclusiveLock(LockBehavior.RunLatest)] }),
                "GAN8040", "Environments[\"dev\"].Gates[0]"),
        ["criteria that are none"] = (
            With(new PromotionEnvironment("dev")
            {
                Gates = [Gate.RestCheck("Health", "c", "/x") with { SuccessCriteria = "eq(root['a'], ok" }],
            }),
            "GAN8040",
            "Environments[\"dev\"].Gates[0]"),
        ["criteria over nothing"] = (
            With(new PromotionEnvironment("dev")
            {
                Gates = [Gate.FunctionCheck("F", new("https://x/y")) with { SuccessCriteria = "eq(result, 1)" }],
            }),
            "GAN8040",
            "Environments[\"dev\"].Gates[0]"),
        ["a soak time of a year"] = (With(new("dev"), new("prod") { After = new("dev"), Gates = [Gate.Soak(TimeSpan.FromDays(365))] }),
            "GAN8041", "Environments[\"prod\"].Gates[0]"),
        ["two templates"] = (
            With(
                new("dev") { Gates = [Gate.RequiredTemplate("a/b", "x.yml")] },
                new("prod") { Gates = [Gate.RequiredTemplate("a/b", "y.yml")] }),
            "GAN8042",
            "Environments[\"prod\"].Gates[0]"),
        ["a template at GitHub without connection"] =
            (With(new PromotionEnvironment("dev") { Gates = [Gate.RequiredTemplate("a/b", "x.yml") with { RepositoryType = "github" }] }),
                "GAN8043", "Environments[\"dev\"].Gates[0]"),
        ["no address"] = (SampleDeclarations.Minimal, "GAN8044", "BaseRegistry"),
        ["a folder"] = (Contoso with { BaseRegistry = new("BaseRegistry") { Address = "oci:somewhere" } }, "GAN8045", "BaseRegistry"),
        ["no address that can be read"] =
            (Contoso with { BaseRegistry = new("BaseRegistry") { Address = "https://contoso.azurecr.io" } }, "GAN1006", "BaseRegistry"),
        ["a registry without credentials"] =
            (Contoso with { BaseRegistry = new("BaseRegistry") { Address = "contoso.azurecr.io" } }, "GAN8046", "BaseRegistry"),
        ["a registry that is not on Azure, without login"] =
            (Contoso.WithRegistry("TestRegistry", test => test with { Address = "ghcr.io/contoso" }), "GAN8046",
                "Environments[\"test\"].Registries[0]"),
        ["a base registry that a promotion cannot read"] =
            (Contoso.WithEnvironment(new("test"), test => test with { ServiceConnection = null }).WithRegistry("TestRegistry", Harbor),
                "GAN8046", "Environments[\"test\"]"),
        ["a registry before that a promotion cannot read"] =
            (Contoso.WithRegistry("DevRegistry", Harbor).WithRegistry("DevRegistry", dev => dev with { Login = null }), "GAN8046",
                "Environments[\"test\"]"),
        ["a Docker connection without name"] =
            (Contoso.WithRegistry("ProdRegistry", prod => prod with { Login = RegistryLogin.Docker("") }), "GAN8082",
                "Environments[\"prod\"].Registries[0]"),
        ["a Docker connection from a variable"] =
            (Contoso.WithRegistry("BaseRegistry", found => found with { ReadLogin = RegistryLogin.Docker("$(connection)") }), "GAN8082",
                "BaseRegistry"),
        ["a password in place of its variable"] =
            (Contoso.WithRegistry("BaseRegistry", found => found with { Login = RegistryLogin.Password("ci", "p@ss word") }), "GAN8082",
                "BaseRegistry"),
        ["a user without name"] =
            (Contoso.WithRegistry("BaseRegistry", found => found with { Login = RegistryLogin.Password(" ") }), "GAN8082", "BaseRegistry"),
        ["no steps to sign in"] =
            (Contoso.WithRegistry("BaseRegistry", found => found with { Login = RegistryLogin.Steps() }), "GAN8082", "BaseRegistry"),
        ["a password in a command line"] = (
            Contoso.WithRegistry("DevRegistry", dev => dev with { Login = RegistryLogin.Password("ci", "Token") })
                .WithStage("PromoteDev", dev => dev with { StepsBefore = [Model.Step.Script("docker login -p $(Token)")] }),
            "GAN8022",
            "Additions[\"PromoteDev\"].StepsBefore[0]"),
        ["a cluster without login"] = (Deploying(Cluster), "GAN8083", "Environments[\"dev\"].Deployments[0]"),
        ["a cluster login without name"] =
            (Deploying(Cluster with { Login = HostLogin.Kubernetes("") }), "GAN8082", "Environments[\"dev\"].Deployments[0]"),
        ["a cluster with the name of a command"] =
            (Deploying(Cluster with { Login = HostLogin.Aks("rg", "a'; rm -rf /") }), "GAN8082", "Environments[\"dev\"].Deployments[0]"),
        ["a cluster of Azure without a connection"] =
            (Deploying(Cluster with { Login = HostLogin.Aks("rg", "aks") }), "GAN8084", "Environments[\"dev\"].Deployments[0]"),
        ["two clusters in one job"] = (
            Deploying(Cluster with { Login = HostLogin.Kubernetes("one") }, Cluster with { Login = HostLogin.Kubernetes("two") }),
            "GAN8085",
            "Environments[\"dev\"].Deployments"),
        ["a repository without credential"] =
            (Deploying(Deployment.KustomizeCommit("https://github.com/contoso/deploy", "dev")), "GAN8086",
                "Environments[\"dev\"].Deployments[0]"),
        ["the token of the job for GitHub"] = (
            Deploying(Deployment.KustomizeCommit("https://github.com/contoso/deploy", "dev") with { Token = "$(System.AccessToken)" }),
            "GAN8087",
            "Environments[\"dev\"].Deployments[0]"),
        ["the token of the job for two organizations"] = (
            Deploying(
                Deployment.KustomizeCommit("https://dev.azure.com/one/shop/_git/a", "dev") with { Token = "$(System.AccessToken)" },
                Deployment.KustomizeCommit("https://two.visualstudio.com/shop/_git/a", "dev") with { Token = "$(System.AccessToken)" }),
            "GAN8088",
            "Environments[\"dev\"].Deployments[1]"),
        ["registries of other regions"] =
            (Contoso with { Environments = [new(new("dev") { Regions = ["weu"] }) { Registries = [new("DevRegistry")] }] }, "GAN8047",
                "Environments[\"dev\"]"),
        ["a connection for one region of a job for all"] = (
            Contoso with
            {
                Environments =
                    [new(new("dev")) { ServiceConnection = "all", Registries = [new("DevRegistry") { ServiceConnection = "one" }] }],
            },
            "GAN8048",
            "Environments[\"dev\"].Registries[0]"),
        ["a release by an image in no registry"] =
            (SampleDeclarations.Artifact with { ReleasePipeline = new() }, "GAN8049", "ReleasePipeline.Trigger"),
        ["a release by an image in no Azure registry"] =
            (Contoso with { BaseRegistry = Contoso.BaseRegistry with { Address = "docker.io/contoso" }, ReleasePipeline = new() },
                "GAN8049", "ReleasePipeline.Trigger"),
        ["a release by an image without resource group"] =
            (Contoso with { BaseRegistry = Contoso.BaseRegistry with { ResourceGroup = null }, ReleasePipeline = new() }, "GAN8049",
                "ReleasePipeline.Trigger"),
        ["a release by a build without name"] =
            (Contoso with { ReleasePipeline = new() { Trigger = ReleaseTrigger.BuildCompletion } }, "GAN8049", "ReleasePipeline.Trigger"),
        ["a file outside"] = (Contoso with { Files = new() { Pipeline = "../azure-pipelines.yml" } }, "GAN8050", "Files.Pipeline"),
        ["a file with backslashes"] =
            (Contoso with { Files = new() { Environments = "ci\\environments.json" } }, "GAN8050", "Files.Environments"),
        ["a file twice"] = (Contoso with { Files = new() { ReleasePipeline = "Azure-Pipelines.yml" } }, "GAN8050", "Files.ReleasePipeline"),
        ["files without a branch"] =
            (Contoso with { Triggers = new() { Branches = [], Paths = Model.Filter.Only("src") } }, "GAN8065", "Triggers.Paths"),
        ["a branch with a star in the middle"] =
            (Contoso with { Triggers = new() { PromotedBranches = ["rel*/x"] } }, "GAN8051", "Triggers.PromotedBranches"),
        ["a branch with a quote"] = (Contoso with { Triggers = new() { Branches = ["it's"] } }, "GAN8051", "Triggers.Branches"),
        ["a trigger with a space"] = (
            Contoso with { Triggers = new() { Branches = ["a b"], PromotedBranches = ["main"] } }, "GAN8051", "Triggers.Branches"),
        ["a trigger of what promotes nothing with a space"] = (
            Releasing with { PromoteAfterBuild = false, Triggers = new() { Branches = ["a b"] } }, "GAN8051", "Triggers.Branches"),
        ["a pull request to nowhere"] = (
            Contoso with { Triggers = new() { PullRequests = new() { Branches = Filter.Only("release/") } } }, "GAN8051",
            "Triggers.PullRequests"),
        ["a schedule of a branch with a colon"] = (
            Contoso with { Triggers = new() { Schedules = [new("0 3 * * *") { Branches = Filter.Only("main", "a:b") }] } }, "GAN8051",
            "Triggers.Schedules[0]"),
        ["a schedule of what is not promoted"] = (
            Contoso with { Triggers = new() { Schedules = [new("0 3 * * *") { Branches = Filter.Only("topic/*") }] } }, "GAN8036",
            "Triggers.Schedules[0]"),
        ["a schedule of what is excluded"] = (
            Contoso with
            {
                Triggers = new()
                {
                    Branches = ["*"],
                    ExcludedBranches = ["topic/*"],
                    Schedules = [new("0 3 * * *") { Branches = Filter.Only("topic/x") }],
                },
            },
            "GAN8036",
            "Triggers.Schedules[0]"),
        ["a schedule where tags are promoted"] = (
            Contoso with { Triggers = new() { Branches = [], Tags = Filter.Only("v*"), Schedules = [new("0 3 * * *")] } }, "GAN8036",
            "Triggers.Schedules[0]"),
        ["an image in another cloud"] = (
            Contoso with
            {
                BaseRegistry = Contoso.BaseRegistry with { Address = "contoso.azurecr.cn" },
                ReleasePipeline = new() { Tags = Filter.Only("v*") },
            },
            "GAN8034",
            "ReleasePipeline.Trigger"),
        ["an environment with a resource"] = (InAzure("contoso.prod"), "GAN8035", "Environments[\"dev\"].AzureEnvironment"),
        ["an environment with a slash"] = (InAzure("contoso/prod"), "GAN8035", "Environments[\"dev\"].AzureEnvironment"),
        ["an environment from a variable"] = (InAzure("$(environment)"), "GAN8035", "Environments[\"dev\"].AzureEnvironment"),
        ["an environment without name"] = (InAzure(" "), "GAN8035", "Environments[\"dev\"].AzureEnvironment"),
        ["an environment with a space at its end"] = (InAzure("prod "), "GAN8035", "Environments[\"dev\"].AzureEnvironment"),
        ["an environment of a name with a dot"] = (With(new PromotionEnvironment("eu.prod")), "GAN4004", "Environments"),
        ["an approver with a comma"] = (
            With(new PromotionEnvironment("dev") { Gates = [Gate.ManualValidation("x", "Doe, Jane")] }), "GAN5001", "Environments"),
        ["instructions that are too long"] = (
            With(new PromotionEnvironment("dev") { Gates = [Gate.ManualValidation(new string('x', 4001))] }), "GAN8027",
            "Environments[\"dev\"].Gates[0]"),
        ["a blank address"] = (
            Contoso with { VariableGroups = [], BaseRegistry = new("BaseRegistry") { Address = " " } }, "GAN8044", "BaseRegistry"),
        ["a blank connection"] = (
            Contoso with { BaseRegistry = Contoso.BaseRegistry with { ServiceConnection = "" } }, "GAN8046", "BaseRegistry"),
        ["an own step with a blank connection"] = (
            Contoso.WithStage("Build", build => build with
            {
                StepsBefore = [Step.Task("AzureCLI@2", ("azureSubscription", ""), ("scriptType", "bash"))],
            }),
            "GAN8009",
            "Additions[\"Build\"].StepsBefore[0]"),
        ["an own step of an extension"] = (
            Contoso.WithStage("Build", build => build with { StepsAfter = [Step.Task("SonarQubeAnalyze@6")] }), "GAN8031",
            "Additions[\"Build\"].StepsAfter[0]"),
        ["nothing that says what is promoted"] =
            (Contoso with { Triggers = new() { Branches = [] } }, "GAN8066", "Triggers.PromotedBranches"),
        ["no branch that is promoted"] =
            (Contoso with { Triggers = new() { PromotedBranches = [] } }, "GAN8066", "Triggers.PromotedBranches"),
        ["a build of a branch with a star in the middle"] = (
            Contoso with
            {
                ReleasePipeline = new()
                {
                    Trigger = ReleaseTrigger.BuildCompletion,
                    BuildPipeline = "ci",
                    BuildBranches = Filter.Only("rel*/x"),
                },
            },
            "GAN8051",
            "ReleasePipeline.BuildBranches"),
        ["two environments in one"] = (
            Contoso with
            {
                Environments = [new(new("dev")) { AzureEnvironment = "contoso" }, new(new("prod")) { AzureEnvironment = "Contoso" }],
            },
            "GAN9067",
            "Environments[\"prod\"]"),
        ["a release that the clock should name"] =
            (Contoso with { ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual, Schedules = [new("0 3 * * *")] } }, "GAN8049",
                "ReleasePipeline.Schedules"),
        ["an image by the clock"] = (SampleDeclarations.ReleaseByImage, "GAN8067", "ReleasePipeline.Schedules"),
        ["a secret in place of the release"] =
            (Releasing with { Commands = new() { PublishSecrets = ["Key", "RELEASE"] } }, "GAN8003", "Commands.PublishSecrets"),
        ["a secret in place of its digest"] =
            (Releasing with { Commands = new() { PublishSecrets = ["releaseDigest"] } }, "GAN8003", "Commands.PublishSecrets"),
        ["a secret in place of a choice"] = (
            Releasing with
            {
                Environments = [.. Contoso.Environments.Select(environment => environment with { Secrets = ["goback"] })],
            },
            "GAN8003",
            "Environments[\"dev\"].Secrets"),
        ["a secret that decides which programs run"] =
            (Contoso with { Commands = new() { PublishSecrets = ["Path"] } }, "GAN8069", "Commands.PublishTarget"),
        ["a secret that begins with a digit"] = (
            Contoso with { Commands = new() { Steps = [new("Test") { Secrets = ["1bad name"] }] } }, "GAN8069", "Commands.Steps[0]"),
        ["an own secret with a space"] = (
            Contoso.WithStage("Build", build => build with { StepsBefore = [Step.Script("x") with { Secrets = ["npm token"] }] }),
            "GAN8069",
            "Additions[\"Build\"].StepsBefore[0]"),
        ["a build that reads with the connection that publishes"] = (
            Contoso with
            {
                Commands = new() { Steps = [new("BuildImage") { UsesBaseRegistry = true, ServiceConnection = "CONTOSO-base" }] },
            },
            "GAN8070",
            "Commands.Steps[0].ServiceConnection"),
        ["a build that reads with no connection"] = (
            Contoso with { Commands = new() { Steps = [new("BuildImage") { UsesBaseRegistry = true }] } },
            "GAN8070",
            "Commands.Steps[0].ServiceConnection"),
        ["tags that are promoted twice"] = (
            Contoso with
            {
                Triggers = new() { Branches = [], Tags = Filter.Only("v*") },
                ReleasePipeline = new()
                {
                    Trigger = ReleaseTrigger.BuildCompletion, BuildPipeline = "ci", BuildBranches = Filter.Only("refs/tags/v*"),
                },
            },
            "GAN8068",
            "ReleasePipeline.Trigger"),
        ["an image that is promoted twice"] = (Contoso with { ReleasePipeline = new() }, "GAN8068", "ReleasePipeline.Trigger"),
        ["a build that is promoted twice"] = (
            Contoso with { ReleasePipeline = new() { Trigger = ReleaseTrigger.BuildCompletion, BuildPipeline = "ci" } },
            "GAN8068",
            "ReleasePipeline.Trigger"),
        ["nothing promotes"] = (Contoso with { PromoteAfterBuild = false }, "GAN8052", "Declaration"),
        ["a shell of one system"] = (Contoso with { Commands = new() { Shell = ScriptShell.Script } }, "GAN8053", "Commands.Shell"),
        ["an environment called none"] = (With(new PromotionEnvironment("None")), "GAN8054", "Environments[\"None\"]"),
        ["a schedule"] =
            (Contoso with { Triggers = new() { Schedules = [new("0 3 * * *"), new("daily")] } }, "GAN8020", "Triggers.Schedules[1]"),
        ["changed files of pull requests to nowhere"] =
            (Contoso with { Triggers = new() { PullRequests = new() { Branches = new(), Paths = Filter.Only("src") } } }, "GAN8065",
                "Triggers.PullRequests"),
        ["an excluded branch that is none"] =
            (Contoso with { Triggers = new() { ExcludedBranches = ["a'b"] } }, "GAN8051", "Triggers.ExcludedBranches"),
        ["a variable of the agent"] = (Contoso with { Variables = [new("secretName", "x")] }, "GAN8021", "Variables"),
        ["a container that is not declared"] = (Contoso with { BuildContainer = "sdk" }, "GAN8019", "Stages[\"Build\"].Jobs[\"Build\"]"),
        ["a secret on the command line"] =
            (Contoso with { Commands = new() { PublishSecrets = ["Key"], Script = "./build.sh --key $(Key)" } }, "GAN8022",
                "Commands.Steps[0]"),
        ["a service connection from a variable"] =
            (Contoso with { BaseRegistry = Contoso.BaseRegistry with { ServiceConnection = "$(connection)" } }, "GAN8017",
                "Commands.PublishTarget"),
    };

    public static TheoryData<string> Cases => new(Broken.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_rule_reports_its_diagnostic(string name)
    {
        var (declaration, code, path) = Broken[name];
        var result = PipelineGenerator.Generate(declaration);
        Assert.Contains(result.Diagnostics, diagnostic => diagnostic.Code == code && diagnostic.DeclarationPath == path);
        Assert.Equal(result.Errors.Count > 0, result.Files.Count == 0);
    }

    [Fact]
    public void Every_code_is_tested() =>
        Assert.Empty(Enumerable.Range(8040, 15).Select(number => $"GAN{number}").Except(Broken.Values.Select(broken => broken.Code)));

    [Fact]
    public void Warnings_do_not_prevent_generation()
    {
        var result = PipelineGenerator.Generate(SampleDeclarations.Minimal);
        Assert.All(result.Diagnostics, diagnostic => Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity));
        Assert.Equal(["azure-pipelines.yml", "azure-environments.json"], result.EnsureValid().Select(file => file.Path));
    }

    [Theory]
    [InlineData("a'b", "it has a single quote, which ends the text of a condition")]
    [InlineData("a*b", "'*' is not at its end")]
    [InlineData("", "it has no name")]
    [InlineData("a b", "no branch of git has the character ' ' in its name")]
    [InlineData("a:b*", "no branch of git has the character ':' in its name")]
    public void A_branch_is_refused_for_its_own_reason(string branch, string reason)
    {
        var error = Assert.Single(
            PipelineGenerator.Generate(Contoso with { Triggers = Contoso.Triggers with { PromotedBranches = [branch] } }).Errors,
            error => error.Code == "GAN8051");
        Assert.Equal($"'{branch}' cannot be a promoted branch: {reason}", error.Problem);
    }

    [Theory]
    [InlineData("a b", "'a b' cannot be the branch of a trigger: no branch of git has the character ' ' in its name")]
    [InlineData("a]b", "'a]b' cannot be the branch of a trigger: the service takes no ']' in a filter")]
    [InlineData("a//b", "'a//b' cannot be the branch of a trigger: no branch of git has an empty part between '/'")]
    [InlineData("it's", null)]
    [InlineData("rel*/x?", null)]
    public void A_branch_of_a_trigger_is_a_filter(string branch, string? problem) => Assert.Equal(
        problem,
        PipelineGenerator.Generate(Contoso with { Triggers = new() { Branches = [branch], PromotedBranches = ["main"] } })
            .Errors.SingleOrDefault()?.Problem);

    [Theory]
    [InlineData("main")]
    [InlineData("m*")]
    [InlineData("*n")]
    [InlineData("topic/*", "release/*", "release/1")]
    public void A_schedule_of_a_promoted_branch_is_no_finding(string branch, params string[] promoted)
    {
        var triggers = Contoso.Triggers with
        {
            PromotedBranches = [.. promoted, "main"],
            Schedules = [new("0 3 * * *") { Branches = Filter.Only([branch, .. promoted]) }],
        };
        Assert.DoesNotContain(
            PipelineGenerator.Generate(Contoso with { Triggers = triggers }).Diagnostics, diagnostic => diagnostic.Code == "GAN8036");
    }

    [Fact]
    public void Blank_texts_are_not_declared()
    {
        var environment = new PipelineEnvironment(new("dev"))
        {
            ServiceConnection = " ",
            Container = "",
            Registries = [new("DevRegistry") { Address = "", ServiceConnection = "", ResourceGroup = " " }],
        };

        var result = PipelineGenerator.Generate(Contoso with
        {
            Environments = [environment],
            Containers = [new() { Alias = "sdk", Image = "contoso/sdk:1", Endpoint = " " }],
            BuildContainer = "",
            TemplateEndpoint = " ",
            VariableGroups = ["x"],
        });

        Assert.Equal(["GAN8046"], result.Diagnostics.Select(diagnostic => diagnostic.Code));
        var pipeline = result.Files[0].Content;
        Assert.DoesNotContain("DevRegistry", pipeline, StringComparison.Ordinal);
        Assert.DoesNotContain("endpoint:", pipeline, StringComparison.Ordinal);
        Assert.DoesNotContain("''", pipeline, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_of_an_environment_can_have_spaces_and_letters_of_any_language() =>
        Assert.Empty(PipelineGenerator.Generate(InAzure("Contoso Übung (2)")).Errors);

    [Fact]
    public void The_error_names_the_first_diagnostic_and_all_others()
    {
        var error = Assert.Throws<GantryException>(() =>
            PipelineGenerator.Generate(SampleDeclarations.Minimal with { Images = [], Files = new() { Pipeline = "" } }).EnsureValid());
        Assert.Equal(
            "GAN4001: the build declares no image (Images), and 1 more error: GAN8050: '' cannot be a file to generate: it is empty "
                + "(Files.Pipeline); declare at least one, as in: new ContainerImage(\"app\") { Project = \"src/App\" }; "
                + "write a path relative to the root of the repository, with '/' between folders.",
            error.Message);
    }

    [Theory]
    [InlineData(true, "own")]
    [InlineData(false, "shared")]
    public void A_job_runs_under_the_connection_of_its_registry_or_of_its_environment(bool perRegion, string connection)
    {
        var environment = new PipelineEnvironment(new("dev"))
        {
            JobPerRegion = perRegion,
            ServiceConnection = "shared",
            Registries = [new("DevRegistry") { Address = "contoso.azurecr.io", ServiceConnection = connection }],
        };
        var pipeline = PipelineGenerator.Generate(Contoso with { Environments = [environment] }).EnsureValid()[0];
        Assert.Contains($"azureSubscription: {connection}\n", pipeline.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contoso.azurecr.io")]
    [InlineData("contoso.azurecr.cn")]
    [InlineData("contoso.azurecr.us")]
    [InlineData("ghcr.io/contoso")]
    public void A_push_to_an_Azure_Container_Registry_of_any_cloud_starts_a_release(string address)
    {
        var registry = new PipelineRegistry("BaseRegistry")
        {
            Address = address,
            ServiceConnection = "contoso-base",
            ResourceGroup = "contoso-images",
        };

        var result = PipelineGenerator.Generate(
            Contoso with { BaseRegistry = registry, ReleasePipeline = new() { Trigger = ReleaseTrigger.ImagePush } });

        Assert.Equal(
            address.StartsWith("contoso.", StringComparison.Ordinal),
            result.Diagnostics.All(diagnostic => diagnostic.Code != "GAN8049"));
    }

    [Fact]
    public void An_unknown_registry_is_refused_with_the_known_ones()
    {
        var error = Assert.Throws<GantryException>(() => Contoso.WithRegistry("QaRegistry", Harbor));
        Assert.Equal("GAN8089", error.Code);
        Assert.Contains("ProdRegistry", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:5001/dev")]
    [InlineData("127.0.0.1:5001")]
    public void Nothing_signs_in_to_this_machine(string address) => Assert.DoesNotContain(
        PipelineGenerator.Generate(Contoso.WithRegistry("DevRegistry", dev => dev with { Address = address })).Diagnostics,
        diagnostic => diagnostic.Code == "GAN8046");

    [Fact]
    public void Hosts_and_agents_that_are_signed_in_are_no_finding() => Assert.Empty(PipelineGenerator.Generate(
        Deploying(
            Cluster with { Login = HostLogin.None },
            Deployment.KustomizeCommit("git@github.com:contoso/deploy.git", "dev") with { Login = HostLogin.None },
            Deployment.KustomizeCommit("https://github.com/contoso/deploy", "dev") with { Token = "$(GitOpsToken)" })
            .WithRegistry("DevRegistry", dev => dev with { Address = "ghcr.io/contoso", Login = RegistryLogin.OfAgent })
            .WithRegistry("BaseRegistry", found => found with { ReadLogin = RegistryLogin.Anonymous })).Diagnostics);

    private static KubectlDeployment Cluster => Deployment.Kubectl("aks", "shop", "app", "web");

    private static PipelineRegistry Harbor(PipelineRegistry registry) =>
        registry with { Address = "harbor.contoso.com/x", Login = RegistryLogin.Docker("harbor") };

    private static PipelineDeclaration Deploying(params Deployment[] deployments) =>
        With(new PromotionEnvironment("dev") { Deployments = deployments });

    private static PipelineDeclaration InAzure(string name) => Contoso with
    {
        Environments = [Contoso.Environments[0] with { AzureEnvironment = name }, .. Contoso.Environments.Skip(1)],
    };

    private static PipelineDeclaration With(params PromotionEnvironment[] environments) =>
        Contoso with { Environments = [.. environments.Select(environment => new PipelineEnvironment(environment))] };
}

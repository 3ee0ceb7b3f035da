using System.Text.RegularExpressions;
using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Model;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.GitHubActions.Generation;
using Gantry.GitHubActions.Tests.Fixtures;

namespace Gantry.GitHubActions.Tests.Generation;

/// <summary>What a declaration for GitHub cannot say, each with its code.</summary>
public class DeclarationRulesTests
{
    private static readonly Dictionary<string, (string Code, Func<WorkflowDeclaration, WorkflowDeclaration> Change)> s_errors = new()
    {
        ["a workflow elsewhere"] = ("GAN8200", _ => _ with { Files = new() { Workflow = "ci/build.yml" } }),
        ["a workflow with another ending"] = ("GAN8200", _ => _ with { Files = new() { Workflow = ".github/workflows/build.txt" } }),
        ["one file for both workflows"] = ("GAN8200", _ => _ with { Files = new() { ReleaseWorkflow = ".github/workflows/build.yml" } }),
        ["one file for the workflow that goes back"] = (
            "GAN8200", _ => _ with { Files = new() { RollbackWorkflow = ".github/workflows/build.release.yml" } }),
        ["a return in no environment"] = (
            "GAN4616", _ => SampleWorkflows.With(_, pipeline => pipeline with { Rollbacks = Returning("qa") })),
        ["a return to images that are gone"] = (
            "GAN4617",
            _ => SampleWorkflows.With(SampleWorkflows.Artifact, pipeline => pipeline with { Rollbacks = Returning("dev") })),
        ["two approvals"] = ("GAN8201", _ => Gated(_, Gate.Approval(["@anna", "@ben"], minimum: 2))),
        ["approvals one after the other"] = ("GAN8201", _ => Gated(_, Gate.Approval(["@anna", "@ben"]) with { InSequence = true })),
        ["seven approvers"] = ("GAN8201", _ => Gated(_, Gate.Approval([.. Enumerable.Range(1, 7).Select(number => $"@user{number}")]))),
        ["two gates of approval"] = ("GAN8201", _ => Gated(_, Gate.Approval("@anna"), Gate.Approval("@ben"))),
        ["a branch that is neither"] = ("GAN8201", _ => Gated(_, Gate.OnlyBranches("refs/pull/1"))),
        ["a soak time in no environment"] = ("GAN8201", _ => Gated(_, Gate.Soak(TimeSpan.FromHours(1)))),
        ["a check of a service"] = ("GAN8201", _ => Gated(_, Gate.RestCheck("health", "contoso", "/health"))),
        ["hours of a time zone of Windows"] =
            ("GAN8201", _ => Gated(_, Gate.BusinessHours(new(9, 0), new(17, 0), "W. Europe Standard Time"))),
        ["a freeze in a time zone of Windows"] = (
            "GAN8201",
            _ => Gated(_, Gate.Freeze("W. Europe Standard Time", FreezeWindow.Yearly((12, 20), (1, 2), "holidays")))),
        ["a manual validation"] = ("GAN8201", _ => Gated(_, Gate.ManualValidation("look"))),
        ["an approver of Azure DevOps"] = ("GAN8203", _ => Gated(_, Gate.Approval(@"[Contoso]\Release"))),
        ["an approver that is no name"] = ("GAN8203", _ => Gated(_, Gate.Approval("@contoso/qa/all"))),
        ["an environment called all"] = ("GAN8208", _ => Environments(_, new PromotionEnvironment("all"))),
        ["one environment for two"] = (
            "GAN8209",
            _ => _.WithEnvironment(SampleWorkflows.Prod, prod => prod with { GitHubEnvironment = "test" })),
        ["steps in an unknown job"] = ("GAN8210", _ => _.WithJob("compile", job => job with { StepsBefore = [WorkflowStep.Run("true")] })),
        ["images that a release cannot find"] = (
            "GAN8211",
            _ => SampleWorkflows.Artifact with { ReleaseWorkflow = true }),
        ["no promoted branch"] = ("GAN8212", _ => Triggered(_, new() { PromotedBranches = [] })),
        ["a branch with a star in it"] = ("GAN8213", _ => Triggered(_, new() { PromotedBranches = ["a*b"] })),
        ["a branch with a quote"] = ("GAN8213", _ => Triggered(_, new() { PromotedBranches = ["it's"] })),
        ["an excluded branch with a star in it"] = ("GAN8213", _ => Triggered(_, new() { ExcludedBranches = ["a*b"] })),
        ["an identity of a region without a job"] = (
            "GAN8234", _ => _.WithEnvironment(SampleWorkflows.Prod, prod => prod with { RegionAzure = Region("east-us") })),
        ["a secret of GitHub"] = ("GAN8214", _ => Secret(_, "GITHUB_KEY")),
        ["a secret with a dot"] = ("GAN8214", _ => Secret(_, "System.AccessToken")),
        ["a schedule that is none"] = ("GAN8215", _ => Triggered(_, new() { Schedules = [new("0 25 * * *")] })),
        ["a registry that is another's"] = (
            "GAN8216",
            _ => SampleWorkflows.With(_, pipeline => pipeline with
            {
                Environments = [new(SampleWorkflows.Dev) { Registries = [new("ProdRegistry")] }],
            })),
        ["pauses that end after the job"] = ("GAN4625", _ => Environments(_, new PromotionEnvironment("dev")
        {
            Waves = [["eu"], ["us"], ["uk"]],
            PauseBetweenWaves = TimeSpan.FromMinutes(30),
        })),
        ["no images"] = ("GAN4001", _ => SampleWorkflows.With(_, pipeline => pipeline with { Images = [] })),
        ["an expression in a script"] = ("GAN8224", _ => Own(_, WorkflowStep.Run("echo ${{ github.head_ref }}"))),
        ["an expression in a script of an action"] = (
            "GAN8224", _ => Own(_, WorkflowStep.Uses("actions/github-script@v7", ("script", "core.info('${{ inputs.promote-to }}')")))),
        ["a condition that is no expression"] = ("GAN8222", _ => Own(_, WorkflowStep.Run("true") with { Condition = "github.ref ==" })),
        ["a condition on what is not there"] = ("GAN8223", _ => Own(_, WorkflowStep.Run("true") with { Condition = "secrets.KEY != ''" })),
        ["an input that is not declared"] = ("GAN8223", _ => Own(_, Variable("${{ inputs.other }}"))),
        ["an output of no step"] = ("GAN8223", _ => Own(_, Variable("${{ steps.other.outputs.x }}"))),
        ["a function that is not there"] = ("GAN8223", _ => Own(_, Variable("${{ coalesce('a') }}"))),
        ["an action without version"] = ("GAN8225", _ => Own(_, WorkflowStep.Uses("actions/setup-node"))),
        ["an artifact that no job uploads"] = (
            "GAN8226", _ => Own(_, WorkflowStep.Uses("actions/download-artifact@v4", ("name", "reports")))),
        ["an empty script"] = ("GAN8227", _ => Own(_, WorkflowStep.Run(" "))),
        ["an id with a space"] = ("GAN8220", _ => Own(_, WorkflowStep.Run("true") with { Id = "a b" })),
        ["an id that is there twice"] = (
            "GAN8220", _ => Own(_, WorkflowStep.Run("true") with { Id = "a" }, WorkflowStep.Run("true") with { Id = "A" })),
        ["a character that YAML cannot hold"] = ("GAN8228", _ => Own(_, WorkflowStep.Run("echo \u0007"))),
        ["a variable with a dash"] = ("GAN8229", _ => Own(_, WorkflowStep.Run("true") with { Environment = [new("a-b", "c")] })),
    };

    private static readonly Dictionary<string, (string Code, Func<DriftWorkflow, DriftWorkflow> Change)> s_drifts = new()
    {
        ["a time that is none"] = ("GAN8215", drift => drift with { Cron = "0 25 * * *" }),
        ["a file elsewhere"] = ("GAN8200", drift => drift with { File = "ci/drift.yml" }),
        ["the file of another workflow"] = ("GAN8200", drift => drift with { File = ".github/workflows/build.yml" }),
        ["work items"] = ("GAN8207", drift => drift with { Alert = DriftAlert.WorkItem("Bug") }),
    };

    private static readonly Dictionary<string, (string Code, Func<WorkflowDeclaration, WorkflowDeclaration> Change)> s_warnings = new()
    {
        ["instructions"] = ("GAN8202", _ => Gated(_, Gate.Approval("@anna") with { Instructions = "read" })),
        ["a timeout of an approval"] = ("GAN8202", _ => Gated(_, Gate.Approval("@anna") with { Timeout = TimeSpan.FromDays(1) })),
        ["protection of a named branch"] = ("GAN8202", _ => Gated(_, Gate.OnlyBranches("main"))),
        ["a soak time of two months"] = (
            "GAN8202",
            _ => Environments(
                _, SampleWorkflows.Dev, new("late") { After = SampleWorkflows.Dev, Gates = [Gate.Soak(TimeSpan.FromDays(60))] })),
        ["an unknown address"] = ("GAN8204", _ => Environments(_, SampleWorkflows.Dev)),
        ["a folder as registry"] = (
            "GAN8205",
            _ => SampleWorkflows.With(_, pipeline => pipeline with { BaseRegistry = new("BaseRegistry") { Address = "oci:base" } })),
        ["a registry without credential"] = (
            "GAN8206",
            _ => SampleWorkflows.With(_, pipeline => pipeline with
            {
                BaseRegistry = new("BaseRegistry") { Address = "harbor.contoso.com/base" },
            })),
        ["steps for Azure Pipelines alone"] = (
            "GAN8207",
            _ => SampleWorkflows.With(_, pipeline => pipeline.WithStage("Build", stage => stage))),
        ["a stage of a team's own"] = (
            "GAN8207", _ => SampleWorkflows.With(_, pipeline => pipeline with { Stages = [new("Smoke")] })),
        ["another job that builds"] = (
            "GAN8207", _ => SampleWorkflows.With(_, pipeline => pipeline with { BuildJobs = [new("Windows")] })),
        ["a variable group"] = (
            "GAN8207", _ => SampleWorkflows.With(_, pipeline => pipeline with { VariableGroups = ["contoso"] })),
        ["pushes in batches"] = ("GAN8207", _ => Triggered(_, new() { Batch = true })),
        ["pull requests of Azure Pipelines"] = ("GAN8207", _ => Triggered(_, new() { PullRequests = new() { Drafts = false } })),
        ["a schedule of a branch"] = (
            "GAN8207", _ => Triggered(_, new() { Schedules = [new("0 3 * * *") { Branches = Filter.Only("topic") }] })),
        ["a schedule in batches"] = ("GAN8207", _ => Triggered(_, new() { Schedules = [new("0 3 * * *") { Batch = true }] })),
        ["a login to a host"] = ("GAN8207", _ => Environments(_, new PromotionEnvironment("dev")
        {
            Deployments = [Deployment.Kubectl("contoso", "shop", "app", "app") with { Login = HostLogin.Kubernetes("contoso") }],
        })),
        ["a call with the base registry"] = (
            "GAN8207",
            _ => SampleWorkflows.With(_, pipeline => pipeline with
            {
                Commands = new() { Steps = [new("Test") { UsesBaseRegistry = true }] },
            })),
        ["a cache"] = ("GAN8207", _ => Tools(_, new() { Caches = [new("web/node_modules", "web/package-lock.json")] })),
        ["retries"] = ("GAN8207", _ => Tools(_, new() { RetryCount = 2 })),
        ["a key vault"] = (
            "GAN8207", _ => SampleWorkflows.With(_, pipeline => pipeline with { KeyVaults = [new("contoso", "contoso", "key")] })),
        ["a parameter of a run"] = (
            "GAN8207", _ => SampleWorkflows.With(_, pipeline => pipeline with { Parameters = [new("Reason")] })),
        ["a token in the clone"] = (
            "GAN8207", _ => SampleWorkflows.With(_, pipeline => pipeline with { Sources = new() { PersistCredentials = true } })),
        ["connections of regions"] = ("GAN8207", _ => SampleWorkflows.With(SampleWorkflows.Regions, Connected)),
        ["nothing that promotes"] = (
            "GAN8211",
            _ => SampleWorkflows.With(_, pipeline => pipeline with { PromoteAfterBuild = false }) with { ReleaseWorkflow = false }),
    };

    public static TheoryData<string> Errors => [.. s_errors.Keys];

    public static TheoryData<string> Drifts => [.. s_drifts.Keys];

    public static TheoryData<string> Warnings => [.. s_warnings.Keys];

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_error_has_its_code_and_leaves_no_file(string name)
    {
        var (code, change) = s_errors[name];
        var result = WorkflowGenerator.Generate(change(SampleWorkflows.Contoso));

        Assert.Contains(code, result.Errors.Select(error => error.Code));
        Assert.Empty(result.Files);
    }

    [Theory]
    [MemberData(nameof(Drifts))]
    public void A_workflow_for_drift_that_cannot_be_has_its_code(string name)
    {
        var (code, change) = s_drifts[name];

        var result = WorkflowGenerator.Generate(change(new DriftWorkflow(SampleWorkflows.Contoso, "17 * * * *")));

        var found = Assert.Single(result.Diagnostics, diagnostic => diagnostic.Code == code);
        Assert.Equal(found.Severity == DiagnosticSeverity.Error, result.Files.Count == 0);
    }

    [Theory]
    [MemberData(nameof(Warnings))]
    public void A_warning_has_its_code_and_leaves_the_files(string name)
    {
        var (code, change) = s_warnings[name];
        var result = WorkflowGenerator.Generate(change(SampleWorkflows.Contoso));

        Assert.Empty(result.Errors);
        Assert.Contains(code, result.Diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.NotEmpty(result.Files);
    }

    [Fact]
    public void A_complete_declaration_has_no_finding_but_that_of_its_branches() => Assert.Equal(
        ["GAN8202"], WorkflowGenerator.Generate(SampleWorkflows.Contoso).Diagnostics.Select(diagnostic => diagnostic.Code));

    [Fact]
    public void A_host_that_needs_no_login_is_not_reported() => Assert.DoesNotContain(
        "GAN8207",
        WorkflowGenerator.Generate(Environments(SampleWorkflows.Contoso, new PromotionEnvironment("dev")
        {
            Deployments = [Deployment.Kubectl("contoso", "shop", "app", "app") with { Login = HostLogin.None }],
        })).Diagnostics.Select(diagnostic => diagnostic.Code));

    [Fact]
    public void A_password_of_a_registry_reaches_the_calls_that_use_it()
    {
        var result = WorkflowGenerator.Generate(SampleWorkflows.With(SampleWorkflows.Contoso, pipeline => pipeline with
        {
            BaseRegistry = new("BaseRegistry")
            {
                Address = "harbor.contoso.com/base",
                Login = AzurePipelines.RegistryLogin.Password("robot"),
                ReadLogin = AzurePipelines.RegistryLogin.Password(passwordVariable: "BASE_READER"),
            },
        }));

        Assert.DoesNotContain("GAN8206", result.Diagnostics.Select(diagnostic => diagnostic.Code));
        var workflow = result.Files[0].Content;
        Assert.Single(
            Regex.Matches(workflow, "BaseRegistryUser: robot\n        BaseRegistryPassword: \\$\\{\\{ secrets.BaseRegistryPassword }}"));
        Assert.Equal(3, Regex.Count(workflow, "BaseRegistryPassword: \\$\\{\\{ secrets.BASE_READER }}"));
    }

    [Fact]
    public void A_job_of_a_region_has_the_credentials_of_its_region_alone()
    {
        var declaration = SampleWorkflows.With(SampleWorkflows.Regions, pipeline => Connected(pipeline
            .WithRegistry("ProdWestEuropeRegistry", west => west with { Address = "weu.contoso.com/live", Login = Password })
            .WithRegistry("ProdEastUsRegistry", east => east with { Address = "eus.contoso.com/live", Login = Password })));
        var result = WorkflowGenerator.Generate(declaration.WithEnvironment(
            declaration.Pipeline.Environments[1].Environment, prod => prod with { RegionAzure = Region("east-us") }));

        var jobs = result.EnsureValid()[0].Content.Split("\n  promote-prod-");
        Assert.DoesNotContain("the service connections", string.Join('\n', result.Diagnostics.Select(diagnostic => diagnostic.Problem)));
        Assert.Contains("ProdWestEuropeRegistryPassword", jobs[1], StringComparison.Ordinal);
        Assert.DoesNotContain("ProdEastUsRegistryPassword", jobs[1], StringComparison.Ordinal);
        Assert.Contains("AZURE_CLIENT_ID: ${{ vars.AZURE_CLIENT_ID }}", jobs[1], StringComparison.Ordinal);
        Assert.Contains("ProdEastUsRegistryPassword", jobs[2], StringComparison.Ordinal);
        Assert.DoesNotContain("ProdWestEuropeRegistryPassword", jobs[2], StringComparison.Ordinal);
        Assert.Contains("AZURE_CLIENT_ID: ${{ vars.EAST_CLIENT_ID }}", jobs[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, 0, 0)]
    [InlineData(null, LockBehavior.RunLatest, 1, 0)]
    [InlineData(null, LockBehavior.Sequential, 1, 1)]
    [InlineData(LockBehavior.Sequential, null, 1, 1)]
    [InlineData(LockBehavior.RunLatest, LockBehavior.Sequential, 1, 0)]
    public void A_lock_of_an_environment_is_the_group_of_its_job(LockBehavior? gate, LockBehavior? declared, int groups, int queues)
    {
        var environment = new PromotionEnvironment("dev") { Gates = gate is { } behavior ? [Gate.ExclusiveLock(behavior)] : [] };
        var workflow = WorkflowGenerator.Generate(SampleWorkflows.With(SampleWorkflows.Contoso, pipeline => pipeline with
        {
            Environments = [new(environment) { Lock = declared }],
        })).EnsureValid()[0].Content;

        Assert.Equal(groups, Regex.Count(workflow, "group: promote-dev\n"));
        Assert.Equal(queues, Regex.Count(workflow, "queue: max\n"));
    }

    [Fact]
    public void Sources_are_checked_out_as_declared()
    {
        var workflow = WorkflowGenerator.Generate(SampleWorkflows.With(SampleWorkflows.Contoso, pipeline => pipeline with
        {
            Sources = new() { Submodules = SubmoduleCheckout.Recursive, LargeFiles = true, FetchDepth = 5 },
        })).EnsureValid()[0].Content;

        Assert.Equal(
            5,
            Regex.Count(
                workflow,
                "fetch-depth: '5'\n        submodules: recursive\n        lfs: 'true'\n        persist-credentials: 'false'\n"));
    }

    [Fact]
    public void A_step_of_a_team_is_named_by_its_place_in_the_declaration() => Assert.Equal(
        "Additions[\"build\"].StepsBefore[0]",
        Assert.Single(WorkflowGenerator.Generate(Own(SampleWorkflows.Contoso, WorkflowStep.Run(" "))).Errors).DeclarationPath);

    [Fact]
    public void A_gate_that_the_promotion_evaluates_needs_nothing_of_GitHub()
    {
        var result = WorkflowGenerator.Generate(
            Gated(
                SampleWorkflows.Contoso, Gate.BusinessHours(new(9, 0), new(17, 0)),
                Gate.BusinessHours(new(9, 0), new(17, 0), "Europe/Berlin"), new TicketGate(),
                Gate.Attestation("https://slsa.dev/provenance/v1", "build.pub"), Gate.SignedApprovals(1, "anna.pub"), Gate.Command("true"),
                Gate.Freeze("Europe/Berlin", FreezeWindow.Yearly((12, 20), (1, 2), "holidays")), Gate.Http("$(MAY_URL)")));

        Assert.Empty(result.Errors);
        Assert.Single(Regex.Matches(result.Files[0].Content, "MAY_URL: \\$\\{\\{ secrets.MAY_URL }}"));
    }

    private static AzurePipelines.RegistryLogin Password => AzurePipelines.RegistryLogin.Password("robot");

    private static Dictionary<string, AzureLogin> Region(string name) => new() { [name] = new() { ClientId = "EAST_CLIENT_ID" } };

    private static PipelineDeclaration Connected(PipelineDeclaration pipeline) => pipeline
        .WithRegistry("ProdWestEuropeRegistry", west => west with { ServiceConnection = "contoso-weu" })
        .WithRegistry("ProdEastUsRegistry", east => east with { ServiceConnection = "contoso-eus" });

    private static WorkflowDeclaration Tools(WorkflowDeclaration declaration, AgentTools tools) =>
        SampleWorkflows.With(declaration, pipeline => pipeline with { Tools = tools });

    private static WorkflowStep Variable(string value) => WorkflowStep.Run("true") with { Environment = [new("VALUE", value)] };

    private static WorkflowDeclaration Own(WorkflowDeclaration declaration, params IReadOnlyList<WorkflowStep> steps) =>
        declaration.WithJob("build", job => job with { StepsBefore = steps });

    private static Dictionary<string, string> Returning(string environment) => new() { [environment] = "Rollback" };

    private static WorkflowDeclaration Gated(WorkflowDeclaration declaration, params IReadOnlyList<Gate> gates) =>
        Environments(declaration, new PromotionEnvironment("dev") { Gates = gates });

    private static WorkflowDeclaration Environments(
        WorkflowDeclaration declaration, params IReadOnlyList<PromotionEnvironment> environments) => SampleWorkflows.With(
            declaration,
            pipeline => pipeline with { Environments = [.. environments.Select(environment => new PipelineEnvironment(environment))] });

    private static WorkflowDeclaration Triggered(WorkflowDeclaration declaration, PipelineTriggers triggers) =>
        SampleWorkflows.With(declaration, pipeline => pipeline with { Triggers = triggers });

    private static WorkflowDeclaration Secret(WorkflowDeclaration declaration, string name) => SampleWorkflows.With(
        declaration, pipeline => pipeline.WithEnvironment(SampleWorkflows.Dev, dev => dev with { Secrets = [name] }));

    private sealed record TicketGate : Gate
    {
        public override string Description => "ticket";
    }
}

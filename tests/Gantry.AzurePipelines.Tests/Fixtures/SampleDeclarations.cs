using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.AzurePipelines.Tests.Fixtures;

/// <summary>Declarations of every kind, by name. Each has its snapshot, and each is verified against the service's own rules.</summary>
public static class SampleDeclarations
{
    private static readonly PromotionEnvironment DevTarget = new("dev");
    private static readonly PromotionEnvironment TestTarget = new("test") { After = DevTarget, Gates = [Gate.Approval(@"[Contoso]\QA")] };
    private static readonly PromotionEnvironment ProdTarget = new("prod")
    {
        After = TestTarget,
        Gates =
        [
            Gate.Approval([@"[Contoso]\Release", "owner@contoso.com"], minimum: 2) with
            {
                Instructions = "Read the summary of the run first.",
            },
            Gate.Soak(TimeSpan.FromHours(24)),
            Gate.ExclusiveLock(),
        ],
    };

    public static PipelineDeclaration Minimal { get; } = new()
    {
        Images = [new("app") { Project = "src/App" }],
        Environments = [new(DevTarget), new(TestTarget), new(ProdTarget)],
    };

    public static PipelineDeclaration Contoso { get; } = Minimal with
    {
        BaseRegistry = new("BaseRegistry")
        {
            Address = "contosobase.azurecr.io",
            ServiceConnection = "contoso-base",
            ResourceGroup = "rg-images",
        },
        Environments =
        [
            Environment(DevTarget, "contosodev.azurecr.io"),
            Environment(TestTarget, "contosotest.azurecr.io"),
            Environment(ProdTarget, "contoso.azurecr.io/live"),
        ],
    };

    public static PipelineDeclaration Templates { get; } = Contoso with { UseTemplates = true };

    public static PipelineDeclaration Artifact { get; } = Contoso with
    {
        BaseRegistry = new("BaseRegistry"),
        Transport = ImageTransport.Artifact,
    };

    public static PipelineDeclaration Both { get; } = Contoso with { Transport = ImageTransport.Both };

    public static PipelineDeclaration ReleaseByImage { get; } = Contoso with
    {
        PromoteAfterBuild = false,
        ReleasePipeline = new()
        {
            Tags = Filter.Only("1.*"),
            Schedules = [new("0 3 * * Mon-Fri") { DisplayName = "Every night", Branches = Filter.Only("main"), Always = true }],
        },
    };

    public static PipelineDeclaration ReleaseByBuild { get; } = Artifact with
    {
        PromoteAfterBuild = false,
        ReleasePipeline = new() { Trigger = ReleaseTrigger.BuildCompletion, BuildPipeline = "contoso-build" },
    };

    public static PipelineDeclaration ReleaseByHand { get; } = Contoso with
    {
        ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual },
        UseTemplates = true,
    };

    public static PipelineDeclaration Regions { get; } = Contoso with
    {
        Images = [new("shop/web"), new("shop/api") { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] }],
        Environments =
        [
            Environment(DevTarget, "contosodev.azurecr.io"),
            new(new PromotionEnvironment("prod") { After = DevTarget, Regions = ["west-europe", "east-us"], DisplayName = "production" })
            {
                JobPerRegion = true,
                Registries =
                [
                    new("ProdWestEuropeRegistry") { Address = "contosoweu.azurecr.io", ServiceConnection = "contoso-weu" },
                    new("ProdEastUsRegistry") { Address = "contosoeus.azurecr.io", ServiceConnection = "contoso-eus" },
                ],
            },
        ],
    };

    public static PipelineDeclaration RegionsAtOnce { get; } = Contoso with
    {
        Environments =
        [
            new(new PromotionEnvironment("prod") { Regions = ["weu", "eus"] })
            {
                ServiceConnection = "contoso-prod",
                Registries =
                [
                    new("ProdWeuRegistry") { Address = "contosoweu.azurecr.io" },
                    new("ProdEusRegistry") { Address = "contosoeus.azurecr.io" },
                ],
            },
        ],
        Triggers = new() { ChooseEnvironment = false },
    };

    /// <summary>An environment whose images several jobs place before one of each region promotes.</summary>
    public static PipelineDeclaration Slices { get; } = Regions.WithEnvironment(
        Regions.Environments[1].Environment,
        prod => prod with
        {
            Environment = prod.Environment with
            {
                Slices = 2,
                Deployments = [Deployment.Webhook("https://$(ProdHookHost)/deploy?code=$(ProdHookCode)")],
            },
            Secrets = ["ProdSigningKeyPassword"],
        });

    public static PipelineDeclaration Waves { get; } = Contoso with
    {
        Environments =
        [
            Environment(DevTarget, "contosodev.azurecr.io"),
            new(new PromotionEnvironment("prod")
            {
                After = DevTarget,
                Waves = [["weu"], ["eus", "uks"]],
                PauseBetweenWaves = TimeSpan.FromMinutes(90),
            })
            {
                ServiceConnection = "contoso-prod",
                Registries =
                [
                    new("ProdWeuRegistry") { Address = "contosoweu.azurecr.io" },
                    new("ProdEusRegistry") { Address = "contosoeus.azurecr.io" },
                    new("ProdUksRegistry") { Address = "contosouks.azurecr.io" },
                ],
            },
        ],
    };

    public static PipelineDeclaration WavesOfRegions { get; } = Waves with
    {
        Environments =
        [
            Waves.Environments[0],
            Waves.Environments[1] with
            {
                JobPerRegion = true,
                Registries =
                [
                    .. Waves.Environments[1].Registries.Select(registry => registry with
                    {
                        ServiceConnection = $"contoso-{registry.Parameter[4..7].ToLowerInvariant()}",
                    }),
                ],
            },
        ],
    };

    public static PipelineDeclaration Everything { get; } = Contoso with
    {
        Commands = new()
        {
            Shell = ScriptShell.Pwsh,
            Steps =
            [
                new("PublishImages", "Test")
                {
                    TestResults = "artifacts/test-results/**/*.trx",
                    Coverage = "artifacts/coverage/**/*.xml",
                    Secrets = ["SonarToken"],
                },
                new("BuildImage") { UsesBaseRegistry = true, ServiceConnection = "contoso-base-read" },
            ],
            PublishSecrets = ["ScanToken"],
        },
        Triggers = new()
        {
            Branches = ["main", "release/*"],
            Paths = new() { Exclude = ["docs"] },
            Batch = true,
            PullRequests = new(),
            Schedules = [new("30 2 * * 0") { DisplayName = "Weekly", Branches = Filter.Only("main"), Always = true }],
        },
        Pool = new NamedPool("contoso-linux") { Demands = ["docker", "Agent.OS -equals Linux"] },
        BuildPool = new HostedPool("ubuntu-24.04"),
        Containers = [new() { Alias = "sdk", Image = "mcr.microsoft.com/dotnet/sdk:10.0", MapDockerSocket = true }],
        BuildContainer = "sdk",
        BuildTimeoutInMinutes = 90,
        Variables = [new("Configuration", "Release")],
        VariableGroups = ["contoso-common"],
        Tools = new() { AuthenticateNuGet = true },
        Environments =
        [
            Environment(DevTarget, "contosodev.azurecr.io"),
            Environment(TestTarget, "contosotest.azurecr.io") with
            {
                VariableGroups = ["contoso-test"],
                Secrets = ["TestKey"],
                TimeoutInMinutes = 30,
                Pool = new NamedPool("contoso-test"),
            },
            Environment(ProdTarget with { Gates = AllGates }, "contoso.azurecr.io") with
            {
                AzureEnvironment = "contoso-prod",
                Description = "What customers use",
            },
        ],
        ReleasePipeline = new() { Tags = new() { Exclude = ["*-*"] } },
        UseTemplates = true,
    };

    public static PipelineDeclaration RequiredTemplate { get; } = Contoso with
    {
        Environments =
        [
            new(new PromotionEnvironment("prod") { Gates = [Gate.RequiredTemplate("Contoso/templates", "release.yml")] })
            {
                ServiceConnection = "contoso-prod",
                Registries = [new("ProdRegistry") { Address = "contoso.azurecr.io" }],
            },
        ],
        UseTemplates = true,
    };

    public static PipelineDeclaration ParallelEnvironments { get; } = Contoso with
    {
        Environments =
        [
            Environment(DevTarget, "contosodev.azurecr.io"),
            Environment(new("load") { After = DevTarget }, "contosoload.azurecr.io"),
            Environment(
                new("staging") { After = DevTarget, Gates = [Gate.ManualValidation("Look at the load test.", "qa@contoso.com")] },
                "contosostage.azurecr.io"),
            Environment(
                new("prod")
                {
                    After = new("staging"),
                    Gates = [Gate.Soak(TimeSpan.FromMinutes(90)), Gate.ManualValidation("Ready?"), Gate.ManualValidation("Really?")],
                },
                "contoso.azurecr.io"),
        ],
        ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual },
    };

    /// <summary>Own steps, jobs and variables; one environment differs from the others.</summary>
    public static PipelineDeclaration OwnSteps { get; } = (Contoso with
    {
        UseTemplates = true,
        PromoteAfterBuild = true,
        ReleasePipeline = new() { Tags = Filter.Only("1.*") },
    })
        .WithStage("Build", build => build with
        {
            StepsBefore =
                [Step.Script("npm ci", workingDirectory: "web") with { DisplayName = "Install packages", Secrets = ["NpmToken"] }],
            StepsAfter =
            [
                Step.Task("CopyFiles@2", ("contents", "licenses/**"), ("targetFolder", "artifacts/licenses")),
                Step.Template("scan.yml", ("image", "app")),
            ],
            Jobs =
            [
                new("Windows")
                {
                    DisplayName = "Test on Windows",
                    Pool = new HostedPool("windows-latest"),
                    Steps =
                        [Step.Script("./build.cmd Test", ScriptShell.Script), Step.Publish("artifacts/test-results", "windows-results")],
                },
                new("Tell")
                {
                    DependsOn = ["Build", "Windows"],
                    Condition = "succeededOrFailed()",
                    Variables = [new("attempt", "$[ dependencies.Build.outputs['attempt.number'] ]")],
                    Steps = [Step.Script("./tell.sh $(attempt)") with { ContinueOnError = true, RetryCountOnTaskFailure = 2 }],
                },
            ],
            Variables = [new("Coverage", "true")],
        })
        .WithStage("PromoteProd", prod => prod with
        {
            StepsBefore = [Step.Script("./freeze.sh")],
            StepsAfter = [Step.Script("./smoke.sh\n./thaw.sh", ScriptShell.Pwsh)],
            OnFailure =
            [
                Step.Task("PublishPipelineArtifact@1", ("targetPath", "logs"), ("artifact", "logs")) with
                {
                    Condition = "ne(variables['Quiet'], 'true')",
                },
            ],
            VariableGroups = ["contoso-smoke"],
        });

    /// <summary>Registries of several kinds, each with its login, and readers that may not push.</summary>
    public static PipelineDeclaration Registries { get; } = (Contoso with { ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual } })
        .WithRegistry(
            "DevRegistry",
            dev => dev with { Address = "ghcr.io/contoso", Login = RegistryLogin.Password("contoso-ci", "GhcrToken") })
        .WithRegistry("TestRegistry", test => test with
        {
            Address = "harbor.contoso.com/test",
            Login = RegistryLogin.Docker("contoso-harbor-test"),
            ReadLogin = RegistryLogin.Docker("contoso-harbor-reader"),
        })
        .WithRegistry("ProdRegistry", prod => prod with
        {
            Address = "contoso.jfrog.io/prod",
            Login = RegistryLogin.Steps(Step.Script("./login.sh") with { Secrets = ["JfrogToken"] }) with
            {
                LogOut = [Step.Script("./logout.sh")],
            },
        });

    /// <summary>Commits to repositories and changes of clusters, each with its login.</summary>
    public static PipelineDeclaration Hosts { get; } = Contoso with
    {
        UseTemplates = true,
        Environments =
        [
            Environment(
                DevTarget with
                {
                    Deployments =
                    [
                        Deployment.KustomizeCommit("https://dev.azure.com/contoso/shop/_git/deploy", "overlays/dev") with
                        {
                            Token = "$(System.AccessToken)",
                            Branch = "live",
                        },
                        Deployment.Kubectl("contoso-dev", "shop", "app", "web") with { Login = HostLogin.Kubernetes("contoso-cluster") },
                        Deployment.Kubectl("contoso-dev", "shop", "jobs", "web") with { Login = HostLogin.Kubernetes("contoso-cluster") },
                    ],
                },
                "contosodev.azurecr.io"),
            Environment(
                TestTarget with
                {
                    Deployments =
                    [
                        Deployment.HelmValuesCommit("https://contoso.visualstudio.com/shop/_git/charts", "values.yaml") with
                        {
                            Token = "$(System.AccessToken)",
                        },
                        Deployment.KustomizeCommit("https://github.com/contoso/deploy", "overlays/test") with { Token = "$(GitOpsToken)" },
                    ],
                },
                "contosotest.azurecr.io"),
            Environment(
                ProdTarget with
                {
                    Deployments =
                    [
                        Deployment.Kubectl("aks-prod", "shop", "app", "web") with { Login = HostLogin.Aks("contoso-rg", "contoso-prod") },
                        Deployment.KustomizeCommit("git@github.com:contoso/deploy.git", "overlays/prod") with
                        {
                            Login = HostLogin.Steps(Step.Task(
                                "InstallSSHKey@0", ("knownHostsEntry", "$(KnownHosts)"), ("sshKeySecureFile", "deploy-key"))),
                        },
                    ],
                },
                "contoso.azurecr.io"),
        ],
    };

    /// <summary>A pipeline that publishes packages for a tag.</summary>
    public static TargetPipeline Packages { get; } = new("azure-pipelines.packages.yml")
    {
        Tags = Filter.Only("v*"),
        Variables = [new("Configuration", "Release")],
        Stages =
        [
            new("Pack", "Pack", "VerifyPackages") { Publishes = [new("packages", "artifacts/packages")] },
            new("Push", "PushPackages")
            {
                DisplayName = "Push to NuGet",
                SkipDependencies = true,
                Downloads = ["packages"],
                Secrets = ["NuGetApiKey"],
                Environment = "nuget",
                StepsBefore = [Step.Task("NuGetAuthenticate@1")],
                OnFailure = [Step.Script("./tell.sh")],
            },
            new("Mirror", "MirrorPackages")
            {
                ServiceConnection = "contoso-base",
                Downloads = ["packages"],
                DependsOn = ["Pack"],
                TimeoutInMinutes = 10,
            },
        ],
    };

    public static IReadOnlyDictionary<string, PipelineDeclaration> All { get; } = new Dictionary<string, PipelineDeclaration>
    {
        ["minimal"] = Minimal,
        ["contoso"] = Contoso,
        ["templates"] = Templates,
        ["artifact"] = Artifact,
        ["both"] = Both,
        ["release-by-image"] = ReleaseByImage,
        ["release-by-build"] = ReleaseByBuild,
        ["release-by-hand"] = ReleaseByHand,
        ["regions"] = Regions,
        ["rollback"] = Regions with
        {
            Rollbacks = new Dictionary<string, string> { ["dev"] = "RollbackDev", ["prod"] = "RollbackProd" },
        },
        ["regions-at-once"] = RegionsAtOnce,
        ["slices"] = Slices,
        ["waves"] = Waves,
        ["waves-of-regions"] = WavesOfRegions,
        ["everything"] = Everything,
        ["required-template"] = RequiredTemplate,
        ["parallel"] = ParallelEnvironments,
        ["own-steps"] = OwnSteps,
        ["registries"] = Registries,
        ["hosts"] = Hosts,
        ["settings"] = OwnDeclarations.Settings,
        ["plain-yaml"] = OwnDeclarations.PlainYaml,
        ["jobs"] = OwnDeclarations.Jobs,
        ["stages"] = OwnDeclarations.Stages,
    };

    private static IReadOnlyList<Gate> AllGates =>
    [
        Gate.Approval(["first@contoso.com", "second@contoso.com"]) with
        {
            InSequence = true,
            RequesterMayApprove = true,
            Timeout = TimeSpan.FromDays(2),
        },
        Gate.OnlyBranches("main", "release/*"),
        Gate.BusinessHours(new(8, 0), new(16, 30), "W. Europe Standard Time"),
        Gate.ExclusiveLock(LockBehavior.RunLatest),
        Gate.RestCheck("Health", "contoso-health", "/ready") with
        {
            Method = "GET",
            SuccessCriteria = "eq(root['status'], 'ok')",
            Headers = new Dictionary<string, string> { ["Accept"] = "application/json" },
        },
        Gate.FunctionCheck("Change window", new("https://contoso.azurewebsites.net/api/window")) with { WaitForCallback = true },
        Gate.NoAlerts("contoso-prod", "rg-prod"),
        Gate.WorkItems(new("3c1c8ee2-52b4-4ff6-9a3a-6bde4d5c7b01")),
        Gate.Soak(TimeSpan.FromHours(36)),
        Gate.ManualValidation("Compare the digests.", "release@contoso.com", "qa@contoso.com") with
        {
            Approvers = [@"[Contoso]\Release"],
            Timeout = TimeSpan.FromDays(3),
        },
    ];

    private static PipelineEnvironment Environment(PromotionEnvironment target, string address) => new(target)
    {
        ServiceConnection = "contoso-" + target.Name,
        Registries = [new(target.RegistryParameters[0]) { Address = address }],
    };
}

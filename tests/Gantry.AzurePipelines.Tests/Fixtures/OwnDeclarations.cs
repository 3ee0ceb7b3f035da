using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Fixtures;

/// <summary>Declarations with settings and parts of a team's own.</summary>
internal static class OwnDeclarations
{
    /// <summary>Settings that hold for every job.</summary>
    public static PipelineDeclaration Settings { get; } = (SampleDeclarations.Contoso with
    {
        Sources = new()
        {
            Submodules = SubmoduleCheckout.Recursive,
            LargeFiles = true,
            PersistCredentials = true,
            Path = "s/app",
            CleanWorkspace = WorkspaceFolders.All,
        },
        Tools = new()
        {
            AuthenticateNuGet = true,
            RetryCount = 2,
            Caches = [new("$(Pipeline.Workspace)/.npm", "web/package-lock.json")],
        },
        CancelTimeoutInMinutes = 15,
        Triggers = new()
        {
            Branches = ["main", "release/*"],
            ExcludedBranches = ["release/old"],
            Tags = new() { Include = ["v*"], Exclude = ["v0.*"] },
            PullRequests = new()
            {
                Branches = new() { Include = ["main", "release/*"], Exclude = ["release/old*"] },
                Paths = new() { Include = ["src"], Exclude = ["src/docs"] },
                AutoCancel = false,
                Drafts = false,
            },
            Schedules =
            [
                new("0 3 * * Mon-Fri")
                {
                    DisplayName = "Every night",
                    Branches = new() { Include = ["main"], Exclude = ["main-old"] },
                    Batch = true,
                },
            ],
        },
        ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual },
    }).WithStage("Build", build => build with
    {
        Jobs = [new("Lint") { Steps = [Step.Script("./lint.sh")] }],
    });

    /// <summary>Steps and jobs from YAML, templates of jobs and variables, services.</summary>
    public static PipelineDeclaration PlainYaml { get; } = (SampleDeclarations.Contoso with
    {
        UseTemplates = true,
        Containers =
        [
            new() { Alias = "postgres", Image = "postgres:17", Ports = ["5432:5432"], Environment = [new("POSTGRES_DB", "tests")] },
            new() { Alias = "sdk", Image = "mcr.microsoft.com/dotnet/sdk:10.0" },
            new() { Alias = "redis", Image = "redis:8" },
        ],
    })
        .WithStage("Build", build => build with
        {
            StepsBefore =
            [
                Step.Yaml("""
                    # What the model has is typed, also from YAML.
                    - bash: |
                        npm ci
                        npm test
                      displayName: Test the web part
                      workingDirectory: web
                      env:
                        CI: yes
                    - powershell: Get-ChildItem
                      failOnStderr: true
                      errorActionPreference: stop
                    - task: CmdLine@2
                      inputs:
                        script: echo hello
                      enabled: true
                    """) with { Secrets = ["NpmToken"] },
            ],
            Services = [new("db", "postgres")],
            Condition = "ne(variables['Pause'], 'true')",
            VariableTemplates = [new("/ci/variables.yml") { Parameters = [new("stage", "build")] }],
            Jobs =
            [
                Job.Yaml("""
                    job: Matrix
                    strategy:
                      maxParallel: 2
                      matrix:
                        small:
                          Size: 1
                        large:
                          Size: 2
                    dependsOn: Build
                    pool:
                      vmImage: windows-latest
                    container:
                      image: ubuntu:24.04
                    services:
                      cache: redis
                    variables:
                    - group: contoso-matrix
                    - name: Fixed
                      value: "1"
                      readonly: true
                    steps:
                    - script: echo $(Size)
                    """),
                new("Integration")
                {
                    Container = "sdk",
                    Services = [new("cache", "redis")],
                    Steps = [Step.Script("./integration.sh")],
                },
            ],
        })
        .WithStage("PromoteProd", prod => prod with
        {
            StepsAfter = [Step.Yaml("download: current\nartifact: release-$(ReleaseAttempt)\npatterns: '**/*.json'")],
            Jobs =
            [
                Job.Yaml("""
                    deployment: Canary
                    environment:
                      name: prod
                      resourceType: VirtualMachine
                    strategy:
                      rolling:
                        maxParallel: 50%
                        deploy:
                          steps:
                          - bash: ./restart.sh
                        on:
                          failure:
                            steps:
                            - bash: ./roll-back.sh
                    """),
            ],
        });

    /// <summary>More jobs of the build, secrets of a key vault, choices of the person who starts a run.</summary>
    public static PipelineDeclaration Jobs { get; } = (SampleDeclarations.Contoso with
    {
        UseTemplates = true,
        ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual },
        RunName = "$(Date:yyyyMMdd).$(Rev:r)",
        AppendCommitMessageToRunName = false,
        Parameters =
        [
            new("Reason") { DisplayName = "Reason of the run" },
            new("LogLevel") { Values = ["quiet", "verbose"] },
        ],
        ReadOnlyVariables = [new("Configuration", "Release")],
        VariableTemplates = [new("/ci/variables.yml") { Parameters = [new("stage", "all")] }],
        KeyVaults = [new("contoso-secrets", "contoso-vault", "SonarToken", "feed-key"), new("contoso-prod", "contoso-prod", "PagerKey")],
        Containers = [new() { Alias = "postgres", Image = "postgres:17", Ports = ["5432:5432"] }],
        Tools = new() { RetryCount = 1 },
        Commands = new() { Steps = [new("PublishImages", "Test") { Secrets = ["SonarToken"], TimeoutInMinutes = 20 }, new("BuildImage")] },
        BuildJobs =
        [
            new("Windows", new BuildStep("Test") { TestResults = "artifacts/test-results/**/*.trx" })
            {
                DisplayName = "Test on Windows",
                Pool = new HostedPool("windows-latest"),
                Shell = ScriptShell.Pwsh,
                TimeoutInMinutes = 90,
                OnFailure = [Step.Publish("dumps", "dumps")],
            },
            new("Database", new BuildStep("IntegrationTest") { ContinueOnError = true }, new BuildStep("LoadTest"))
            {
                Services = [new("db", "postgres")],
                Variables = [new("Connection", "Host=localhost")],
                StepsBefore = [Step.Script("./restore.sh") with { Secrets = ["feed-key"] }],
            },
        ],
    })
        .WithStage("PromoteProd", prod => prod with { OnFailure = [Step.Script("./page.sh") with { Secrets = ["PagerKey"] }] })
        .WithStage("Build", build => build with { StepsAfter = [Step.Script("./scan.sh")] });

    /// <summary>Stages of a team's own: between two, before a soak time, at the end, from YAML and from a template.</summary>
    public static PipelineDeclaration Stages { get; } = (SampleDeclarations.Contoso with
    {
        UseTemplates = true,
        ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual },
    }).WithStages(
        new OwnStage("SmokeTest")
        {
            DisplayName = "Smoke test",
            After = "PromoteTest",
            Before = "PromoteProd",
            Variables = [new("Address", "https://test.contoso.com")],
            VariableGroups = ["contoso-smoke"],
            Jobs = [new("Smoke") { Steps = [Step.Script("./smoke.sh $(Address)")] }],
        },
        OwnStage.Yaml("Scan", """
            stage: Scan
            displayName: Scan what was built
            pool:
              vmImage: windows-latest
            jobs:
            - job: Scan
              variables:
                Depth: 3
              steps:
              - powershell: ./scan.ps1 $(Depth)
            """) with { After = "Build", Before = "Publish" },
        new OwnStage("Tell")
        {
            After = "PromoteProd",
            Condition = "eq(variables['Build.Reason'], 'IndividualCI')",
            Jobs = [Job.Template("/ci/tell.yml", ("who", "everybody"))],
        },
        new OwnStage("Archive")
        {
            After = "Tell",
            Jobs =
            [
                Job.Yaml("""
                    deployment: Archive
                    environment: archive
                    strategy:
                      runOnce:
                        deploy:
                          steps:
                          - bash: ./archive.sh
                    """),
            ],
        });
}

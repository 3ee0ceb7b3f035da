using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.RunConfigurations;
using Gantry.AzurePipelines;
using Gantry.Environments;

namespace Gantry.Nuke.Tests.Generation;

/// <summary>A build class with the minimal declaration.</summary>
[PromotionPipeline]
internal class MinimalBuild : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
{
    public IReadOnlyList<ContainerImage> Images => [new("app")];

    public PromotionEnvironment DevEnvironment => new("dev");

    public Target PromoteDev => _ => _.Promote(this, DevEnvironment);
}

/// <summary>A build class that sets everything in the attribute, and the rest in the hook.</summary>
[PromotionPipeline(
    File = "ci/contoso.yml",
    TriggerBranches = ["main", "release/*"], TriggerTags = ["v*"], TriggerPathsInclude = ["src"], TriggerPathsExclude = ["docs"],
    TriggerBranchesExclude = ["release/old"], TriggerTagsExclude = ["v0.*"], TriggerBatch = true,
    PullRequestsBranches = ["main", "release/*"], PullRequestsBranchesExclude = ["release/old"], PullRequestsPathsInclude = ["src"],
    PullRequestsPathsExclude = ["docs"], PullRequestsAutoCancel = false, PullRequestsDrafts = false, PromotedBranches = ["main"],
    Submodules = SubmoduleCheckout.Recursive, LargeFiles = true, FetchDepth = 0, CacheKeyFiles = ["**/packages.lock.json"],
    CachePaths = [".nuke/temp"],
    Registry = "contoso{environment}.azurecr.io/team", ServiceConnection = "contoso-{environment}", ResourceGroup = "contoso-images",
    Transport = ImageTransport.Both, Release = ReleaseTrigger.ImagePush, ReleaseTagsInclude = ["1.*"], ReleaseTagsExclude = ["*-*"],
    Pool = "contoso", Demands = ["docker"], ImportVariableGroups = ["contoso-common"], BuildSecrets = ["FeedToken"], UseTemplates = true)]
[PipelineSchedule("0 3 * * Mon-Fri", DisplayName = "Every night", Always = true)]
[PipelineSchedule("0 4 * * Sun", Branches = ["release/*"], BranchesExclude = ["release/old"], Batch = true)]
[PipelineSchedule("0 6 * * Mon", OfReleasePipeline = true)]
internal sealed class FullBuild : NukeBuild, ICompileImages, ITestSolution, IBuildImage, IPushBase, IPromote, IGenerateFiles
{
    public IReadOnlyList<ContainerImage> Images => [new("web"), new("api")];

    public PromotionEnvironment ProdEnvironment =>
        new("prod") { After = StagingEnvironment, Regions = ["west-europe", "east-us"], Gates = [Gate.ExclusiveLock()] };
    public PromotionEnvironment StagingEnvironment =>
        new("staging") { Gates = [Gate.Approval("qa@contoso.com"), Gate.ManualValidation("Look at it.")] };

    public Target PromoteStaging => _ => _.Promote(this, StagingEnvironment);
    public Target PromoteProd => _ => _.Promote(this, ProdEnvironment);

    public Configure<PipelineDeclaration> PipelineSettings => _ => (_ with
    {
        Containers = [new ContainerResource { Alias = "sdk", Image = "mcr.microsoft.com/dotnet/sdk:10.0" }],
        BuildContainer = "sdk",
        Variables = [new("Configuration", "Release")],
    })
    .WithEnvironment(ProdEnvironment, prod => prod with
    {
        JobPerRegion = true,
        VariableGroups = ["contoso-prod"],
        Registries =
            [.. prod.Registries.Select((registry, i) => registry with { ServiceConnection = i == 0 ? "contoso-weu" : "contoso-eus" })],
    });
}

/// <summary>Signs with keys in Azure Key Vault, and with files whose passwords are secrets. No key is there.</summary>
[PromotionPipeline(
    Registry = "contoso{environment}.azurecr.io", ServiceConnection = "contoso-{environment}",
    PublishSecrets = ["BaseSigningKeyPassword"], PromotionSecrets = ["{environment}SigningKeyPassword"])]
[PromotionWorkflow(
    "signed", OnPushBranches = ["main"], Registry = "harbor.contoso.com/{environment}",
    PublishSecrets = ["BaseSigningKeyPassword"], PromotionSecrets = ["{environment}SigningKeyPassword"])]
internal sealed class SigningBuild : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote, IGenerateFiles
{
    public IReadOnlyList<ContainerImage> Images => [new("app")];

    public string SigningKey => "https://contoso-{environment}.vault.azure.net/keys/images";

    public PromotionEnvironment TestEnvironment => new("test");

    public PromotionEnvironment ProdEnvironment => new("prod") { After = TestEnvironment };

    public Target PromoteTest => _ => _.Promote(this, TestEnvironment);

    public Target PromoteProd => _ => _.Promote(this, ProdEnvironment);
}

/// <summary>Signs with files that are not there, in an environment whose name has a hyphen.</summary>
[PromotionPipeline(
    Registry = "contoso{environment}.azurecr.io", ServiceConnection = "contoso-{environment}",
    PromotionSecrets = ["{environment}SigningKeyPassword"])]
internal sealed class BuildWithKeyFiles : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
{
    public IReadOnlyList<ContainerImage> Images => [new("app")];

    public string SigningKey => "secrets/{environment}.pem";

    public PromotionEnvironment PreProdEnvironment => new("pre-prod");

    public Target PromotePreProd => _ => _.Promote(this, PreProdEnvironment);
}

/// <summary>Has the attribute and no promotion.</summary>
[PromotionPipeline]
internal sealed class BuildWithoutPromotion : NukeBuild;

/// <summary>Has a promotion and no environment.</summary>
[PromotionPipeline]
internal sealed class BuildWithoutEnvironment : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
{
    public IReadOnlyList<ContainerImage> Images => [new("app")];
}

/// <summary>Has an environment without a promotion target.</summary>
[PromotionPipeline]
internal sealed class BuildWithoutTarget : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
{
    public IReadOnlyList<ContainerImage> Images => [new("app")];

    public PromotionEnvironment DevEnvironment => new("dev");
}

/// <summary>Changes an environment that is not declared.</summary>
[PromotionPipeline]
internal sealed class BuildWithUnknownEnvironment : MinimalBuild, IGenerateFiles
{
    public Configure<PipelineDeclaration> PipelineSettings => _ => _.WithEnvironment(new("moon"), moon => moon);
}

/// <summary>Adds a step of its own.</summary>
[PromotionPipeline]
internal sealed class BuildWithOwnStep : MinimalBuild, IGenerateFiles
{
    public Configure<PipelineDeclaration> PipelineSettings => _ => _
        .WithStage("Build", build => build with { StepsBefore = [Step.Script("npm ci") with { Secrets = ["NpmToken"] }] });
}

/// <summary>Has required parameters.</summary>
[RunConfigurations(Profile = "local")]
internal sealed class BuildWithRequiredParameters : NukeBuild, IGenerateFiles
{
    [Parameter("Which flavour")]
    public Flavour? Flavour { get; init; }

    [Parameter("How many")]
    public string? Amount { get; init; }

    [Parameter, Secret]
    public string? Key { get; init; }

    public Configure<RunConfigurationSet> RunConfigurationSettings =>
        _ => _.WithTarget("Prepare", prepare => prepare with { Profile = null });
}

public enum Flavour
{
    Vanilla,
    Lemon,
}

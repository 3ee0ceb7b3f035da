using Gantry.Environments;
using Gantry.Nuke;
using Nuke.Common;

#if (IsAzure)
#if (HasRegistry && HasConnection)
[PromotionPipeline(Registry = "GANTRY_REGISTRY", ServiceConnection = "GANTRY_CONNECTION", Rollback = true)]
#elseif (HasRegistry)
[PromotionPipeline(Registry = "GANTRY_REGISTRY", Rollback = true)]
#elseif (HasConnection)
[PromotionPipeline(ServiceConnection = "GANTRY_CONNECTION", Rollback = true)]
#else
[PromotionPipeline(Rollback = true)]
#endif
#elseif (IsGitHub)
#if (HasRegistry)
[PromotionWorkflow("build", Registry = "GANTRY_REGISTRY", Approvers = ["GANTRY_APPROVER=@GANTRY_APPROVER"], Rollback = true)]
#else
[PromotionWorkflow("build", Approvers = ["GANTRY_APPROVER=@GANTRY_APPROVER"], Rollback = true)]
#endif
#endif
[RunConfigurations]
class Build : GantryBuild, ICompileImages, IBuildImage, IPushBase, IPromote, IGenerateFiles,
    IReportEnvironments, ICompareReleases, IVerifyEnvironments, IPruneRegistries
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    // Each service is an image. A release has all of them, and they are promoted together.
    public IReadOnlyList<ContainerImage> Images =>
    [
        new("gantry-service") { Project = "GANTRY_PROJECT", Dockerfile = "build/gantry-service.Dockerfile" },
#if (HasSecond)
        new("gantry-second-service") { Project = "GANTRY_SECOND_PROJECT", Dockerfile = "build/gantry-second-service.Dockerfile" },
#endif
    ];

    public PromotionEnvironment DevEnvironment => new("dev");
    public PromotionEnvironment TestEnvironment => new("test") { After = DevEnvironment };
    public PromotionEnvironment ProdEnvironment => new("prod")
    {
        After = TestEnvironment,
        Gates = [Gate.Approval(@"GANTRY_APPROVER")],
    };

    Target PromoteDev => _ => _.Promote(this, DevEnvironment);
    Target PromoteTest => _ => _.Promote(this, TestEnvironment);
    Target PromoteProd => _ => _.Promote(this, ProdEnvironment);

    Target RollbackDev => _ => _.Rollback(this, DevEnvironment);
    Target RollbackTest => _ => _.Rollback(this, TestEnvironment);
    Target RollbackProd => _ => _.Rollback(this, ProdEnvironment);
}

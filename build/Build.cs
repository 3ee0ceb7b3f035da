using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.Nuke;

[PromotionPipeline(
    Registry = "contoso{environment}.azurecr.io", ServiceConnection = "contoso-{environment}", ResourceGroup = "contoso-images",
    TriggerBranches = ["main"], TriggerTags = ["*"], Release = ReleaseTrigger.ImagePush, ReleaseTagsExclude = ["*-*"],
    Rollback = true)]
[DriftPipeline("17 * * * *", ServiceConnection = "contoso-drift")]
[RunConfigurations]
partial class Build : GantryBuild, ICompileImages, ITestSolution, IBuildImage, IPushBase, IPromote, IRebuildReleases, IGenerateFiles,
    IProvisionEnvironments, IValidatePipeline, IManageKeys, IApproveReleases, IReportEnvironments, IVerifyEnvironments,
    IMaintainBaseImages, IPruneRegistries, ICompareReleases
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment DevEnvironment => new("dev");
    public PromotionEnvironment TestEnvironment => new("test") { After = DevEnvironment, Gates = [Gate.Approval(@"[Contoso]\QA")] };
    public PromotionEnvironment ProdEnvironment => new("prod")
    {
        After = TestEnvironment,
        Gates = [Gate.Approval([@"[Contoso]\Release", @"[Contoso]\Operations"], minimum: 2), Gate.Soak(TimeSpan.FromHours(24))],
    };

    // Tests spend most of their time waiting for processes and connections.
    public int TestDegreeOfParallelism => 2;

    Target PromoteDev => _ => _.Promote(this, DevEnvironment);
    Target PromoteTest => _ => _.Promote(this, TestEnvironment);
    Target PromoteProd => _ => _.Promote(this, ProdEnvironment);

    Target RollbackDev => _ => _.Rollback(this, DevEnvironment);
    Target RollbackTest => _ => _.Rollback(this, TestEnvironment);
    Target RollbackProd => _ => _.Rollback(this, ProdEnvironment);
}

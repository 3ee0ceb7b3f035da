using System.Reflection;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke.Tests.Generation;

/// <summary>The generation of the pipeline that verifies environments at fixed times.</summary>
public class DriftPipelineTests
{
    [Fact]
    public void The_pipeline_verifies_and_reports_at_its_times()
    {
        var file = Generate(new BuildWithDrift());

        Assert.Equal("azure-pipelines.drift.yml", file.Path);
        Assert.Contains("trigger: none\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("- cron: 17 * * * *\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("  always: true\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("./build.sh VerifyEnvironments ReportDrift\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("azureSubscription: contoso-drift\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("SYSTEM_ACCESSTOKEN: $(System.AccessToken)\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("DRIFT_WEBHOOK: $(DRIFT_WEBHOOK)\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("PROD_WEBHOOK: $(PROD_WEBHOOK)\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("value: contosoprod.azurecr.io\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("artifact: drift-$(System.StageAttempt)\n", file.Content, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_alert_drift_is_only_shown()
    {
        var file = Generate(new BuildWithSilentDrift());

        Assert.Contains("./build.sh VerifyEnvironments\n", file.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("ReportDrift", file.Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_verifies_nothing_or_an_alert_that_cannot_be_used_is_refused()
    {
        Assert.Equal("GAN4521", Assert.Throws<GantryException>(() => Generate(new BuildWithoutVerification())).Code);
        Assert.Equal("GAN4508", Assert.Throws<GantryException>(() => Generate(new BuildWithUnusableAlert())).Code);
    }

    [Fact]
    public void The_workflow_verifies_and_reports_at_its_times_and_publishes_the_page()
    {
        var file = Generate<DriftWorkflowAttribute>(new BuildWithDriftOnGitHub());

        Assert.Equal(".github/workflows/drift.yml", file.Path);
        Assert.All(
            (string[])
            [
                "  - cron: 17 * * * *\n", "  workflow_dispatch: {}\n", "./build.sh VerifyEnvironments ReportDrift\n", "./build.sh Report\n",
                "DRIFT_WEBHOOK: ${{ secrets.DRIFT_WEBHOOK }}\n", "PROD_WEBHOOK: ${{ secrets.PROD_WEBHOOK }}\n",
                "ProdRegistry: contosoprod.azurecr.io\n", "path: artifacts/report\n", "environment: readers\n",
            ],
            part => Assert.Contains(part, file.Content, StringComparison.Ordinal));
    }

    [Fact]
    public void A_build_without_workflows_or_without_verification_is_refused() => Assert.All(
        (NukeBuild[])[new BuildWithoutWorkflow(), new BuildWithoutVerificationOnGitHub()],
        build => Assert.Equal("GAN4521", Assert.Throws<GantryException>(() => Generate<DriftWorkflowAttribute>(build)).Code));

    [Fact]
    public void The_workflow_that_goes_back_has_the_targets_of_the_class()
    {
        var build = new BuildWithReturnsOnGitHub();
        var files = build.GetType().GetCustomAttribute<PromotionWorkflowAttribute>()!.CreateFiles(build, []).EnsureValid();

        var file = Assert.Single(files, file => file.Path == ".github/workflows/build.rollback.yml");
        Assert.Contains("./build.sh RollbackProd\n", file.Content, StringComparison.Ordinal);
        Assert.Contains("To: ${{ inputs.release }}\n", file.Content, StringComparison.Ordinal);
    }

    private static AzurePipelines.GeneratedFile Generate(NukeBuild build) => Generate<DriftPipelineAttribute>(build);

    private static AzurePipelines.GeneratedFile Generate<T>(NukeBuild build)
        where T : FileGeneratorAttribute =>
        Assert.Single(build.GetType().GetCustomAttribute<T>()!.CreateFiles(build, []).EnsureValid());
}

[PromotionWorkflow(Registry = "contoso{environment}.azurecr.io")]
[DriftWorkflow("17 * * * *", GitHubEnvironment = "readers")]
internal sealed class BuildWithDriftOnGitHub : MinimalDriftBuild, IVerifyEnvironments, IReportEnvironments
{
    public DriftAlert? DriftAlert => Drift.DriftAlert.Webhook("$(DRIFT_WEBHOOK)");
}

[DriftWorkflow("17 * * * *")]
internal sealed class BuildWithoutWorkflow : MinimalDriftBuild, IVerifyEnvironments;

[PromotionWorkflow]
[DriftWorkflow("17 * * * *")]
internal sealed class BuildWithoutVerificationOnGitHub : MinimalDriftBuild;

[PromotionWorkflow(Registry = "contoso{environment}.azurecr.io", Rollback = true)]
internal sealed class BuildWithReturnsOnGitHub : MinimalDriftBuild
{
    public Target RollbackProd => _ => _.Rollback(this, ProdEnvironment);
}

[PromotionPipeline(Registry = "contoso{environment}.azurecr.io")]
[DriftPipeline("17 * * * *", ServiceConnection = "contoso-drift")]
internal class BuildWithDrift : MinimalDriftBuild, IVerifyEnvironments
{
    public virtual DriftAlert? DriftAlert => Drift.DriftAlert.Webhook("$(DRIFT_WEBHOOK)");
}

[PromotionPipeline(Registry = "contoso{environment}.azurecr.io")]
[DriftPipeline("17 * * * *")]
internal sealed class BuildWithSilentDrift : MinimalDriftBuild, IVerifyEnvironments;

[PromotionPipeline(Registry = "contoso{environment}.azurecr.io")]
[DriftPipeline("17 * * * *")]
internal sealed class BuildWithoutVerification : MinimalDriftBuild;

[DriftPipeline("17 * * * *")]
internal sealed class BuildWithUnusableAlert : BuildWithDrift
{
    public override DriftAlert? DriftAlert => Drift.DriftAlert.WorkItem("");
}

/// <summary>A build class with one environment, whose hosts are told by a webhook.</summary>
internal abstract class MinimalDriftBuild : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
{
    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment ProdEnvironment => new("prod") { Deployments = [Deployment.Webhook("$(PROD_WEBHOOK)")] };

    public Target PromoteProd => _ => _.Promote(this, ProdEnvironment);
}

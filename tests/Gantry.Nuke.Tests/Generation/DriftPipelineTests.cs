using System.Reflection;
using Gantry.Drift;
using Gantry.Environments;

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

    private static AzurePipelines.GeneratedFile Generate(NukeBuild build) => Assert.Single(
        build.GetType().GetCustomAttribute<DriftPipelineAttribute>()!.CreateFiles(build, []).EnsureValid());
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

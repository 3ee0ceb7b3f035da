using System.Reflection;
using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.GitHubActions;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke.Tests.Generation;

/// <summary>The generation of workflows from a build class and its attribute.</summary>
public class WorkflowGenerationTests
{
    [Fact]
    public void One_class_gives_pipelines_and_workflows()
    {
        var build = new BuildOnBoth();
        var files = build.GetType().GetCustomAttributes<FileGeneratorAttribute>()
            .SelectMany(generator => generator.CreateFiles(build, []).EnsureValid())
            .Select(file => file.Path);

        Assert.Equal(
            [
                ".github/workflows/shop.release.yml", ".github/workflows/shop.yml", "azure-environments.json", "azure-pipelines.yml",
            ],
            files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_workflow_follows_attribute_and_class()
    {
        var workflow = TextOf(".github/workflows/shop.yml");

        Assert.All(
            (string[])
            [
                "    tags:\n    - v*\n", "    branches:\n    - main\n", "runs-on: contoso", "./build.sh VerifyGenerated PublishImages\n",
                "./build.sh BuildImage --skip", "./build.sh PushBase --skip", "./build.sh PromoteProd --skip",
                "ProdRegistry: contosoprod.azurecr.io", "environment: production", "      OWN_KEY: ${{ secrets.OWN_KEY }}\n",
            ],
            part => Assert.Contains(part, workflow, StringComparison.Ordinal));
    }

    [Fact]
    public void The_host_is_that_of_GitHub()
    {
        var attribute = new PromotionWorkflowAttribute();

        Assert.Equal("GitHubActions", attribute.Id);
        Assert.False(((IConfigurationGenerator)attribute).AutoGenerate);
    }

    [Fact]
    public void An_approver_without_a_name_in_GitHub_is_a_coded_error()
    {
        var build = new BuildOnBoth();
        var error = Assert.Throws<GantryException>(() =>
            new PromotionWorkflowAttribute { Approvers = [@"[Contoso]\QA"] }.CreateFiles(build, []));

        Assert.Equal("GAN8217", error.Code);
    }

    [Fact]
    public void An_approver_that_is_there_twice_is_a_coded_error()
    {
        var error = Assert.Throws<GantryException>(() => new PromotionWorkflowAttribute
        {
            Approvers = [@"[Contoso]\QA=@contoso/qa", @"[Contoso]\QA = @anna"],
        }.CreateFiles(new BuildOnBoth(), []));

        Assert.Equal("GAN8230", error.Code);
        Assert.Contains(@"[Contoso]\QA", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_workflow_that_is_no_longer_declared_is_orphaned()
    {
        var root = Directory.CreateTempSubdirectory("workflows-").FullName;
        var build = new BuildOnBoth();
        GeneratedFiles.Write(new PromotionWorkflowAttribute { Approvers = [@"[Contoso]\QA=@contoso/qa"] }.CreateFiles(build, []), root);

        var written = GeneratedFiles.Write(
            new PromotionWorkflowAttribute { Approvers = [@"[Contoso]\QA=@contoso/qa"], ReleaseWorkflow = false }.CreateFiles(build, []),
            root);

        Assert.Equal([".github/workflows/build.release.yml"], written);
        Assert.Equal(["build.yml"], Directory.GetFiles(Path.Combine(root, ".github/workflows")).Select(Path.GetFileName));
        Directory.Delete(root, recursive: true);
    }

    private static string TextOf(string path)
    {
        var build = new BuildOnBoth();
        return build.GetType().GetCustomAttribute<PromotionWorkflowAttribute>()!.CreateFiles(build, []).EnsureValid()
            .Single(file => file.Path == path).Content;
    }

    [PromotionPipeline(Registry = "contoso{environment}.azurecr.io", ServiceConnection = "contoso-{environment}")]
    [PromotionWorkflow(
        "shop", OnPushTags = ["v*"], Registry = "contoso{environment}.azurecr.io", RunsOn = ["contoso"],
        Approvers = [@"[Contoso]\QA=@contoso/qa"])]
    private sealed class BuildOnBoth : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote, IGenerateFiles
    {
        public IReadOnlyList<ContainerImage> Images => [new("app")];

        public PromotionEnvironment DevEnvironment => new("dev");

        public PromotionEnvironment ProdEnvironment => new("prod") { After = DevEnvironment, Gates = [Gate.Approval(@"[Contoso]\QA")] };

        public Configure<WorkflowDeclaration> WorkflowSettings => _ => _
            .WithEnvironment(ProdEnvironment, prod => prod with { GitHubEnvironment = "production" })
            .WithJob("build", job => job with { StepsBefore = [WorkflowStep.Run("./own.sh") with { Secrets = ["OWN_KEY"] }] });

        public Target PromoteDev => _ => _.Promote(this, DevEnvironment);

        public Target PromoteProd => _ => _.Promote(this, ProdEnvironment);
    }
}

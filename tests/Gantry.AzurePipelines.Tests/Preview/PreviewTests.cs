using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Preview;
using Gantry.AzurePipelines.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace Gantry.AzurePipelines.Tests.Preview;

public class PreviewTests
{
    public static TheoryData<string> SampleNames =>
        new(SampleDeclarations.All.Where(sample => !sample.Value.UseTemplates).Select(sample => sample.Key));

    [Theory]
    [MemberData(nameof(SampleNames))]
    public async Task The_service_accepts_generated_pipelines_after_provisioning(string name)
    {
        var declaration = SampleDeclarations.All[name];
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);

        var before = await PreviewAsync(fixture, declaration);
        await fixture.ProvisionAsync(declaration);
        var after = await PreviewAsync(fixture, declaration);

        Assert.Contains(
            before.SelectMany(pipeline => pipeline.Diagnostics),
            diagnostic => diagnostic.Code == "GAN9061" && diagnostic.DeclarationPath.StartsWith("Environments[", StringComparison.Ordinal));
        Assert.Equal(PipelineGenerator.Pipelines(declaration).Select(file => file.Path), after.Select(pipeline => pipeline.File));
        Assert.All(after, pipeline => Assert.Empty(pipeline.Diagnostics));
    }

    // Messages of the service; the diagnostics for the declaration 'everything'.
    public static TheoryData<string, string, string> Sentences => new()
    {
        { "Stage PromoteTest depends on unknown stage NoSuchStage.", "GAN9065", "Environments[\"test\"]" },
        { "Stage Build job Build depends on unknown job NoSuchJob.", "GAN9065", "Stages[\"Build\"].Jobs[\"Build\"]" },
        { "The pipeline must contain at least one stage with no dependencies.", "GAN9065", "Declaration" },
        { "Stage PromoteProd must contain at least one job with no dependencies.", "GAN9065", "Environments[\"prod\"]" },
        {
            "Stage PromoteTest depends on stage PromoteProd which creates a cycle in the dependency graph.",
            "GAN9065", "Environments[\"test\"]"
        },
        {
            "The stage name PromoteTest appears more than once. Stage names must be unique within a pipeline.",
            "GAN9065", "Environments[\"test\"]"
        },
        {
            "Job Promote: Environment contoso-prod could not be found. The environment does not exist or has not been authorized for use.",
            "GAN9061", "Environments[\"prod\"]"
        },
        { "Job Promote: Resource someResource does not exist in environment contoso-prod.", "GAN9061", "Environments[\"prod\"]" },
        {
            "Job Promote: Environment unknown could not be found. The environment does not exist or has not been authorized for use.",
            "GAN9061", "Declaration"
        },
        {
            "A task is missing. The pipeline references a task called 'AzureCLI'. This usually indicates the task isn't installed.",
            "GAN9063", "Commands.Steps[1]"
        },
        { "Anchors are not currently supported. Remove the anchor 'shared'", "GAN9065", "Declaration" },
        { "/azure-pipelines.yml (Line: 3, Col: 1): 'variables' is already defined", "GAN9065", "Declaration" },
        {
            "An error occurred while loading the YAML build pipeline. Variable group  was not found or is not authorized for use.",
            "GAN9062", "VariableGroups"
        },
        {
            "An error occurred while loading the YAML build pipeline. Variable group contoso-test was not found or is "
                + "not authorized for use.",
            "GAN9062",
            "Environments[\"test\"].VariableGroups"
        },
        {
            "An error occurred while loading the YAML build pipeline. Unrecognized value: 'x'. Located at position 1 within expression: x.",
            "GAN9065", "Declaration"
        },
        {
            "The pipeline is not valid. Job Promote: Step AzureCLI input connectedServiceNameARM references service connection "
                + "contoso-prod which could not be found. The service connection does not exist, has been disabled or has not "
                + "been authorized for use.",
            "GAN9062",
            "Environments[\"prod\"]"
        },
        {
            "The pipeline is not valid. Job Build: Step AzureCLI input connectedServiceNameARM references service connection contoso-base "
                + "which could not be found.",
            "GAN9062",
            "BaseRegistry"
        },
        {
            "Could not find a pool with name contoso-linux. The pool does not exist or has not been authorized for use.",
            "GAN9062", "Declaration"
        },
        {
            "File /azure-pipelines.promote.yml not found in repository https://dev.azure.com/contoso/Shop/_git/app branch "
                + "refs/heads/x version 1a2b.",
            "GAN9064",
            "Declaration"
        },
        { "Manually triggered stages cannot have dependencies. Please remove the dependsOn property.", "GAN9065", "Declaration" },
        { "Something that nobody has seen yet.", "GAN9060", "Declaration" },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public async Task A_message_of_the_service_becomes_a_diagnostic_with_its_path(string sentence, string code, string place)
    {
        var declaration = SampleDeclarations.Everything with { UseTemplates = false, ReleasePipeline = null };
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        await fixture.ProvisionAsync(declaration);
        fixture.Service.PreviewFaults.Add(sentence);

        var diagnostic = Assert.Single(Assert.Single(await PreviewAsync(fixture, declaration)).Diagnostics);

        Assert.Equal((code, DiagnosticSeverity.Error), (diagnostic.Code, diagnostic.Severity));
        Assert.StartsWith(place, diagnostic.DeclarationPath, StringComparison.Ordinal);
        Assert.Contains(
            sentence
                .Replace("The pipeline is not valid. ", "", StringComparison.Ordinal)
                .Replace("  ", " ", StringComparison.Ordinal)
                .TrimEnd('.'),
            diagnostic.Problem,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Could not find a pool with name contoso-linux. The pool does not exist or has not been authorized for use.",
        "Pipeline permissions")]
    [InlineData(
        "The pipeline is not valid. The pipeline references repository contoso/templates which could not be found.",
        "Pipeline permissions")]
    [InlineData(
        "An error occurred while loading the YAML build pipeline. Variable group contoso-test was not found or is not authorized for use.",
        "ProvisionEnvironments")]
    public async Task The_remedy_for_a_forbidden_resource_works(string sentence, string remedy)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Contoso);
        await fixture.ProvisionAsync(SampleDeclarations.Contoso);
        fixture.Service.PreviewFaults.Add(sentence);

        var diagnostic = Assert.Single(Assert.Single(await PreviewAsync(fixture, SampleDeclarations.Contoso)).Diagnostics);

        Assert.Equal("GAN9062", diagnostic.Code);
        Assert.Contains(remedy, diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_messages_are_several_diagnostics_and_one_error()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Contoso);
        await fixture.ProvisionAsync(SampleDeclarations.Contoso);
        fixture.Service.PreviewFaults.AddRange(["Something new.", "Anchors are not currently supported. Remove the anchor 'a'"]);

        var previewed = await PreviewAsync(fixture, SampleDeclarations.Contoso);

        Assert.Equal(["GAN9060", "GAN9065"], previewed[0].Diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.Equal("GAN9060", Assert.Throws<GantryException>(() => PipelinePreviewer.ThrowIfRefused(previewed)).Code);
    }

    [Fact]
    public async Task A_missing_pipeline_cannot_be_previewed()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Contoso);
        fixture.Project.Pipelines.Clear();

        var previewed = Assert.Single(await PreviewAsync(fixture, SampleDeclarations.Contoso));

        Assert.Equal("GAN9055", Assert.Single(previewed.Diagnostics).Code);
        Assert.Null(previewed.Pipeline);
    }

    [Theory]
    [InlineData("""{"finalYaml":"stages:\n- stage: Committed\n"}""", "GAN9059")]
    [InlineData("""{"finalYaml":null}""", "GAN9059")]
    [InlineData("""{}""", "GAN9059")]
    [InlineData("""[]""", "GAN9059")]
    public async Task An_answer_for_another_file_is_detected(string answer, string code)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Contoso);
        fixture.Service.Intercept = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/preview", StringComparison.Ordinal))
                return false;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer);
            return true;
        };

        Assert.Equal(code, Assert.Single(Assert.Single(await PreviewAsync(fixture, SampleDeclarations.Contoso)).Diagnostics).Code);
    }

    [Theory]
    [InlineData(500, "PipelineNotFoundException", "GAN9055")]
    [InlineData(400, "PipelineValidationException", "GAN9060")]
    public async Task A_refusal_is_a_diagnostic(int status, string type, string code)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Contoso);
        fixture.Service.Intercept = context => RefuseAsync(context, status, type);

        Assert.Equal(code, Assert.Single(Assert.Single(await PreviewAsync(fixture, SampleDeclarations.Contoso)).Diagnostics).Code);
    }

    [Theory]
    [InlineData(500, "SomethingElseException", "GAN9048")]
    [InlineData(403, "AccessDeniedException", "GAN9044")]
    public async Task A_failure_is_an_error(int status, string type, string code)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Contoso);
        fixture.Service.Intercept = context => RefuseAsync(context, status, type);

        Assert.Equal(code, (await Assert.ThrowsAsync<GantryException>(() => PreviewAsync(fixture, SampleDeclarations.Contoso))).Code);
    }

    [Fact]
    public async Task Templates_are_read_from_the_branch_and_unpushed_changes_are_reported()
    {
        var declaration = SampleDeclarations.Templates;
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        await fixture.ProvisionAsync(declaration);
        var template = PipelineGenerator.Generate(declaration).Files.Single(file => file.Path == "azure-pipelines.promote.yml").Content;

        var missing = Assert.Single(await PreviewAsync(fixture, declaration, "refs/heads/topic"));
        Assert.Equal("GAN9064", Assert.Single(missing.Diagnostics).Code);

        fixture.Project.Repository["refs/heads/topic:/azure-pipelines.promote.yml"] = template;
        Assert.Empty(Assert.Single(await PreviewAsync(fixture, declaration, "refs/heads/topic")).Diagnostics);

        var stale = Assert.Single(
            await PreviewAsync(fixture, declaration, "refs/heads/topic", "azure-pipelines.promote.yml", "azure-pipelines.yml"));
        Assert.Equal(("GAN9066", DiagnosticSeverity.Warning), (Assert.Single(stale.Diagnostics).Code, stale.Diagnostics[0].Severity));
        PipelinePreviewer.ThrowIfRefused([stale]);
    }

    [Fact]
    public async Task A_preview_writes_nothing()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Contoso);

        await PreviewAsync(fixture, SampleDeclarations.Contoso);

        Assert.Empty(fixture.Service.Writes);
    }

    private static async Task<bool> RefuseAsync(HttpContext context, int status, string type)
    {
        if (!context.Request.Path.Value!.EndsWith("/preview", StringComparison.Ordinal))
            return false;
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { message = "No.", typeKey = type });
        return true;
    }

    private static Task<IReadOnlyList<PreviewedPipeline>> PreviewAsync(
        AzureDevOpsFixture fixture, PipelineDeclaration declaration, string? branch = null, params string[] unpushed) =>
        new PipelinePreviewer(fixture.Client).PreviewAsync(
            new() { Declaration = declaration, Branch = branch, UnpushedFiles = unpushed }, default);
}

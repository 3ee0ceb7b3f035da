using Gantry.AzurePipelines.Service;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;
using Gantry.Testing.AzureDevOps;

namespace Gantry.AzurePipelines.Tests.Provisioning;

/// <summary>
/// Names of people, groups, service connections, variable groups and pipelines: every wrong one is reported before anything is written.
/// </summary>
public class NameLookupTests
{
    [Theory]
    [InlineData(@"[Contoso]\Release")]
    [InlineData(@"[contoso]\release")]
    [InlineData("owner@contoso.com")]
    [InlineData("Olga Owner")]
    public async Task A_person_or_group_is_found_by_the_usual_names(string name)
    {
        var declaration = AzureDevOpsFixture.Declare(Gate.Approval(name));
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Project.AddGroup(@"[Contoso]\Release");
        fixture.Project.AddGroup(@"[Contoso]\Release Managers");
        fixture.Project.AddGroup(@"[Other]\Release");
        fixture.Project.AddUser("owner@contoso.com", "Olga Owner");
        fixture.Project.AddUser("owner@contoso.com.au", "Olga Owner-Smith");

        await fixture.ProvisionAsync(declaration);

        var id = (string?)fixture.Project.Environment("prod").Checks[0]["settings"]!["approvers"]![0]!["id"];
        Assert.Equal(fixture.Project.Identities[name.Contains("elease", StringComparison.Ordinal) ? 0 : 3].Id.ToString("D"), id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_id_or_a_descriptor_names_exactly_one_identity(bool byId)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Project.AddGroup(@"[Contoso]\Release");
        var meant = fixture.Project.AddGroup(@"[Contoso]\Release");

        await fixture.ProvisionAsync(AzureDevOpsFixture.Declare(Gate.Approval(byId ? meant.Id.ToString("D") : meant.Descriptor)));

        Assert.Equal(
            meant.Id.ToString("D"), (string?)fixture.Project.Environment("prod").Checks[0]["settings"]!["approvers"]![0]!["id"]);
    }

    [Theory]
    [InlineData(@"[Contoso]\Nobody", "GAN9050", "is not known in the organization")]
    [InlineData("owner", "GAN9050", "is not known in the organization")]
    [InlineData("3c1c8ee2-52b4-4ff6-9a3a-6bde4d5c7b01", "GAN9050", "is not known in the organization")]
    [InlineData("vssgp.Uy0xLTktMTU1", "GAN9050", "is not known in the organization")]
    [InlineData("gone@contoso.com", "GAN9050", "is no longer a member of the organization")]
    [InlineData("QA", "GAN9051", @"[Contoso]\QA (vssgp.")]
    public async Task An_unknown_or_ambiguous_name_is_reported_before_anything_is_written(string name, string code, string reason)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Project.AddUser("owner@contoso.com", "Olga Owner");
        fixture.Project.Identities.Add(fixture.Project.AddUser("gone@contoso.com", "Gone") with { IsActive = false });
        fixture.Project.Identities.RemoveAt(1);
        fixture.Project.AddGroup(@"[Contoso]\QA");
        fixture.Project.AddGroup(@"[Other]\QA");

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            fixture.ProvisionAsync(AzureDevOpsFixture.Declare(Gate.Approval(name))));

        Assert.Equal(code, error.Code);
        Assert.Contains($"'{name}'", error.Problem, StringComparison.Ordinal);
        Assert.Contains(reason, error.Problem, StringComparison.Ordinal);
        Assert.Empty(fixture.Service.Writes);
    }

    [Fact]
    public async Task All_wrong_names_are_reported_at_once()
    {
        var declaration = SampleDeclarations.Everything;
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        fixture.Project.Identities.Clear();
        fixture.Project.ServiceConnections.Remove("contoso-health");
        fixture.Project.VariableGroups.Remove("contoso-test");

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ProvisionAsync(declaration));

        foreach (var name in new[] { @"[Contoso]\QA", "first@contoso.com", "second@contoso.com", "contoso-health", "contoso-test" })
            Assert.Contains($"'{name}'", error.Problem, StringComparison.Ordinal);
        Assert.Empty(fixture.Service.Writes);
    }

    [Fact]
    public async Task A_variable_group_of_a_check_must_exist()
    {
        var declaration = AzureDevOpsFixture.Declare(Gate.RestCheck("Health", "health", "/ready") with { VariableGroup = "keys" });
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        fixture.Project.VariableGroups.Clear();

        Assert.Equal("GAN9052", (await Assert.ThrowsAsync<GantryException>(() => fixture.ProvisionAsync(declaration))).Code);
    }

    [Fact]
    public async Task Two_names_of_one_person_are_one_approver()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Project.AddUser("owner@contoso.com", "Olga Owner");

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            fixture.ProvisionAsync(AzureDevOpsFixture.Declare(Gate.Approval(["owner@contoso.com", "Olga Owner"], minimum: 2))));

        Assert.Equal("GAN9058", error.Code);
        Assert.Contains("'owner@contoso.com' and 'Olga Owner'", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_environments_cannot_share_one()
    {
        var dev = new PromotionEnvironment("dev");
        var declaration = new PipelineDeclaration
        {
            Images = [new("app")],
            Environments = [new(dev), new(new PromotionEnvironment("prod") { After = dev }) { AzureEnvironment = "DEV" }],
        };
        await using var fixture = await AzureDevOpsFixture.StartAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.PlanAsync(declaration));

        Assert.Equal("GAN9067", error.Code);
        Assert.Empty(fixture.Service.Requests);
    }

    [Theory]
    [InlineData("https://dev.azure.com/contoso/Shop/_git/app", "ours")]
    [InlineData("https://contoso.visualstudio.com/DefaultCollection/Shop/_git/App", "ours")]
    [InlineData("https://github.com/contoso/app.git", "theirs")]
    public async Task A_pipeline_is_found_by_its_file_and_its_repository(string repository, string expected)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Project.AddPipeline("ours", "/azure-pipelines.yml", "https://contoso@dev.azure.com/contoso/Shop/_git/app");
        fixture.Project.AddPipeline("theirs", "azure-pipelines.yml", "https://github.com/Contoso/app");
        fixture.Project.AddPipeline("other file", "other.yml");

        var found = await new PipelineLookup(fixture.Client, repository, []).FindAsync(["azure-pipelines.yml"], default);

        Assert.Equal(expected, found["azure-pipelines.yml"]?.Name);
    }

    [Fact]
    public async Task One_of_several_pipelines_must_be_chosen()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Project.AddPipeline("one", "azure-pipelines.yml");
        var two = fixture.Project.AddPipeline("two", "azure-pipelines.yml");
        fixture.Project.AddPipeline("three", "/azure-pipelines.yml");

        async Task<string?> Find(params string[] named) =>
            (await new PipelineLookup(fixture.Client, repository: null, named).FindAsync(
                ["azure-pipelines.yml", "azure-pipelines.release.yml"], default))["azure-pipelines.yml"]?.Name;

        var ambiguous = await Assert.ThrowsAsync<GantryException>(() => Find());
        Assert.Equal("GAN9053", ambiguous.Code);
        Assert.Contains($"'two' ({two.Id})", ambiguous.Problem, StringComparison.Ordinal);
        Assert.Equal("two", await Find("Two"));
        Assert.Equal("two", await Find($"{two.Id}"));
        Assert.Equal("GAN9054", (await Assert.ThrowsAsync<GantryException>(() => Find("four"))).Code);
    }
}

using Gantry.AzurePipelines.Service;
using Gantry.Environments;
using Gantry.Testing.AzureDevOps;

namespace Gantry.AzurePipelines.Tests.AzureDevOps;

/// <summary>Names of people, groups, service connections, variable groups and pipelines: every wrong one is known before anything is written.</summary>
public class NamesTests
{
    [Theory]
    [InlineData(@"[Contoso]\Release")]
    [InlineData(@"[contoso]\release")]
    [InlineData("owner@contoso.com")]
    [InlineData("Olga Owner")]
    public async Task A_name_is_found_by_what_people_call_it(string name)
    {
        var declaration = Scene.Declare(Gate.Approval(name));
        await using var scene = await Scene.StartAsync();
        scene.Project.AddGroup(@"[Contoso]\Release");
        scene.Project.AddGroup(@"[Contoso]\Release Managers");
        scene.Project.AddGroup(@"[Other]\Release");
        scene.Project.AddUser("owner@contoso.com", "Olga Owner");
        scene.Project.AddUser("owner@contoso.com.au", "Olga Owner-Smith");

        await scene.ProvisionAsync(declaration);

        var id = (string?)scene.Project.Environment("prod").Checks.Single()["settings"]!["approvers"]![0]!["id"];
        Assert.Equal(scene.Project.Identities[name.Contains("elease", StringComparison.Ordinal) ? 0 : 3].Id.ToString("D"), id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_id_or_a_descriptor_says_who_is_meant(bool byId)
    {
        await using var scene = await Scene.StartAsync();
        scene.Project.AddGroup(@"[Contoso]\Release");
        var meant = scene.Project.AddGroup(@"[Contoso]\Release");

        await scene.ProvisionAsync(Scene.Declare(Gate.Approval(byId ? meant.Id.ToString("D") : meant.Descriptor)));

        Assert.Equal(meant.Id.ToString("D"), (string?)scene.Project.Environment("prod").Checks.Single()["settings"]!["approvers"]![0]!["id"]);
    }

    [Theory]
    [InlineData(@"[Contoso]\Nobody", "GAN9050", "is not known in the organization")]
    [InlineData("owner", "GAN9050", "is not known in the organization")]
    [InlineData("3c1c8ee2-52b4-4ff6-9a3a-6bde4d5c7b01", "GAN9050", "is not known in the organization")]
    [InlineData("vssgp.Uy0xLTktMTU1", "GAN9050", "is not known in the organization")]
    [InlineData("gone@contoso.com", "GAN9050", "is no longer a member of the organization")]
    [InlineData("QA", "GAN9051", @"[Contoso]\QA (vssgp.")]
    public async Task Who_is_unknown_or_several_is_told_before_anything_is_written(string name, string code, string reason)
    {
        await using var scene = await Scene.StartAsync();
        scene.Project.AddUser("owner@contoso.com", "Olga Owner");
        scene.Project.Identities.Add(scene.Project.AddUser("gone@contoso.com", "Gone") with { IsActive = false });
        scene.Project.Identities.RemoveAt(1);
        scene.Project.AddGroup(@"[Contoso]\QA");
        scene.Project.AddGroup(@"[Other]\QA");

        var error = await Assert.ThrowsAsync<GantryException>(() => scene.ProvisionAsync(Scene.Declare(Gate.Approval(name))));

        Assert.Equal(code, error.Code);
        Assert.Contains($"'{name}'", error.Problem, StringComparison.Ordinal);
        Assert.Contains(reason, error.Problem, StringComparison.Ordinal);
        Assert.Empty(scene.Service.Writes);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var declaration = Samples.Everything;
        await using var scene = await Scene.StartAsync(declaration);
        scene.Project.Identities.Clear();
        scene.Project.ServiceConnections.Remove("contoso-health");
        scene.Project.VariableGroups.Remove("contoso-test");

        var error = await Assert.ThrowsAsync<GantryException>(() => scene.ProvisionAsync(declaration));

        foreach (var name in new[] { @"[Contoso]\QA", "first@contoso.com", "second@contoso.com", "contoso-health", "contoso-test" })
            Assert.Contains($"'{name}'", error.Problem, StringComparison.Ordinal);
        Assert.Empty(scene.Service.Writes);
    }

    [Fact]
    public async Task A_variable_group_that_a_check_reads_has_to_be_there()
    {
        var declaration = Scene.Declare(Gate.RestCheck("Health", "health", "/ready") with { VariableGroup = "keys" });
        await using var scene = await Scene.StartAsync(declaration);
        scene.Project.VariableGroups.Clear();

        Assert.Equal("GAN9052", (await Assert.ThrowsAsync<GantryException>(() => scene.ProvisionAsync(declaration))).Code);
    }

    [Fact]
    public async Task Two_names_of_one_person_are_one_approver()
    {
        await using var scene = await Scene.StartAsync();
        scene.Project.AddUser("owner@contoso.com", "Olga Owner");

        var error = await Assert.ThrowsAsync<GantryException>(() => scene.ProvisionAsync(Scene.Declare(Gate.Approval(["owner@contoso.com", "Olga Owner"], minimum: 2))));

        Assert.Equal("GAN9058", error.Code);
        Assert.Contains("'owner@contoso.com' and 'Olga Owner'", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_environments_cannot_share_one()
    {
        var dev = new PromotionEnvironment("dev");
        var declaration = new PipelineDeclaration { Images = [new("app")], Environments = [new(dev), new(new PromotionEnvironment("prod") { After = dev }) { AzureEnvironment = "DEV" }] };
        await using var scene = await Scene.StartAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() => scene.PlanAsync(declaration));

        Assert.Equal("GAN9067", error.Code);
        Assert.Empty(scene.Service.Requests);
    }

    [Theory]
    [InlineData("https://dev.azure.com/contoso/Shop/_git/app", "ours")]
    [InlineData("https://contoso.visualstudio.com/DefaultCollection/Shop/_git/App", "ours")]
    [InlineData("https://github.com/contoso/app.git", "theirs")]
    public async Task A_pipeline_is_found_by_its_file_and_its_repository(string repository, string expected)
    {
        await using var scene = await Scene.StartAsync();
        scene.Project.AddPipeline("ours", "/azure-pipelines.yml", "https://contoso@dev.azure.com/contoso/Shop/_git/app");
        scene.Project.AddPipeline("theirs", "azure-pipelines.yml", "https://github.com/Contoso/app");
        scene.Project.AddPipeline("other file", "other.yml");

        var found = await new PipelineLookup(scene.Client, repository, []).FindAsync(["azure-pipelines.yml"], default);

        Assert.Equal(expected, found["azure-pipelines.yml"]?.Name);
    }

    [Fact]
    public async Task Of_several_pipelines_somebody_has_to_say_which()
    {
        await using var scene = await Scene.StartAsync();
        scene.Project.AddPipeline("one", "azure-pipelines.yml");
        var two = scene.Project.AddPipeline("two", "azure-pipelines.yml");
        scene.Project.AddPipeline("three", "/azure-pipelines.yml");

        async Task<string?> Find(params string[] named) =>
            (await new PipelineLookup(scene.Client, repository: null, named).FindAsync(["azure-pipelines.yml", "azure-pipelines.release.yml"], default))["azure-pipelines.yml"]?.Name;

        var ambiguous = await Assert.ThrowsAsync<GantryException>(() => Find());
        Assert.Equal("GAN9053", ambiguous.Code);
        Assert.Contains($"'two' ({two.Id})", ambiguous.Problem, StringComparison.Ordinal);
        Assert.Equal("two", await Find("Two"));
        Assert.Equal("two", await Find($"{two.Id}"));
        Assert.Equal("GAN9054", (await Assert.ThrowsAsync<GantryException>(() => Find("four"))).Code);
    }
}

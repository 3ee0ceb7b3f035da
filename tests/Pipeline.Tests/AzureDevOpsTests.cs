using System.Text.Json.Nodes;
using Gantry.Testing;
using Gantry.Testing.AzureDevOps;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>
/// Environments as code through the build, with an imitation of Azure DevOps: the project gets what this repository declares.
/// </summary>
[Collection(nameof(RepositoryClone))]
public sealed class AzureDevOpsTests(RepositoryClone clone)
{
    [Fact]
    public async Task After_provisioning_the_service_accepts_the_pipelines()
    {
        await using var service = await StartAsync();

        var dry = await BuildAsync(service, "ProvisionEnvironments", "--dry-run");
        Assert.True(dry.ExitCode == 3, dry.Output);
        Assert.Contains(@"+ approval by [Contoso]\Release, [Contoso]\Operations (2)", dry.Output, StringComparison.Ordinal);
        Assert.Empty(service.Writes);

        var refused = await BuildAsync(service, "ValidatePipeline");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("GAN9061: ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Environments[\"prod\"]", refused.Output, StringComparison.Ordinal);

        var first = await BuildAsync(service, "ProvisionEnvironments");
        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Equal(["dev", "prod", "test"], service.Project.Environments.Select(environment => environment.Name).Order());
        Assert.Contains("created environment 'prod'", first.Output, StringComparison.Ordinal);
        var writes = service.Writes.Count;

        var second = await BuildAsync(service, "ProvisionEnvironments");
        Assert.True(second.ExitCode == 0, second.Output);
        Assert.Contains("Nothing to do: all is as declared", second.Output, StringComparison.Ordinal);
        Assert.Equal(writes, service.Writes.Count);
        Assert.Equal(0, (await BuildAsync(service, "ProvisionEnvironments", "--dry-run")).ExitCode);

        var valid = await BuildAsync(service, "ValidatePipeline");
        Assert.True(valid.ExitCode == 0, valid.Output);
        Assert.Contains(
            "The service would run azure-pipelines.release.yml as the pipeline 'shop release'", valid.Output, StringComparison.Ordinal);

        foreach (var run in new[] { dry, refused, first, second, valid })
            Assert.DoesNotContain(service.Token, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_pipeline_the_job_token_is_enough_and_weaker_checks_need_a_reason()
    {
        await using var service = await StartAsync();
        var job = new Dictionary<string, string>
        {
            ["SYSTEM_COLLECTIONURI"] = service.Organization,
            ["SYSTEM_TEAMPROJECT"] = service.ProjectName,
            ["SYSTEM_ACCESSTOKEN"] = service.Token,
        };
        var first = await RepositoryClone.BuildInAsync(clone.Root, job, "ProvisionEnvironments");
        Assert.True(first.ExitCode == 0, first.Output);
        ApprovalOf(service)["timeout"] = 60;

        var silent = await RepositoryClone.BuildInAsync(clone.Root, job, "ProvisionEnvironments");
        Assert.NotEqual(0, silent.ExitCode);
        Assert.Contains("GAN9056: ", silent.Output, StringComparison.Ordinal);
        Assert.Contains("timeout in minutes: 60 → 43200  [weaker]", silent.Output, StringComparison.Ordinal);

        var said = await RepositoryClone.BuildInAsync(
            clone.Root, job, "ProvisionEnvironments", "--weaken-checks", "approvers are in other time zones");
        Assert.True(said.ExitCode == 0, said.Output);
        Assert.Contains("approvers are in other time zones", said.Output, StringComparison.Ordinal);
        Assert.Equal(43200, (int)ApprovalOf(service)["timeout"]!);
    }

    private static JsonObject ApprovalOf(FakeAzureDevOps service) =>
        service.Project.Environment("prod").Checks.Single(check => (string?)check["type"]!["name"] == "Approval");

    [Theory]
    [InlineData("GAN9040", "", "", "x")]
    [InlineData("GAN9041", "http://example.com/contoso", "Shop", "x")]
    [InlineData("GAN9042", "", "Shop", "")]
    [InlineData("GAN9043", "", "Shop", "wrong")]
    [InlineData("GAN9045", "", "Shops", "")]
    public async Task Invalid_input_is_one_sentence(string code, string organization, string project, string token)
    {
        await using var service = await StartAsync();
        List<string> arguments = ["ProvisionEnvironments"];
        if (project.Length > 0)
            arguments.AddRange(
                [
                    "--azure-devops-project",
                    project,
                    "--azure-devops-organization",
                    organization.Length > 0 ? organization : service.Organization,
                ]);
        if (token.Length > 0 || code == "GAN9045")
            arguments.AddRange(["--azure-devops-token", token.Length > 0 ? token : service.Token]);

        var run = await clone.BuildAsync([.. arguments]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(code + ": ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.Empty(service.Writes);
    }

    [Fact]
    public async Task A_token_that_the_service_repeats_is_not_in_the_log()
    {
        await using var server = await LoopbackServer.StartAsync(
            (context, request) => new LoopbackResponse(
                400, $$"""{"message":"I do not know {{request.Headers["Authorization"]}} of token-of-anna"}""").WriteAsync(context));

        var run = await clone.BuildAsync(
            "ProvisionEnvironments", "--azure-devops-organization", server.Address.AbsoluteUri + "contoso", "--azure-devops-project",
            "Shop", "--azure-devops-token", "token-of-anna");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("I do not know Basic ***", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("token-of-anna", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_describes_the_parameters()
    {
        var run = await clone.BuildAsync("--help");

        foreach (var expected in new[]
        {
            "ProvisionEnvironments", "ValidatePipeline", "--dry-run", "--prune", "--weaken-checks", "--azure-devops-organization",
            "--azure-devops-token",
        })
            Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    private Task<BuildRun> BuildAsync(FakeAzureDevOps service, params string[] arguments) => RepositoryClone.BuildInAsync(
        clone.Root,
        new Dictionary<string, string> { ["AZURE_DEVOPS_EXT_PAT"] = service.Token },
        [.. arguments, "--azure-devops-organization", service.Organization, "--azure-devops-project", service.ProjectName]);

    // The organization before it is provisioned.
    private static async Task<FakeAzureDevOps> StartAsync()
    {
        var service = await FakeAzureDevOps.StartAsync();
        foreach (var group in new[] { "QA", "Release", "Operations" })
            service.Project.AddGroup(@"[Contoso]\" + group);
        foreach (var connection in new[] { "base", "dev", "test", "prod" })
            service.Project.AddServiceConnection("contoso-" + connection);
        service.Project.AddPipeline("shop", "azure-pipelines.yml");
        service.Project.AddPipeline("shop release", "/azure-pipelines.release.yml");
        service.Project.AddPipeline("shop rollback", "/azure-pipelines.rollback.yml");
        return service;
    }
}

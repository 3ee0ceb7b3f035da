using System.Text.Json.Nodes;
using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Service;
using Gantry.Environments;
using Gantry.Testing.AzureDevOps;
using Gantry.Testing.Faults;

namespace Gantry.AzurePipelines.Tests.Fixtures;

/// <summary>A client of the imitated service, and a project with the resources that declarations name.</summary>
internal sealed class AzureDevOpsFixture : IAsyncDisposable
{
    private AzureDevOpsFixture(FakeAzureDevOps service)
    {
        Service = service;
        Client = new(
            AzureDevOpsProject.Parse(service.Organization, service.ProjectName),
            new AzureDevOpsToken(service.Token, "the token of the test"),
            Time)
        {
            RequestTimeout = AutoAdvancingTime.TimeLimit,
        };
    }

    public FakeAzureDevOps Service { get; }

    public FakeProject Project => Service.Project;

    public AutoAdvancingTime Time { get; } = new();

    public AzureDevOpsClient Client { get; }

    public static async Task<AzureDevOpsFixture> StartAsync() => new(await FakeAzureDevOps.StartAsync());

    /// <summary>Starts a service that has everything that a declaration names except its environments.</summary>
    public static async Task<AzureDevOpsFixture> StartAsync(PipelineDeclaration declaration)
    {
        var fixture = await StartAsync();
        fixture.AddNamedResources(declaration);
        return fixture;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Service.DisposeAsync();
    }

    public void AddNamedResources(PipelineDeclaration declaration)
    {
        foreach (var gate in declaration.Environments.SelectMany(environment => environment.Environment.Gates))
            AddNamedResources(gate);
        foreach (var file in PipelineGenerator.Pipelines(declaration))
        {
            var uses = PipelineUses.Of(file.Pipeline);
            uses.ServiceConnections
                .Where(name => !Project.ServiceConnections.ContainsKey(name))
                .ToList()
                .ForEach(name => Project.AddServiceConnection(name));
            uses.VariableGroups
                .Where(name => !Project.VariableGroups.ContainsKey(name))
                .ToList()
                .ForEach(name => Project.AddVariableGroup(name));
            foreach (var name in uses.Repositories.Where(name => !Project.GitRepositories.ContainsKey(name)))
                _ = Project.AddGitRepository(name.Split('/')[0], name.Split('/')[1]);
            if (!Project.Pipelines.Any(pipeline => pipeline.File.TrimStart('/') == file.Path))
                Project.AddPipeline("ci " + file.Path, file.Path);
        }
    }

    public Task<ProvisioningPlan> PlanAsync(PipelineDeclaration declaration, bool prune = false, string? weaken = null) =>
        new ProvisioningPlanner(Client).PlanAsync(new() { Declaration = declaration, Prune = prune, WeakenReason = weaken }, default);

    public Task ApplyAsync(ProvisioningPlan plan, CancellationToken cancellationToken = default) =>
        new Provisioner(Client).ApplyAsync(plan, _ => { }, cancellationToken);

    public async Task<ProvisioningPlan> ProvisionAsync(PipelineDeclaration declaration, bool prune = false, string? weaken = null)
    {
        var plan = await PlanAsync(declaration, prune, weaken);
        await ApplyAsync(plan);
        return plan;
    }

    /// <summary>Creates a declaration of one environment with these gates.</summary>
    public static PipelineDeclaration Declare(params Gate[] gates) => new()
    {
        Images = [new("app")],
        Environments = [new(new PromotionEnvironment("prod") { Gates = gates }) { Lock = null }],
    };

    /// <summary>Describes all environments, checks and permissions as one text, without what differs between runs.</summary>
    public string DescribeProject() =>
        string.Join('\n', Project.Environments.OrderBy(environment => environment.Name).SelectMany(environment =>
            environment.Checks.Select(check => $"{environment.Name}: {check["type"]!["name"]} {check["timeout"]} {check["isDisabled"]} "
                + $"{check["settings"]!.ToJsonString()}").Order(StringComparer.Ordinal)
                .Prepend($"{environment.Name}: {environment.Description}, "
                    + $"{string.Join(' ', (Project.Permissions.GetValueOrDefault($"environment/{environment.Id}") ?? []).Order())}")));

    /// <summary>Creates the body of the check of a gate, for a test to change.</summary>
    public static JsonObject CheckBodyOf(Gate gate)
    {
        var environment = new PipelineEnvironment(new PromotionEnvironment("prod") { Gates = [gate] }) { Lock = null };
        return JsonNode.Parse(DesiredEnvironments.Of([environment]).ToJson())!["environments"]![0]!["checks"]![0]!.AsObject();
    }

    private void AddNamedResources(Gate gate)
    {
        if (gate is ApprovalGate approval)
        {
            foreach (var name in approval.Approvers.Where(name => !Project.Identities.Any(identity =>
                identity.DisplayName.Equals(name, StringComparison.OrdinalIgnoreCase) || identity.Mail == name)))
                _ = name.Contains('@', StringComparison.Ordinal) ? Project.AddUser(name, "User " + name) : Project.AddGroup(name);
        }

        var connection = gate switch
        {
            RestCheckGate rest => rest.ServiceConnection,
            AzureMonitorAlertsGate alerts => alerts.ServiceConnection,
            _ => null,
        };
        if (connection is not null && !Project.ServiceConnections.ContainsKey(connection))
            Project.AddServiceConnection(connection);
        if (gate is ServiceCheckGate { VariableGroup: { } group } && !Project.VariableGroups.ContainsKey(group))
            Project.AddVariableGroup(group);
    }
}

using System.Text.Json.Nodes;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;
using Gantry.Testing.AzureDevOps;

namespace Gantry.AzurePipelines.Tests.Provisioning;

public class ProvisioningTests
{
    // The repositories of the other one are in an organization that is not imitated.
    public static TheoryData<string> SampleNames => new(SampleDeclarations.All.Keys.Where(name => name != "hosts"));

    [Theory]
    [MemberData(nameof(SampleNames))]
    public async Task An_empty_project_becomes_what_is_declared_and_the_second_run_does_nothing(string name)
    {
        var declaration = SampleDeclarations.All[name];
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);

        var first = await fixture.ProvisionAsync(declaration);

        Assert.Equal(
            declaration.Environments.Select(environment => environment.AzureEnvironment).Order(),
            fixture.Project.Environments.Select(environment => environment.Name).Order());
        Assert.Equal(first.Changes.Count(), fixture.Service.Writes.Count);
        Assert.Empty(first.Weakenings);
        var second = await fixture.ProvisionAsync(declaration);
        Assert.True(second.ChangesNothing, string.Join('\n', ProvisioningFormatter.Format(second)));
        Assert.Equal(first.Changes.Count(), fixture.Service.Writes.Count);
    }

    [Fact]
    public async Task The_plan_is_described_in_lines()
    {
        var declaration = AzureDevOpsFixture.Declare(
            Gate.Approval([@"[Contoso]\Release", "owner@contoso.com"], minimum: 2), Gate.OnlyBranches("main"));
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        var environment = fixture.Project.AddEnvironment("prod", "by hand");
        fixture.Project.AddCheck(environment, "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "Task Check", JsonNode.Parse(
            """{"displayName":"Ask the board","definitionRef":{"id":"11111111-1111-1111-1111-111111111111","name":"board","version":"1.0.0"},"inputs":{}}""")!
            .AsObject());
        var approval = Approval(fixture, minimum: 1, @"[Contoso]\Release");
        fixture.Project.AddCheck(environment, "8c6f20a7-a545-4486-9777-f762fafe0d4d", "Approval", approval, 43200);
        fixture.Project.AddCheck(environment, "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563", "ExclusiveLock", [], 43200);

        var lines = ProvisioningFormatter.Format(await fixture.PlanAsync(declaration)).Skip(1);

        Assert.Equal(
        [
            "  = environment 'prod'",
            @"    ~ approval by [Contoso]\Release, owner@contoso.com (2)",
            @"        approvers: [Contoso]\Release → [Contoso]\Release, owner@contoso.com",
            "        minimum: 1 → 2",
            "    + branch control",
            "    ? 'Ask the board' (Task Check) (of a kind that cannot be declared: left unchanged)",
            "    ? exclusive lock (not declared: --prune removes it)",
            "  + pipeline 'ci azure-pipelines.yml' (101) may use the environment 'prod'",
            "2 to create, 1 to change, 0 to remove, 3 to leave.",
        ], lines);
    }

    [Fact]
    public async Task A_manual_description_of_an_environment_stays_unless_one_is_declared()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(AzureDevOpsFixture.Declare());
        fixture.Project.AddEnvironment("prod", "by hand");

        await fixture.ProvisionAsync(AzureDevOpsFixture.Declare());
        Assert.Equal("by hand", fixture.Project.Environment("prod").Description);

        var declared = AzureDevOpsFixture.Declare();
        declared = declared with { Environments = [declared.Environments[0] with { Description = "What customers use" }] };
        var plan = await fixture.ProvisionAsync(declared);
        Assert.Equal("What customers use", fixture.Project.Environment("prod").Description);
        Assert.Equal("description: by hand → What customers use", plan.Environments[0].Environment.Settings.Single().ToString());
        Assert.Empty(plan.Weakenings);
    }

    [Fact]
    public async Task A_new_environment_has_its_checks_before_a_pipeline_may_use_it()
    {
        var declaration = SampleDeclarations.Everything;
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);

        await fixture.ProvisionAsync(declaration);

        var kinds = fixture.Service.Writes.Select(write => write.Contains("pipelinepermissions", StringComparison.Ordinal)).ToList();
        Assert.Contains(false, kinds);
        Assert.Contains(true, kinds);
        Assert.DoesNotContain(false, kinds.SkipWhile(isPermission => !isPermission));
    }

    [Fact]
    public async Task Nothing_is_opened_to_all_pipelines_and_open_resources_are_reported()
    {
        var declaration = SampleDeclarations.Contoso;
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        var connection = fixture.Project.ServiceConnections["contoso-prod"];
        fixture.Project.Permissions[$"endpoint/{connection}"] = [-1];
        fixture.Project.Permissions[$"endpoint/{fixture.Project.ServiceConnections["contoso-dev"]}"] = [4711];

        var plan = await fixture.ProvisionAsync(declaration);

        Assert.Equal([-1], fixture.Project.Permissions[$"endpoint/{connection}"]);
        Assert.Contains(
            plan.Notes, note => note.Contains("the service connection 'contoso-prod' is open to all pipelines", StringComparison.Ordinal));
        var pipeline = fixture.Project.Pipelines.Single().Id;
        Assert.Equal([4711, pipeline], fixture.Project.Permissions[$"endpoint/{fixture.Project.ServiceConnections["contoso-dev"]}"]);
        foreach (var environment in fixture.Project.Environments)
            Assert.Equal([pipeline], fixture.Project.Permissions[$"environment/{environment.Id}"]);
    }

    [Fact]
    public async Task Every_pipeline_may_use_only_the_resources_it_names()
    {
        var declaration = SampleDeclarations.Everything;
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);

        await fixture.ProvisionAsync(declaration);

        var release = fixture.Project.Pipelines.Single(pipeline => pipeline.File == "azure-pipelines.release.yml").Id;
        var build = fixture.Project.Pipelines.Single(pipeline => pipeline.File == "azure-pipelines.yml").Id;
        Assert.Equal(
            [build, release], fixture.Project.Permissions[$"variablegroup/{fixture.Project.VariableGroups["contoso-common"]}"].Order());
        Assert.DoesNotContain($"endpoint/{fixture.Project.ServiceConnections["contoso-health"]}", fixture.Project.Permissions.Keys);
    }

    [Fact]
    public async Task A_pipeline_may_use_the_repositories_and_connections_of_its_logins()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        var declaration = Committing($"{fixture.Service.Organization}Shop/_git/deploy", $"{fixture.Service.Organization}Ops/_git/charts")
            .WithRegistry("DevRegistry", dev => dev with { Login = RegistryLogin.Docker("contoso-harbor") });
        fixture.AddNamedResources(declaration);

        var plan = await fixture.ProvisionAsync(declaration);

        var pipeline = fixture.Project.Pipelines.Single().Id;
        foreach (var (project, id) in fixture.Project.GitRepositories.Values)
            Assert.Equal([pipeline], fixture.Project.Permissions[$"repository/{project}.{id}"]);
        foreach (var connection in (string[])["contoso-harbor", "contoso-cluster"])
            Assert.Equal([pipeline], fixture.Project.Permissions[$"endpoint/{fixture.Project.ServiceConnections[connection]}"]);
        Assert.Contains(
            plan.Changes, change => change.Subject.EndsWith("may use the repository 'Ops/charts'", StringComparison.Ordinal));
        Assert.True((await fixture.PlanAsync(declaration)).ChangesNothing);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_named_before_anything_is_written()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        var declaration = Committing($"{fixture.Service.Organization}Shop/_git/deploy");
        fixture.AddNamedResources(declaration);
        fixture.Project.GitRepositories.Clear();

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ProvisionAsync(declaration));

        Assert.Equal("GAN9076", error.Code);
        Assert.Contains("'Shop/deploy'", error.Problem, StringComparison.Ordinal);
        Assert.Empty(fixture.Service.Writes);
    }

    [Fact]
    public async Task A_repository_of_another_organization_is_refused()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Hosts);
        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ProvisionAsync(SampleDeclarations.Hosts));
        Assert.Equal("GAN9077", error.Code);
        Assert.Contains("'dev.azure.com/contoso'", error.Problem, StringComparison.Ordinal);
        Assert.Empty(fixture.Service.Writes);
    }

    private static PipelineDeclaration Committing(params string[] repositories) => new()
    {
        Images = [new("app")],
        Environments =
        [
            new(new PromotionEnvironment("dev")
            {
                Deployments =
                [
                    .. repositories.Select(repository =>
                        Deployment.KustomizeCommit(repository, "overlays") with { Token = "$(System.AccessToken)" }),
                    Deployment.Kubectl("dev", "shop", "app", "web") with { Login = HostLogin.Kubernetes("contoso-cluster") },
                ],
            }),
        ],
    };

    [Fact]
    public async Task Environments_are_created_without_a_pipeline()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(SampleDeclarations.Contoso);
        fixture.Project.Pipelines.Clear();

        var plan = await fixture.ProvisionAsync(SampleDeclarations.Contoso);

        Assert.Equal(3, fixture.Project.Environments.Count);
        Assert.Empty(fixture.Project.Permissions);
        Assert.Contains("no pipeline runs azure-pipelines.yml yet", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    // Each check as declared, and a manual change; the effect of reverting it on the protection.
    public static TheoryData<string, Gate, string, string, string> Drifts => new()
    {
        {
            "fewer approvals", Gate.Approval([@"[Contoso]\A", @"[Contoso]\B"], minimum: 2), "settings.minRequiredApprovers", "1",
            nameof(SettingEffect.Stricter)
        },
        {
            "requester may approve",
            Gate.Approval(@"[Contoso]\A"), "settings.requesterCannotBeApprover", "false", nameof(SettingEffect.Stricter)
        },
        {
            "requester may not approve", Gate.Approval(@"[Contoso]\A") with { RequesterMayApprove = true },
            "settings.requesterCannotBeApprover", "true", nameof(SettingEffect.Weaker)
        },
        {
            "in sequence", Gate.Approval([@"[Contoso]\A", @"[Contoso]\B"], minimum: 2), "settings.executionOrder", "\"inSequence\"",
            nameof(SettingEffect.Weaker)
        },
        { "instructions", Gate.Approval(@"[Contoso]\A"), "settings.instructions", "\"Just approve\"", nameof(SettingEffect.Neutral) },
        { "shorter approval", Gate.Approval(@"[Contoso]\A"), "timeout", "60", nameof(SettingEffect.Weaker) },
        {
            "longer approval",
            Gate.Approval(@"[Contoso]\A") with { Timeout = TimeSpan.FromHours(1) }, "timeout", "43200", nameof(SettingEffect.Stricter)
        },
        { "switched off", Gate.Approval(@"[Contoso]\A"), "isDisabled", "true", nameof(SettingEffect.Stricter) },
        { "all branches", Gate.OnlyBranches("main"), "settings.inputs.allowedBranches", "\"*\"", nameof(SettingEffect.Stricter) },
        { "no branches at all", Gate.OnlyBranches("main"), "settings.inputs.allowedBranches", "\"\"", nameof(SettingEffect.Stricter) },
        {
            "another branch",
            Gate.OnlyBranches("main", "release/*"), "settings.inputs.allowedBranches", "\"refs/heads/main\"", nameof(SettingEffect.Weaker)
        },
        {
            "unprotected branches",
            Gate.OnlyBranches("main"), "settings.inputs.ensureProtectionOfBranch", "\"false\"", nameof(SettingEffect.Stricter)
        },
        {
            "unknown branches", Gate.OnlyBranches("main") with { AllowUnknownProtection = true },
            "settings.inputs.allowUnknownStatusBranch", "\"false\"", nameof(SettingEffect.Weaker)
        },
        { "longer day", Gate.BusinessHours(new(9, 0), new(16, 0)), "settings.inputs.endTime", "\"23:00\"", nameof(SettingEffect.Stricter) },
        {
            "shorter week",
            Gate.BusinessHours(new(9, 0), new(16, 0)), "settings.inputs.businessDays", "\"Monday, Tuesday\"", nameof(SettingEffect.Weaker)
        },
        {
            "another clock",
            Gate.BusinessHours(new(9, 0), new(16, 0)), "settings.inputs.timeZone", "\"Tokyo Standard Time\"", nameof(SettingEffect.Unclear)
        },
        { "lock timeout", Gate.ExclusiveLock(), "timeout", "60", nameof(SettingEffect.Neutral) },
        {
            "another template", Gate.RequiredTemplate("Contoso/templates", "release.yml"), "settings.extendsChecks.0.templatePath",
            "\"other.yml\"", nameof(SettingEffect.Unclear)
        },
        {
            "another address",
            Gate.RestCheck("Health", "health", "/ready"), "settings.inputs.urlSuffix", "\"/always\"", nameof(SettingEffect.Unclear)
        },
        {
            "another secret",
            Gate.RestCheck("Health", "health", "/ready"), "settings.linkedVariableGroup", "\"keys\"", nameof(SettingEffect.Unclear)
        },
        { "another input", Gate.RestCheck("Health", "health", "/ready"), "settings.inputs.extra", "\"x\"", nameof(SettingEffect.Unclear) },
        { "asked again", Gate.RestCheck("Health", "health", "/ready"), "settings.retryInterval", "200", nameof(SettingEffect.Stricter) },
        {
            "another function", Gate.FunctionCheck("Window", new("https://contoso.azurewebsites.net/api/window")),
            "settings.inputs.function", "\"https://contoso.azurewebsites.net/api/yes\"", nameof(SettingEffect.Unclear)
        },
        { "fewer alerts", Gate.NoAlerts("arm", "rg"), "settings.inputs.severity", "\"Sev0\"", nameof(SettingEffect.Stricter) },
        { "longer range", Gate.NoAlerts("arm", "rg"), "settings.inputs.timeRange", "\"7d\"", nameof(SettingEffect.Weaker) },
        { "other alerts", Gate.NoAlerts("arm", "rg"), "settings.inputs.ResourceGroupName", "\"rg-other\"", nameof(SettingEffect.Unclear) },
        {
            "more work items", Gate.WorkItems(new("11111111-2222-3333-4444-555555555555")), "settings.inputs.maxThreshold", "\"9\"",
            nameof(SettingEffect.Stricter)
        },
        {
            "another query", Gate.WorkItems(new("11111111-2222-3333-4444-555555555555")), "settings.inputs.queryId",
            "\"99999999-2222-3333-4444-555555555555\"", nameof(SettingEffect.Unclear)
        },
    };

    [Theory]
    [MemberData(nameof(Drifts))]
    public async Task A_manual_change_is_reverted_and_reported_when_that_weakens_a_check(
        string name, Gate gate, string place, string value, string effect)
    {
        Assert.NotEmpty(name);
        var declaration = AzureDevOpsFixture.Declare(gate);
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        fixture.Project.AddVariableGroup("keys");
        await fixture.ProvisionAsync(declaration);
        var declared = fixture.DescribeProject();
        Set(Assert.Single(fixture.Project.Environment("prod").Checks), place.Split('.'), JsonNode.Parse(value));
        var writes = fixture.Service.Writes.Count;

        var plan = await fixture.PlanAsync(declaration);

        var change = Assert.Single(plan.Changes, change => change.Kind != ChangeKind.Leave);
        Assert.Equal(ChangeKind.Change, change.Kind);
        Assert.Equal(effect, Assert.Single(change.Settings).Effect.ToString());
        if (effect is nameof(SettingEffect.Weaker) or nameof(SettingEffect.Unclear))
        {
            var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ApplyAsync(plan));
            Assert.Equal("GAN9056", error.Code);
            Assert.Contains(change.Subject, error.Problem, StringComparison.Ordinal);
            Assert.Equal(writes, fixture.Service.Writes.Count);
        }

        await fixture.ProvisionAsync(declaration, weaken: "the test wants it");
        Assert.Equal(writes + 1, fixture.Service.Writes.Count);
        Assert.Equal(
            declared.Replace("false", "", StringComparison.Ordinal),
            fixture.DescribeProject().Replace("false", "", StringComparison.Ordinal));
        Assert.True((await fixture.PlanAsync(declaration)).ChangesNothing);
    }

    [Fact]
    public async Task A_blank_reason_is_no_reason()
    {
        var declaration = AzureDevOpsFixture.Declare(Gate.Approval(@"[Contoso]\A"));
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        await fixture.ProvisionAsync(declaration);
        fixture.Project.Environment("prod").Checks[0]["timeout"] = 5;

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ProvisionAsync(declaration, weaken: "  "));

        Assert.Equal("GAN9056", error.Code);
        Assert.Contains(
            ProvisioningFormatter.Format(await fixture.PlanAsync(declaration)),
            line => line.Contains("--weaken-checks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_that_mean_the_same_are_not_changed()
    {
        var declaration = AzureDevOpsFixture.Declare(
            Gate.Approval([@"[Contoso]\A", @"[Contoso]\B"], minimum: 2),
            Gate.OnlyBranches("main", "release/*"),
            Gate.BusinessHours(new(9, 0), new(16, 0)));
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        await fixture.ProvisionAsync(declaration);
        var checks = fixture.Project.Environment("prod").Checks;
        // Without a number all approvers are required; lists have spaces and another order; the task has a newer version.
        Set(checks[0], ["settings", "minRequiredApprovers"], 0);
        checks[0]["settings"]!["approvers"] = new JsonArray(
            [.. checks[0]["settings"]!["approvers"]!.AsArray().Reverse().Select(approver => approver!.DeepClone())]);
        checks[0]["settings"]!.AsObject().Remove("definitionRef");
        Set(checks[1], ["settings", "inputs", "allowedBranches"], "refs/heads/release/*, refs/heads/main");
        Set(checks[1], ["settings", "inputs", "ensureProtectionOfBranch"], "True");
        Set(checks[2], ["settings", "inputs", "businessDays"], "Friday, Monday, Tuesday, Wednesday, Thursday");
        Set(checks[2], ["settings", "definitionRef", "version"], "0.0.9");

        var plan = await fixture.PlanAsync(declaration);

        Assert.True(plan.ChangesNothing, string.Join('\n', ProvisioningFormatter.Format(plan)));
    }

    [Fact]
    public async Task A_newer_version_of_a_task_is_kept()
    {
        var declaration = AzureDevOpsFixture.Declare(Gate.RestCheck("Health", "health", "/ready"));
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        await fixture.ProvisionAsync(declaration);
        var check = fixture.Project.Environment("prod").Checks.Single();
        Set(check, ["settings", "definitionRef", "version"], "1.245.1");
        Set(check, ["settings", "inputs", "urlSuffix"], "/other");

        await fixture.ProvisionAsync(declaration, weaken: "it is ours");

        Assert.Equal("1.245.1", (string?)check["settings"]!["definitionRef"]!["version"]);
        Assert.Equal("/ready", (string?)check["settings"]!["inputs"]!["urlSuffix"]);
    }

    [Fact]
    public async Task Checks_of_other_kinds_are_never_removed()
    {
        var declaration = AzureDevOpsFixture.Declare();
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        var environment = fixture.Project.AddEnvironment("prod");
        fixture.Project.AddCheck(
            environment,
            "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7",
            "Task Check",
            JsonNode.Parse("""{"displayName":"ServiceNow","definitionRef":{"id":"22222222-1111-1111-1111-111111111111"}}""")!.AsObject());
        fixture.Project.AddCheck(environment, "0f52a19b-c67e-468f-b8eb-0ae83b532c99", "Something new", []);
        fixture.Project.AddCheck(
            environment,
            "8c6f20a7-a545-4486-9777-f762fafe0d4d",
            "Approval",
            JsonNode.Parse("""{"approvers":[],"definitionRef":{"id":"06441319-13fb-4756-b198-c2da116894a4"}}""")!.AsObject());

        var plan = await fixture.ProvisionAsync(declaration, prune: true, weaken: "everything");

        Assert.Equal(3, environment.Checks.Count);
        Assert.Equal(3, plan.Changes.Count(change => change.Note?.Contains("left unchanged", StringComparison.Ordinal) == true));
        Assert.DoesNotContain(fixture.Service.Writes, write => write.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Undeclared_checks_are_removed_only_on_request_and_with_a_reason()
    {
        var before = AzureDevOpsFixture.Declare(Gate.Approval(@"[Contoso]\A"), Gate.OnlyBranches("main"), Gate.ExclusiveLock());
        var after = AzureDevOpsFixture.Declare(Gate.OnlyBranches("main"));
        await using var fixture = await AzureDevOpsFixture.StartAsync(before);
        await fixture.ProvisionAsync(before);

        var kept = await fixture.ProvisionAsync(after);
        Assert.True(kept.ChangesNothing);
        Assert.Equal(2, kept.Changes.Count(change => change.Note?.Contains("--prune", StringComparison.Ordinal) == true));
        Assert.Equal("GAN9056", (await Assert.ThrowsAsync<GantryException>(() => fixture.ProvisionAsync(after, prune: true))).Code);
        Assert.Equal(3, fixture.Project.Environment("prod").Checks.Count);

        await fixture.ProvisionAsync(after, prune: true, weaken: "approvals moved to the board");

        Assert.Equal("Branch control", (string?)Assert.Single(fixture.Project.Environment("prod").Checks)["settings"]!["displayName"]);
        Assert.True((await fixture.PlanAsync(after, prune: true)).ChangesNothing);
    }

    [Fact]
    public async Task An_undeclared_environment_is_removed_when_no_other_pipeline_uses_it()
    {
        var dev = new PromotionEnvironment("dev");
        var before = new PipelineDeclaration
        {
            Images = [new("app")],
            Environments = [new(dev), new(new PromotionEnvironment("staging") { After = dev })],
        };
        var after = before with { Environments = [new(dev)] };
        await using var fixture = await AzureDevOpsFixture.StartAsync(before);
        await fixture.ProvisionAsync(before);
        var shared = fixture.Project.AddEnvironment("shared");
        fixture.Project.Permissions[$"environment/{shared.Id}"] = [fixture.Project.Pipelines[0].Id, 4711];
        var open = fixture.Project.AddEnvironment("open");
        fixture.Project.Permissions[$"environment/{open.Id}"] = [-1, fixture.Project.Pipelines[0].Id];
        fixture.Project.AddEnvironment("by hand");

        Assert.True((await fixture.PlanAsync(after)).ChangesNothing);
        Assert.Equal("GAN9056", (await Assert.ThrowsAsync<GantryException>(() => fixture.ProvisionAsync(after, prune: true))).Code);
        await fixture.ProvisionAsync(after, prune: true, weaken: "staging is gone");

        Assert.Equal(["by hand", "dev", "open", "shared"], fixture.Project.Environments.Select(environment => environment.Name).Order());
    }

    [Fact]
    public async Task An_environment_opened_to_others_since_the_plan_is_not_removed()
    {
        var dev = new PromotionEnvironment("dev");
        var before = new PipelineDeclaration
        {
            Images = [new("app")],
            Environments = [new(dev), new(new PromotionEnvironment("staging") { After = dev })],
        };
        await using var fixture = await AzureDevOpsFixture.StartAsync(before);
        await fixture.ProvisionAsync(before);
        var plan = await fixture.PlanAsync(before with { Environments = [new(dev)] }, prune: true, weaken: "staging is gone");
        fixture.Project.Permissions[$"environment/{fixture.Project.Environment("staging").Id}"].Add(4711);

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ApplyAsync(plan));

        Assert.Equal("GAN9057", error.Code);
        Assert.Contains("who may use the environment 'staging'", error.Problem, StringComparison.Ordinal);
        Assert.Contains(fixture.Project.Environments, environment => environment.Name == "staging");
    }

    [Fact]
    public async Task A_check_beside_one_of_the_same_kind_leaves_it_as_it_is()
    {
        var before = AzureDevOpsFixture.Declare(Gate.Approval(@"[Contoso]\A"));
        var after = AzureDevOpsFixture.Declare(Gate.Approval(@"[Contoso]\B"), Gate.Approval(@"[Contoso]\A"));
        await using var fixture = await AzureDevOpsFixture.StartAsync(after);
        await fixture.ProvisionAsync(before);

        var plan = await fixture.ProvisionAsync(after);

        Assert.Equal([ChangeKind.Create, ChangeKind.Leave], plan.Environments[0].Checks.Select(check => check.Kind));
        Assert.Empty(plan.Weakenings);
    }

    [Fact]
    public async Task A_REST_check_is_identified_by_its_name()
    {
        var before = AzureDevOpsFixture.Declare(Gate.RestCheck("Old", "health", "/ready"));
        var after = AzureDevOpsFixture.Declare(Gate.RestCheck("New", "health", "/ready"));
        await using var fixture = await AzureDevOpsFixture.StartAsync(before);
        await fixture.ProvisionAsync(before);

        await fixture.ProvisionAsync(after);

        Assert.Equal(
            ["Old", "New"], fixture.Project.Environment("prod").Checks.Select(check => (string?)check["settings"]!["displayName"]));
    }

    [Fact]
    public async Task A_check_changed_since_the_plan_is_not_overwritten()
    {
        var declaration = AzureDevOpsFixture.Declare(Gate.Approval(@"[Contoso]\A"), Gate.OnlyBranches("main"));
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        await fixture.ProvisionAsync(declaration);
        var checks = fixture.Project.Environment("prod").Checks;
        checks[0]["settings"]!["requesterCannotBeApprover"] = false;
        var plan = await fixture.PlanAsync(declaration);
        checks[1]["modifiedOn"] = fixture.Project.Now();
        var writes = fixture.Service.Writes.Count;

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ApplyAsync(plan));

        Assert.Equal("GAN9057", error.Code);
        Assert.Equal(writes, fixture.Service.Writes.Count);
    }

    [Fact]
    public async Task An_environment_created_since_the_plan_is_not_overwritten()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(AzureDevOpsFixture.Declare());
        var plan = await fixture.PlanAsync(AzureDevOpsFixture.Declare());
        fixture.Project.AddEnvironment("PROD");

        Assert.Equal("GAN9057", (await Assert.ThrowsAsync<GantryException>(() => fixture.ApplyAsync(plan))).Code);
        Assert.Empty(fixture.Service.Writes);
    }

    private static JsonObject Approval(AzureDevOpsFixture fixture, int minimum, params string[] approvers) => new()
    {
        ["approvers"] = new JsonArray([.. approvers.Select(name => (JsonNode)new JsonObject
        {
            ["id"] = fixture.Project.Identities.Single(identity => identity.DisplayName == name).Id.ToString("D"),
        })]),
        ["executionOrder"] = "anyOrder",
        ["minRequiredApprovers"] = minimum,
        ["requesterCannotBeApprover"] = true,
        ["instructions"] = "",
        ["blockedApprovers"] = new JsonArray(),
        ["definitionRef"] = new JsonObject { ["id"] = "26014962-64a0-49f4-885b-4b874119a5cc" },
    };

    private static void Set(JsonNode node, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length > 1)
            Set(node is JsonArray array ? array[int.Parse(path[0])]! : node[path[0]]!, path[1..], value);
        else
            node[path[0]] = value;
    }
}

using System.Text.Json;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Testing.AzureDevOps;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>The build as an agent of Azure Pipelines runs it: its variables, and no prompts.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class AzurePipelinesTests(RepositoryClone clone) : IAsyncLifetime
{
    private readonly string _registry = $"artifacts/agent/{Guid.NewGuid():n}";

    public Task InitializeAsync() => clone.PromoteDevAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_found_release_sets_the_run_number_and_is_reported()
    {
        var digest = Digest();
        File.Delete(clone.PathOf("artifacts/release.json"));

        // As the release pipeline sets them: what a person typed, without a digest.
        var run = await RunAsync(["FindRelease"], ("Release", "1.2.0"), ("ReleaseDigest", ""));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(digest, Digest());
        Assert.Contains($"##vso[task.setvariable variable=digest;isOutput=true]{digest}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("##vso[build.updatebuildnumber]1.2.0\n", run.Output, StringComparison.Ordinal);
        Assert.Single(Lines(run, "##[group]FindRelease"));
        Assert.StartsWith(
            "## Release 1.2.0\n",
            await File.ReadAllTextAsync(Assert.Single(Lines(run, "##vso[task.uploadsummary]"))["##vso[task.uploadsummary]".Length..]),
            StringComparison.Ordinal);

        // A pushed image is found by its digest alone, and compared with the tag.
        Assert.Equal(0, (await RunAsync(["FindRelease"], ("ReleaseDigest", digest))).ExitCode);
        var other = await RunAsync(["FindRelease"], ("Release", "1.2.0"), ("ReleaseDigest", "sha256:" + new string('0', 64)));
        Assert.NotEqual(0, other.ExitCode);
        Assert.StartsWith(
            "##vso[task.logissue type=error;code=GAN4050]GAN4050: ",
            Assert.Single(Lines(other, "##vso[task.logissue type=error;code=")),
            StringComparison.Ordinal);
        Assert.Contains("code=GAN4049]", (await RunAsync(["FindRelease"], ("Release", ""))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_Azure_Pipelines_the_service_decides_on_the_gates()
    {
        await using var service = await StartServiceAsync();
        const string comment = "fine\n##vso[task.logissue type=error]";
        service.Project.Stages.Single().AddApproval(
            "environment", service.Project.Environment("test").Id, new FakeApprovalStep(@"[Contoso]\QA", "Cleo", comment));
        var run = await RunAsync(PromoteTest, [.. TokenOf(service), ("ENVIRONMENT_NAME", "test"), ("SYSTEM_STAGENAME", "Test")]);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.DoesNotContain("##vso[task.logissue", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"; approved by Cleo for [Contoso]\QA at 2026-01-02 03:04 UTC: fine", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Token, run.Output, StringComparison.Ordinal);
        var summary = await File.ReadAllTextAsync(
            Assert.Single(Lines(run, "##vso[task.uploadsummary]"))["##vso[task.uploadsummary]".Length..]);
        Assert.Contains(
            @"approval by \[Contoso\]\\QA: held by Azure Pipelines, environment test (run 812, confirmed by ",
            summary,
            StringComparison.Ordinal);
        Assert.Contains($"by Bea in [run 812](<{service.Organization}Shop/_build/results?buildId=812>)", summary, StringComparison.Ordinal);
        Assert.Contains("approved by Cleo for ", summary, StringComparison.Ordinal);
        var record = await RecordAsync();
        Assert.Equal(("Bea", "812", null), (record.By.Name, record.By.RunId, record.By.Claims));
        var approval = Assert.Single(Assert.Single(record.Gates).Approvals!);
        Assert.Equal(("Cleo", @"[Contoso]\QA", comment), (approval.By, approval.Group, approval.Comment));
    }

    [Fact]
    public async Task Approvals_that_the_token_may_not_read_are_said_in_the_record()
    {
        await using var service = await StartServiceAsync();
        service.Intercept = context =>
        {
            var isTimeline = context.Request.Path.Value!.EndsWith("/timeline", StringComparison.Ordinal);
            context.Response.StatusCode = isTimeline ? 403 : 200;
            return Task.FromResult(isTimeline);
        };

        var run = await RunAsync(PromoteTest, [.. TokenOf(service), ("ENVIRONMENT_NAME", "test")]);

        Assert.True(run.ExitCode == 0, run.Output);
        var gate = Assert.Single((await RecordAsync()).Gates);
        Assert.Contains("; its approvals could not be read: ", gate.Finding, StringComparison.Ordinal);
        Assert.Null(gate.Approvals);
    }

    // Neither of these jobs waited for the checks of the environment that is promoted to.
    [Theory]
    [InlineData("GAN5008", null)]
    [InlineData("GAN5010", "prod")]
    public async Task A_job_of_no_environment_or_of_another_passes_no_gate(string code, string? environment)
    {
        await using var service = await StartServiceAsync();
        service.Project.Environment("prod").Deployments.Add((812, false));
        (string, string)[] job = [.. TokenOf(service), .. environment is null ? [] : new[] { ("ENVIRONMENT_NAME", environment) }];

        var refused = await RunAsync(PromoteTest, job);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"##vso[task.logissue type=error;code={code}]{code}: ", refused.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf(_registry)));
        if (environment is null)
            return;

        // A person may answer instead of the checks.
        Assert.Equal(0, (await RunAsync([.. PromoteTest, "--approve", "seen"], job)).ExitCode);
        var gate = (await RecordAsync()).Gates.Single();
        Assert.Equal((GateVerdict.Approved, "seen"), (gate.Verdict, gate.Reason));
    }

    // The service asks the checks of the stage before a job that places a slice, which deploys to no environment and records nothing.
    [Fact]
    public async Task A_slice_is_placed_in_a_confirmed_run_and_the_deployment_after_it_has_its_environment_confirmed()
    {
        await using var service = await StartServiceAsync();
        string[] slice = [.. PromoteTest, "--slice", "1/1"];

        // A run that the service does not know, and the job of another environment.
        var unknown = await RunAsync(slice, [.. TokenOf(service), ("BUILD_BUILDID", "999")]);
        Assert.Contains("code=GAN4061]", unknown.Output, StringComparison.Ordinal);
        service.Project.Environment("prod").Deployments.Add((812, false));
        var other = await RunAsync(slice, [.. TokenOf(service), ("ENVIRONMENT_NAME", "prod")]);
        Assert.Contains("code=GAN5010]", other.Output, StringComparison.Ordinal);
        var wrong = await RunAsync([.. PromoteTest, "--slice", "2/1"], TokenOf(service));
        Assert.Contains("code=GAN4098]", wrong.Output, StringComparison.Ordinal);
        Assert.All([unknown, other, wrong], run => Assert.NotEqual(0, run.ExitCode));
        Assert.False(Directory.Exists(clone.PathOf(_registry)));

        var placed = await RunAsync(slice, TokenOf(service));

        Assert.True(placed.ExitCode == 0, placed.Output);
        Assert.Contains("slice 1/1: 1 image, placed without tag and record", placed.Output, StringComparison.Ordinal);
        await using var session = new RegistrySession(new RegistrySessionOptions { RootFolder = clone.Root });
        var repository = session.Open(RegistryAddress.Parse("oci:" + _registry), "app");
        Assert.True(await repository.HasManifestAsync(global::Gantry.Oci.Digest.Parse(Digest()), CancellationToken.None));
        Assert.Empty(await repository.ListTagsAsync(CancellationToken.None));

        var promoted = await RunAsync(PromoteTest, [.. TokenOf(service), ("ENVIRONMENT_NAME", "test")]);
        Assert.True(promoted.ExitCode == 0, promoted.Output);
        Assert.Contains("Moves 0 B.", promoted.Output, StringComparison.Ordinal);
        Assert.StartsWith(
            "Azure Pipelines, environment test (run 812", Assert.Single((await RecordAsync()).Gates).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_that_the_service_does_not_show_is_recorded_as_a_claim()
    {
        await using var service = await StartServiceAsync(shows: false);
        var run = await RunAsync(PromoteTest, [.. TokenOf(service), ("ENVIRONMENT_NAME", "TEST")]);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.StartsWith(
            "##vso[task.logissue type=warning;code=GAN4063]", Assert.Single(Lines(run, "##vso[task.logissue")), StringComparison.Ordinal);
        Assert.StartsWith(
            "Azure Pipelines, environment TEST as the job claims", (await RecordAsync()).Gates.Single().Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GAN4060", "BUILD_BUILDID", "812")] // no token
    [InlineData("GAN4061", "BUILD_BUILDID", "813", true)]
    [InlineData("GAN4061", "SYSTEM_DEFINITIONID", "8", true)]
    [InlineData("GAN4061", "BUILD_SOURCEVERSION", "decade", true)]
    [InlineData("GAN4062", "ENVIRONMENT_NAME", "prod", true)]
    [InlineData("GAN4065", "BUILD_BUILDID", "812x", true)]
    [InlineData("GAN9043", "SYSTEM_ACCESSTOKEN", "wrong", true)]
    public async Task A_claim_that_the_service_does_not_confirm_passes_no_gate(
        string code, string variable, string value, bool hasToken = false)
    {
        await using var service = await StartServiceAsync();
        var run = await RunAsync(
            PromoteTest, [.. hasToken ? TokenOf(service) : [], ("ENVIRONMENT_NAME", "test"), (variable, value)]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"code={code}]{code}: ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf(_registry)));
    }

    [Fact]
    public async Task A_person_may_answer_for_a_claim_and_it_is_recorded_as_one()
    {
        var run = await RunAsync([.. PromoteTest, "--approve", "seen"], ("ENVIRONMENT_NAME", "test"));

        Assert.True(run.ExitCode == 0, run.Output);
        var record = await RecordAsync();
        Assert.Equal(
            (System.Environment.UserName, null, "to run in Azure Pipelines run 812, requested by Anna"),
            (record.By.Name, record.By.RunId, record.By.Claims));
        Assert.Equal(GateVerdict.Approved, record.Gates.Single().Verdict);
    }

    [Fact]
    public async Task A_run_that_pretends_to_be_an_agent_does_not_pass_gates()
    {
        var run = await RepositoryClone.BuildInAsync(
            clone.Root,
            new Dictionary<string, string> { ["TF_BUILD"] = "True" },
            "PromoteTest",
            "--skip",
            "--test-registry",
            "oci:" + _registry);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN5005: ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf(_registry)));
    }

    [Fact]
    public async Task A_soak_time_applies_on_an_agent_and_a_pipeline_variable_overrides_it()
    {
        await using var service = await StartServiceAsync();
        service.Project.Environment("prod").Deployments.Add((812, false));
        string[] toProd = ["PromoteProd", "--skip", "--test-registry", "oci:" + _registry, "--prod-registry", $"oci:{_registry}-prod"];
        Assert.Equal(
            0, (await RunAsync(PromoteTest, [.. TokenOf(service), ("ENVIRONMENT_NAME", "test")])).ExitCode);

        // A variable without a value exists all the same, and is no reason.
        var refused = await RunAsync(toProd, [.. TokenOf(service), ("ENVIRONMENT_NAME", "prod"), ("OVERRIDESOAK", "")]);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("##vso[task.logissue type=error;code=GAN5002]", refused.Output, StringComparison.Ordinal);

        // Variables reach processes in upper case.
        var emergency = await RunAsync(
            toProd,
            [.. TokenOf(service), ("ENVIRONMENT_NAME", "prod"), ("OVERRIDESOAK", "the ##vso[task.setvariable variable=x]y shop")]);
        Assert.True(emergency.ExitCode == 0, emergency.Output);
        Assert.StartsWith(
            "##vso[task.logissue type=warning;code=GAN5007]", Lines(emergency, "##vso[task.logissue")[0], StringComparison.Ordinal);
        Assert.DoesNotContain("##vso[task.setvariable", emergency.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_promotion_itself_verifies_the_environment_before_wherever_it_runs()
    {
        string[] nowhere = ["PromoteTest", "--skip", "--test-registry", "oci:" + _registry, "--dev-registry", $"oci:{_registry}-dev"];

        // In a confirmed run of all stages, too: a stage can be left out by hand.
        await using var service = await StartServiceAsync();
        (string, string)[] job = [.. TokenOf(service), ("ENVIRONMENT_NAME", "test")];
        var confirmed = await RunAsync(nowhere, job);
        Assert.NotEqual(0, confirmed.ExitCode);
        Assert.Contains("##vso[task.logissue type=error;code=GAN4024]", confirmed.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf(_registry)));
        Assert.Equal(0, (await RunAsync(nowhere[..4], job)).ExitCode);

        var elsewhere = await RepositoryClone.BuildInAsync(
            clone.Root,
            new Dictionary<string, string> { ["GITHUB_ACTIONS"] = "true", ["GITHUB_RUN_ID"] = "812" },
            [.. nowhere[..3], $"oci:{_registry}-2", .. nowhere[4..], "--approve", "seen"]);
        Assert.NotEqual(0, elsewhere.ExitCode);
        Assert.Contains("GAN4024: ", elsewhere.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_release_replaces_a_newer_one_with_a_reason_only()
    {
        await PromoteNewerAsync("1.3.0");
        await using var service = await StartServiceAsync();
        (string, string)[] job = [.. TokenOf(service), ("ENVIRONMENT_NAME", "test")];

        // A variable without a value exists all the same, and is no reason.
        var refused = await RunAsync(PromoteTest, [.. job, ("GOBACK", "")]);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("##vso[task.logissue type=error;code=GAN4066]", refused.Output, StringComparison.Ordinal);
        Assert.Contains("--go-back \"reason\"", refused.Output, StringComparison.Ordinal);

        var back = await RunAsync(PromoteTest, [.. job, ("GOBACK", "1.3.0 loses orders")]);
        Assert.True(back.ExitCode == 0, back.Output);
        Assert.Equal(new WentBack { From = "1.3.0", Reason = "1.3.0 loses orders" }, (await RecordAsync()).WentBack);
        Assert.Contains(
            "Went back from 1.3.0, because: 1.3.0 loses orders",
            await File.ReadAllTextAsync(
                Assert.Single(Lines(back, "##vso[task.uploadsummary]"))["##vso[task.uploadsummary]".Length..]),
            StringComparison.Ordinal);
    }

    // Another image will do: what matters is its version.
    private async Task PromoteNewerAsync(string version)
    {
        await using var session = new RegistrySession(new RegistrySessionOptions { RootFolder = clone.Root });
        var image = SampleImage.Create(seed: 1, 4000);
        var store = session.Open(RegistryAddress.Parse($"oci:{_registry}-store"), "app");
        await image.PushAsync(store);
        var published = await new Publisher(session, TimeProvider.System).PublishAsync(
            new()
            {
                Version = version,
                Commit = "0123456789abcdef",
                Base = RegistryAddress.Parse($"oci:{_registry}-base"),
                Images = [new("app", store, new BuiltImage(image.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false))],
            },
            CancellationToken.None);
        using var key = DevelopmentKey.Open(DevelopmentKey.DefaultFolder);
        var trust = new TrustPolicy { Keys = [new TrustedKey(await key.GetPublicKeyAsync(default), "the development key")] };
        var plan = await new PromotionPlanner(session).PlanAsync(
            new()
            {
                Release = published.Release,
                Base = RegistryAddress.Parse($"oci:{_registry}-base"),
                Targets = [new(new("test"), Region: null, RegistryAddress.Parse("oci:" + _registry)) { Trust = trust }],
                Signer = key,
            },
            CancellationToken.None);
        (await new Promoter().ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();
    }

    private string[] PromoteTest => ["PromoteTest", "--skip", "--test-registry", "oci:" + _registry];

    private Task<PromotionRecord> RecordAsync() => SignedRecords.ReadOnlyAsync(clone, _registry);

    // The run 812 deploys to test. With the rights of some tokens, environments cannot be seen.
    private static async Task<FakeAzureDevOps> StartServiceAsync(bool shows = true)
    {
        var service = await FakeAzureDevOps.StartAsync();
        service.Project.AddRun(812, requestedFor: "Bea");
        if (!shows)
            return service;
        service.Project.AddStage(812, "Test", service.Project.AddEnvironment("test"));
        service.Project.AddEnvironment("prod").Deployments.Add((811, false));
        return service;
    }

    private static (string Name, string Value)[] TokenOf(FakeAzureDevOps service) =>
    [
        ("SYSTEM_COLLECTIONURI", service.Organization),
        ("SYSTEM_TEAMPROJECT", service.ProjectName),
        ("SYSTEM_ACCESSTOKEN", service.Token),
        ("SYSTEM_DEFINITIONID", "7"),
        ("BUILD_SOURCEVERSION", "c0ffee"),
    ];

    private string Digest()
    {
        using var release = JsonDocument.Parse(File.ReadAllBytes(clone.PathOf("artifacts/release.json")));
        return release.RootElement.GetProperty("images")[0].GetProperty("digest").GetString()!;
    }

    private static List<string> Lines(BuildRun run, string start) =>
        run.Output.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith(start, StringComparison.Ordinal)).ToList();

    private Task<BuildRun> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>
        {
            ["TF_BUILD"] = "True",
            ["BUILD_BUILDID"] = "812",
            ["BUILD_REQUESTEDFOR"] = "Anna",
            ["SYSTEM_COLLECTIONURI"] = "https://dev.azure.com/contoso/",
            ["SYSTEM_TEAMPROJECT"] = "Shop",
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        return RepositoryClone.BuildInAsync(clone.Root, environment, arguments);
    }
}

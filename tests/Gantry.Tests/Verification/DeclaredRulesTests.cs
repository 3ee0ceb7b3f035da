using System.Text.Json.Nodes;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Tests.Verification;

/// <summary>What a promotion needs of a declaration, as a file.</summary>
public sealed class DeclaredRulesTests
{
    private static readonly PromotionEnvironment s_all = new("prod")
    {
        DisplayName = "production",
        Waves = [["west"], ["east", "north"]],
        PauseBetweenWaves = TimeSpan.FromMinutes(90),
        Lock = ImageLock.TagAndManifest,
        RequireSigned = true,
        ReturnsOnFailure = true,
        PromotionsCountFor = TimeSpan.FromDays(30),
        Gates =
        [
            new ApprovalGate(["QA", "Ops"])
            {
                Minimum = 2, RequesterMayApprove = true, InSequence = true, Instructions = "look", Timeout = TimeSpan.FromHours(3),
            },
            Gate.Soak(TimeSpan.FromHours(1.5)),
            Gate.BusinessHours(new TimeOnly(8, 0), new TimeOnly(17, 30), "UTC") with { Days = [DayOfWeek.Monday] },
            Gate.OnlyBranches("main", "release/*") with { RequireProtection = false, AllowUnknownProtection = true },
            Gate.Attestation("https://slsa.dev/provenance/v1", "keys/a.pub") with { MaximumAge = TimeSpan.FromDays(1) },
            Gate.Vulnerabilities(VulnerabilitySeverity.High, TimeSpan.FromDays(7), "keys/b.pub") with
            {
                Except = ["CVE-2026-1"], Scanners = ["trivy"], AllowUnknownSeverity = true,
            },
            Gate.SbomRules(new PackageRule("log4j-core", "2.*")) with
            {
                ForbiddenLicenses = ["AGPL-*"], RequireLicenses = true, Keys = ["keys/c.pub"],
            },
            Gate.Freeze(
                "Europe/Berlin",
                FreezeWindow.Once(new DateTime(2026, 12, 20, 8, 0, 0), new DateTime(2026, 12, 21, 8, 30, 15), "a sale"),
                FreezeWindow.Yearly((2, 29), (1, 2), "holidays"),
                FreezeWindow.Weekly(DayOfWeek.Friday, new TimeOnly(15, 0), DayOfWeek.Monday, new TimeOnly(6, 0), "weekend")),
            Gate.Http("https://changes.contoso.com/ask") with
            {
                Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer $(CHANGES)" }, UsesGet = true,
                TimeLimit = TimeSpan.FromSeconds(5),
            },
            Gate.Command("./ask", "now"),
            Gate.SignedApprovals(2, "keys/anna.pub", "keys/ben.pub") with
            {
                AllowBuilder = true, AllowPromoter = true, MaximumAge = TimeSpan.FromDays(2),
            },
            Gate.Rebuilt(1, "keys/again.pub"),
            new OwnGate(),
        ],
        Deployments =
        [
            Deployment.Webhook("$(HOOK)") with { Headers = new Dictionary<string, string> { ["X-Key"] = "$(KEY)" } },
            Deployment.KustomizeCommit("https://contoso.com/deploy", "overlays/prod") with
            {
                Region = "west", Branch = "live", Token = "$(TOKEN)", Entry = "app",
            },
            Deployment.HelmValuesCommit("git@contoso.com:deploy", "values.yaml") with
            {
                Region = "east",
                RepositoryKey = "image.repository",
                TagKey = "image.tag",
                AuthorName = "Bot",
                AuthorEmail = "bot@contoso.com",
            },
            Deployment.Kubectl("prod", "shop", "app", "app") with { Region = "north", Image = "app", Timeout = TimeSpan.FromMinutes(2) },
            new OwnDeployment(),
        ],
        HealthChecks =
        [
            HealthCheck.Of("https://west.contoso.com", ReportedVersion.Json("build.version")) with { Region = "west", Status = 204 },
            HealthCheck.Of("https://east.contoso.com", ReportedVersion.Header("X-Version")) with { Region = "east", SuccessThreshold = 3 },
            HealthCheck.Of("https://north.contoso.com", ReportedVersion.Text) with
            {
                Region = "north", Timeout = TimeSpan.FromMinutes(1), Interval = TimeSpan.FromSeconds(2),
                Headers = new Dictionary<string, string> { ["X-Key"] = "$(KEY)" },
            },
            HealthCheck.Of("https://contoso.com"),
        ],
        Notifications =
        [
            Notification.Slack("$(SLACK)"),
            Notification.Teams("$(TEAMS)") with { Events = NotificationEvents.Failed | NotificationEvents.Drifted },
        ],
    };

    [Fact]
    public void A_declaration_is_the_same_after_it_was_a_file()
    {
        var document = PolicyDocument.Of(Policy(s_all));

        var read = PolicyDocument.Read(document.ToJson(), "the file").ToPolicy("the file");

        Assert.True(document.AllowsPromotion);
        Assert.Equal(document.ToJson(), PolicyDocument.Of(read).ToJson());
        var environment = read.Targets[0].Environment;
        Assert.Equal(s_all.Gates.Select(gate => gate.Description), environment.Gates.Select(gate => gate.Description));
        Assert.Equal(s_all.Gates.Select(gate => gate.Timeout), environment.Gates.Select(gate => gate.Timeout));
        Assert.Equal(s_all.Gates.Select(gate => gate.Variables), environment.Gates.Select(gate => gate.Variables));
        Assert.Equal(s_all.Deployments.Select(each => each.Description), environment.Deployments.Select(each => each.Description));
        Assert.Equal(s_all.HealthChecks.Select(check => check.Description), environment.HealthChecks.Select(check => check.Description));
        Assert.Equal((s_all.DisplayName, s_all.PauseBetweenWaves), (environment.DisplayName, environment.PauseBetweenWaves));
        Assert.Equal(s_all.Waves, environment.Waves);
        Assert.Equal(s_all.Notifications, environment.Notifications);
        Assert.Empty(JsonRules.Validate(
            JsonNode.Parse(document.ToJson()),
            JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/schemas/environments.schema.json")))!.AsObject()));
    }

    /// <summary>Two promotions whose attestations name the same policy had the same gates.</summary>
    [Fact]
    public void The_policy_that_attestations_name_is_the_same()
    {
        var read = PolicyDocument.Read(PolicyDocument.Of(Policy(s_all)).ToJson(), "the file").ToPolicy("the file");

        Assert.Equal(
            EnvironmentPolicy.Canonicalize(Policy(s_all).Targets[0]), EnvironmentPolicy.Canonicalize(read.Targets[0]));
    }

    [Fact]
    public async Task Keys_of_gates_are_in_the_file_and_others_are_not_there()
    {
        using var folder = new TempFolder();
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        folder.Write("keys/a.pub", System.Text.Encoding.UTF8.GetBytes(key.ExportSubjectPublicKeyInfoPem()));

        var policy = Policy(s_all);
        var document = await PolicyDocument.Of(policy).WithGateKeysAsync(policy.Targets, folder.Path, default);
        var files = PolicyDocument.Read(document.ToJson(), "the file").ToKeyFiles();

        Assert.Equal("keys/a.pub", Assert.Single(await files.ReadAsync(["keys/a.pub"], default)).Name);
        Assert.Equal("GAN4222", (await Assert.ThrowsAsync<GantryException>(() => files.ReadAsync(["keys/b.pub"], default))).Code);
        Assert.Equal("keys/a.pub", Assert.Single(await files.ReadFolderAsync("keys", default)).Name);
    }

    [Fact]
    public void Secrets_are_named_by_their_variables_only()
    {
        var text = JsonNode.Parse(PolicyDocument.Of(Policy(s_all)).ToJson())!.ToJsonString();

        Assert.Contains("$(HOOK)", text, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"other\"", text, StringComparison.Ordinal);
    }

    private static VerificationPolicy Policy(PromotionEnvironment environment) => new()
    {
        Base = RegistryAddress.Parse("base.contoso.com"),
        Images = ["app"],
        Targets = PromotionTarget.Of(
            environment,
            RegistryAddress.Parse("west.contoso.com"),
            RegistryAddress.Parse("east.contoso.com"),
            RegistryAddress.Parse("north.contoso.com")),
    };

    private sealed record OwnGate : Gate
    {
        public override string Description => "a ticket of the change board";
    }

    private sealed record OwnDeployment : Deployment
    {
        public override string Description => "Nomad job shop";

        public override bool IsForAll => true;
    }
}

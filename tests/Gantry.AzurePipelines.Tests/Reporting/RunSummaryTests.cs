using Gantry.AzurePipelines.Reporting;
using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.AzurePipelines.Tests.Reporting;

public class RunSummaryTests
{
    private static readonly Release Shop = new()
    {
        Version = "1.4.2+7",
        Commit = "0123456789abcdef0123456789abcdef01234567",
        Branch = "release/`1|4`",
        BuildId = "812",
        BuildUrl = "https://dev.azure.com/contoso/Shop/_build/results?buildId=812",
        Created = DateTimeOffset.UnixEpoch,
        Images =
        [
            Image("shop/web", 'a') with
            {
                BaseImage = new() { Name = "mcr.microsoft.com/dotnet/aspnet:10.0", Digest = Digest.Parse("sha256:" + new string('b', 64)) },
            },
            Image("shop/api_1", 'c') with
            {
                Platforms = ["linux/amd64", "linux/arm64"],
                StandIn = true,
                BaseImage = new() { Name = "stand-in" },
            },
        ],
    };

    [Fact]
    public async Task A_release_matches_the_snapshot() => await Verifier.Verify(RunSummary.Of(Shop), "md", Settings("release"));

    [Fact]
    public async Task A_promotion_matches_the_snapshots()
    {
        var plan = await PlanAsync();
        await Verifier.Verify(RunSummary.Of(plan, outcome: null), "md", Settings("planned"));

        plan = plan.DelegateGatesTo("Azure Pipelines, environment prod");
        var outcome = await new Promoter().ApplyAsync(plan, CancellationToken.None);
        await Verifier.Verify(RunSummary.Of(plan, outcome), "md", Settings("promoted"));

        var failed = outcome with
        {
            Targets = [new CopyOutcome { Images = [], Error = new GantryException("GAN4022", "the tag changed", "make a new plan") }],
        };
        await Verifier.Verify(RunSummary.Of(plan, failed), "md", Settings("failed"));
    }

    [Fact]
    public Task Environments_are_a_table() =>
        Verifier.Verify(RunSummary.Of(SampleFleet.Create()), "md", Settings("environments"));

    [Fact]
    public void Nothing_in_a_summary_acts()
    {
        foreach (var (what, text) in HostileText.Values)
        {
            var digest = Digest.Parse("sha256:" + new string('a', 64));
            var release = Shop with { Version = text, Commit = text, Branch = text, BuildId = text, BuildUrl = text };
            var lines = new[] { RunSummary.Of(release), RunSummary.Of(SampleFleet.Create(text)) }
                .SelectMany(summary => summary.Split('\n'))
                .Select(line => line.StartsWith("## ", StringComparison.Ordinal) ? line[3..] : line);

            Assert.All(lines, line => Assert.True(HostileText.FindFault(line) is null, $"{what}: {HostileText.FindFault(line)} in {line}"));
            Assert.DoesNotContain("\nforged", string.Join('\n', lines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_outcome_of_each_host_is_listed()
    {
        var check = HealthCheck.Of("https://contoso.com/version", ReportedVersion.Json("version"));
        var prod = new PromotionEnvironment("prod")
        {
            Regions = ["west", "east"],
            Deployments = [new Shelf { Region = "west" }],
            HealthChecks = [check],
        };
        using var probe = new HealthProbe(TimeProvider.System, _ => null);
        var plan = await PlanAsync(prod, new DeploymentPlanner([new FullShelf()], probe, _ => null));
        var outcome = await new Promoter().ApplyAsync(plan, CancellationToken.None);

        var planned = RunSummary.Of(plan, outcome: null);
        var told = RunSummary.Of(plan, outcome);

        Assert.EndsWith(
            "Hosts:\n\n- shelf: empty -\\> " + Reference(plan)
                + "\n- health check https://contoso.com/version: skipped, not all regions are promoted to\n",
            planned,
            StringComparison.Ordinal);
        Assert.Contains(
            "**The deployment is not complete.** The images are in place. Run the same command again to continue.",
            told,
            StringComparison.Ordinal);
        Assert.Contains("- shelf: failed: GAN4078: it was \\<not\\> healthy; look at it.", told, StringComparison.Ordinal);
    }

    private static string Reference(PromotionPlan plan) => $"contosoprod.azurecr.io/live/web@{plan.Request.Release.Images[0].Digest}";

    private sealed record Shelf : Deployment
    {
        public override string Description => "shelf";
    }

    private sealed class FullShelf : IDeployer
    {
        public bool Accepts(Deployment deployment) => true;

        public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken) =>
            Task.FromResult(new HostState("empty", IsCurrent: false));

        public Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken) =>
            throw new GantryException("GAN4078", "it was <not> healthy", "look at it");
    }

    [Fact]
    public void Outputs_tags_and_number_are_set() => Assert.Equal(
        [
            "##vso[build.updatebuildnumber]1.4.2+7",
            "##vso[build.addbuildtag]1.4.2+7",
            "##vso[build.addbuildtag]sha256-" + new string('a', 64),
            "##vso[build.addbuildtag]sha256-" + new string('c', 64),
            "##vso[task.setvariable variable=version;isOutput=true]1.4.2+7",
            "##vso[task.setvariable variable=tag;isOutput=true]1.4.2_7",
            "##vso[task.setvariable variable=commit;isOutput=true]0123456789abcdef0123456789abcdef01234567",
            "##vso[task.setvariable variable=digest;isOutput=true]sha256:" + new string('a', 64),
            "##vso[task.setvariable variable=digest_shop_web;isOutput=true]sha256:" + new string('a', 64),
            "##vso[task.setvariable variable=digest_shop_api_1;isOutput=true]sha256:" + new string('c', 64),
        ],
        ReleaseCommands.Of(Shop).Select(command => command.ToString()));

    [Theory]
    [InlineData("a|b`c*d_e<f>[g](h)\ni", "a\\|b\\`c\\*d\\_e\\<f\\>\\[g\\](h) i")]
    [InlineData("# a + b - c", "\\# a + b - c")]
    [InlineData("plain-text 1.0: x/y", "plain-text 1.0: x/y")]
    public void Text_is_escaped_in_Markdown(string text, string escaped) => Assert.Equal(escaped, Markdown.Escape(text));

    [Theory]
    [InlineData("a", "`a`")]
    [InlineData("a`b", "``a`b``")]
    [InlineData("`a``", "``` `a`` ```")]
    public void Backticks_in_code_are_kept(string text, string code) => Assert.Equal(code, Markdown.Code(text));

    [Theory]
    [InlineData("https://x/y?a=1", "[t](<https://x/y?a=1>)")]
    [InlineData("javascript:alert(1)", "t")]
    [InlineData("not an address", "t")]
    public void Links_are_escaped_as_URLs(string address, string link) => Assert.Equal(link, Markdown.Link("t", address));

    [Fact]
    public void A_bar_in_a_cell_is_escaped() =>
        Assert.Equal(
            "| a\\|b | `c\\|d` |\n| --- | --- |\n| e\\|f | g |\n",
            new Markdown().Table(["a|b", "`c|d`"], [["e\\|f", "g"]]).ToString());

    private static Task<PromotionPlan> PlanAsync() => PlanAsync(
        new("prod") { DisplayName = "production", Gates = [Gate.Approval(@"[Contoso]\Release"), Gate.Soak(TimeSpan.FromHours(24))] },
        deployments: null);

    private static async Task<PromotionPlan> PlanAsync(PromotionEnvironment environment, DeploymentPlanner? deployments)
    {
        var registries = new MemoryRegistries();
        var contoso = RegistryAddress.Parse("contoso.azurecr.io");
        var built = SampleImage.Create(seed: 1, 4000, 70_000);
        var store = registries.Open(RegistryAddress.Parse("localhost:5000"), "web");
        await built.PushAsync(store);
        var published = await new Publisher(registries, TimeProvider.System).PublishAsync(
            new PublishRequest
            {
                Version = "1.4.2",
                Commit = Shop.Commit,
                BuildId = "812",
                Images =
                    [new ImageToPublish("web", store, new BuiltImage(built.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false))],
                Base = contoso,
            },
            CancellationToken.None);
        return await new PromotionPlanner(registries) { Deployments = deployments }.PlanAsync(
            new PromotionRequest
            {
                Release = published.Release,
                Base = contoso,
                Targets = PromotionTarget.Of(environment, RegistryAddress.Parse("contosoprod.azurecr.io/live")),
                OverrideSoakReason = "the shop is <down>",
                By = new()
                {
                    Name = "Anna *Álvarez*",
                    RunId = "900",
                    RunUrl = "https://dev.azure.com/contoso/Shop/_build/results?buildId=900",
                },
            },
            CancellationToken.None);
    }

    private static ReleaseImage Image(string name, char digit) => new()
    {
        Name = name,
        Repository = "contoso.azurecr.io/" + name,
        Digest = Digest.Parse("sha256:" + new string(digit, 64)),
        MediaType = MediaTypes.OciManifest,
        Size = 1000,
        Platforms = ["linux/amd64"],
    };

    private static VerifySettings Settings(string name)
    {
        var settings = new VerifySettings();
        settings.UseDirectory("../Snapshots");
        settings.UseFileName("summary." + name);
        settings.DontScrubGuids();
        settings.DontScrubDateTimes();
        return settings;
    }
}

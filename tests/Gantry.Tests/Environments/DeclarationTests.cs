using Gantry.Environments;
using Gantry.Oci;
using Gantry.Tests.Deployments;

namespace Gantry.Tests.Environments;

/// <summary>Impossible deployments and health checks are reported with all other faults of the declaration.</summary>
public sealed class DeclarationTests
{
    private const string Repository = "https://dev.azure.com/contoso/shop/_git/deploy";

    public static TheoryData<string, Deployment> Sound => new()
    {
        { "webhook https://contoso.com/hook", Deployment.Webhook("https://contoso.com/hook?region=eu") },
        { "webhook http://localhost:5000/hook", Deployment.Webhook("http://localhost:5000/hook") },
        { "webhook $(PROD_WEBHOOK_URL)", Deployment.Webhook("$(PROD_WEBHOOK_URL)") },
        {
            "webhook https://$user:$(KEY)@contoso.scm.azurewebsites.net/api/registry/webhook",
            Deployment.Webhook("https://$user:$(KEY)@contoso.scm.azurewebsites.net/api/registry/webhook")
        },
        {
            $"commit to overlays/prod in {Repository} (main)",
            Deployment.KustomizeCommit(Repository, "overlays/prod") with { Token = "$(System.AccessToken)" }
        },
        {
            "commit to values.yaml in git@ssh.dev.azure.com:v3/contoso/shop/deploy (release)",
            Deployment.HelmValuesCommit("git@ssh.dev.azure.com:v3/contoso/shop/deploy", "values.yaml") with { Branch = "release" }
        },
        {
            "commit to values.yaml in file:///srv/deploy.git (main)",
            Deployment.HelmValuesCommit("file:///srv/deploy.git", "values.yaml", "apps[0].image.digest")
        },
        { "kubectl deployment/app in aks-prod, namespace shop, container web", Deployment.Kubectl("aks-prod", "shop", "app", "web") },
        { "copy to west", new OwnDeployment("west") },
        {
            "kubectl statefulset/app in aks-prod, namespace shop, container web",
            Deployment.Kubectl("aks-prod", "shop", "statefulset/app", "web")
        },
    };

    [Fact]
    public void An_image_that_a_host_may_not_read_is_refused()
    {
        var cluster = Deployment.Kubectl("aks-dev", "shop", "app", "web") with { Image = "app" };
        PromotionEnvironment dev = new("dev") { Deployments = [cluster] };
        PromotionEnvironment prod = new("prod") { Deployments = [new OldHost { Image = "app" }] };
        ContainerImage app = new("app") { Compression = LayerCompression.Zstd };

        Assert.Single(ContainerImage.Validate([app], [dev]));
        ContainerImage plain = new("app");
        Assert.Equal(2, ContainerImage.Validate([plain, app with { Name = "other" }], [prod]).Count);
        var error = Assert.Throws<GantryException>(() => ContainerImage.Validate([app], [dev, prod]));
        Assert.Equal("GAN4069", error.Code);
        Assert.Contains("'app'", error.Problem, StringComparison.Ordinal);
        Assert.Contains("an old host in prod", error.Problem, StringComparison.Ordinal);
    }

    private sealed record OldHost : Deployment
    {
        public override string Description => "an old host";

        public override bool ReadsZstd => false;
    }

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_deployment_is_described_without_its_secrets(string description, Deployment deployment)
    {
        EnvironmentSet.Create([new("prod") { Deployments = [deployment] }]);

        Assert.Equal(description, deployment.Description);
    }

    public static TheoryData<string, Deployment> Unsound => new()
    {
        { "no address", Deployment.Webhook("contoso.com/hook") },
        { "plain HTTP", Deployment.Webhook("http://contoso.com/hook") },
        { "a password in the declaration", Deployment.Webhook("https://user:secret@contoso.com/hook") },
        {
            "a header that is none",
            Deployment.Webhook("https://contoso.com/hook") with { Headers = new Dictionary<string, string> { ["X Key"] = "1" } }
        },
        {
            "a header of two lines",
            Deployment.Webhook("https://contoso.com/hook") with
            {
                Headers = new Dictionary<string, string> { ["X-Key"] = "1\r\nX-Other: 2" },
            }
        },
        {
            "a credential in the declaration",
            Deployment.Webhook("https://contoso.com/hook") with
            {
                Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer secret" },
            }
        },
        { "no repository", Deployment.KustomizeCommit("deploy", "overlays/prod") },
        { "a program for a repository", Deployment.KustomizeCommit("ext::sh -c ls", "overlays/prod") },
        { "an option for a repository", Deployment.KustomizeCommit("--upload-pack=ls", "overlays/prod") },
        { "a password in the repository's address", Deployment.KustomizeCommit("https://user:secret@contoso.com/deploy", "overlays/prod") },
        { "a repository over plain HTTP", Deployment.KustomizeCommit("http://contoso.com/deploy", "overlays/prod") },
        { "a token in the declaration", Deployment.KustomizeCommit(Repository, "overlays/prod") with { Token = "secret" } },
        { "a token for ssh", Deployment.KustomizeCommit("git@contoso.com:deploy", "overlays/prod") with { Token = "$(TOKEN)" } },
        { "a path out of the repository", Deployment.KustomizeCommit(Repository, "../prod") },
        { "a path into git's own folder", Deployment.HelmValuesCommit(Repository, ".git/config") },
        { "an absolute path", Deployment.HelmValuesCommit(Repository, "/etc/values.yaml") },
        { "a branch that is none", Deployment.HelmValuesCommit(Repository, "values.yaml") with { Branch = "a..b" } },
        { "an option for a branch", Deployment.HelmValuesCommit(Repository, "values.yaml") with { Branch = "--force" } },
        { "a key that is none", Deployment.HelmValuesCommit(Repository, "values.yaml", "image..digest") },
        { "a key that is not closed", Deployment.HelmValuesCommit(Repository, "values.yaml", "apps[0.digest") },
        { "nobody who commits", Deployment.HelmValuesCommit(Repository, "values.yaml") with { AuthorName = "" } },
        { "an option for a context", Deployment.Kubectl("--kubeconfig=x", "shop", "app", "web") },
        { "a namespace that is none", Deployment.Kubectl("aks", "Shop", "app", "web") },
        { "a kind that has no rollout", Deployment.Kubectl("aks", "shop", "pod/app", "web") },
        { "a container that is none", Deployment.Kubectl("aks", "shop", "app", "web=x") },
        { "a region that is not declared", Deployment.Kubectl("aks", "shop", "app", "web") with { Region = "eu" } },
        { "an own deployment that is invalid", new OwnDeployment("") },
        { "an image without a name", Deployment.Kubectl("aks", "shop", "app", "web") with { Image = "" } },
    };

    [Theory]
    [MemberData(nameof(Unsound))]
    public void An_impossible_deployment_is_refused(string fault, Deployment deployment)
    {
        var error = Assert.Throws<GantryException>(() => EnvironmentSet.Create([new("prod") { Deployments = [deployment] }]));

        Assert.True(error.Code == "GAN4070", $"{fault}: {error.Message}");
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_regions_each_deployment_names_one_of_them()
    {
        PromotionEnvironment Prod(Deployment deployment) => new("prod") { Regions = ["eu", "us"], Deployments = [deployment] };

        EnvironmentSet.Create([Prod(Deployment.Kubectl("aks", "shop", "app", "web") with { Region = "eu" })]);
        EnvironmentSet.Create([Prod(Deployment.Webhook("https://contoso.com/hook"))]);
        Assert.Equal(
            "GAN4070",
            Assert.Throws<GantryException>(() => EnvironmentSet.Create([Prod(Deployment.Kubectl("aks", "shop", "app", "web"))])).Code);
    }

    public static TheoryData<string, HealthCheck> UnsoundChecks => new()
    {
        { "no address", HealthCheck.Of("contoso.com") },
        { "a password in the declaration", HealthCheck.Of("https://user:secret@contoso.com/") },
        { "a key over plain HTTP", HealthCheck.Of("http://contoso.com/version?code=$(KEY)") },
        { "no status", HealthCheck.Of("https://contoso.com/") with { Status = 0 } },
        { "no interval", HealthCheck.Of("https://contoso.com/") with { Interval = TimeSpan.Zero } },
        { "less time than one interval", HealthCheck.Of("https://contoso.com/") with { Timeout = TimeSpan.FromSeconds(1) } },
        { "no right answer", HealthCheck.Of("https://contoso.com/") with { SuccessThreshold = 0 } },
        { "no property", HealthCheck.Of("https://contoso.com/", ReportedVersion.Json("build.")) },
        { "a header that is none", HealthCheck.Of("https://contoso.com/", ReportedVersion.Header("X Version")) },
        { "a region that is not declared", HealthCheck.Of("https://contoso.com/") with { Region = "asia" } },
        { "one region of two", HealthCheck.Of("https://contoso.com/") with { Region = "eu" } },
    };

    [Theory]
    [MemberData(nameof(UnsoundChecks))]
    public void An_impossible_health_check_is_refused(string fault, HealthCheck check)
    {
        var error = Assert.Throws<GantryException>(() =>
            EnvironmentSet.Create([new("prod") { Regions = ["eu", "us"], HealthChecks = [check] }]));

        Assert.True(error.Code == "GAN4071", $"{fault}: {error.Message}");
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_variables_of_an_environment_are_listed()
    {
        var prod = new PromotionEnvironment("prod")
        {
            Deployments =
            [
                Deployment.Webhook("$(HOOK_URL)") with { Headers = new Dictionary<string, string> { ["X-Key"] = "$(HOOK_KEY)" } },
                Deployment.KustomizeCommit(Repository, "overlays/prod") with { Token = "$(System.AccessToken)" },
            ],
            HealthChecks = [HealthCheck.Of("https://contoso.com/version?code=$(HOOK_KEY)")],
        };

        Assert.Equal(["HOOK_URL", "HOOK_KEY", "System.AccessToken"], prod.DeploymentVariables);
    }

    [Theory]
    [InlineData("image.digest", "image|digest")]
    [InlineData("apps[1].image", "apps|[1]|image")]
    [InlineData("apps[1][2]", "apps|[1]|[2]")]
    [InlineData(@"a\.b.c\[0\]", "a.b|c[0]")]
    public void A_key_is_read_as_Helm_reads_it(string text, string parts)
    {
        Assert.True(ValueKey.TryParse(text, out var key));
        Assert.Equal(parts, string.Join('|', key.Parts));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("[0]")]
    [InlineData("a[]")]
    [InlineData("a[-1]")]
    [InlineData("a[0]b")]
    [InlineData("a[0].")]
    [InlineData("a]")]
    [InlineData(@"a\")]
    public void An_invalid_key_is_refused(string text) => Assert.False(ValueKey.TryParse(text, out _));
}

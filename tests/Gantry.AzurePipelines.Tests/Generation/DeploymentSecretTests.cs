using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>Secrets of deployments and gates are passed to the step that promotes to their environment.</summary>
public class DeploymentSecretTests
{
    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PromotionEnvironment Prod = new("prod")
    {
        After = Dev,
        Deployments =
        [
            Deployment.Webhook("$(ProdWebhookUrl)"),
            Deployment.KustomizeCommit("https://dev.azure.com/contoso/shop/_git/deploy", "overlays/prod") with
            {
                Token = "$(System.AccessToken)",
            },
        ],
        HealthChecks = [HealthCheck.Of("https://contoso.com/version?code=$(VERSION_KEY)")],
        Gates = [Gate.Http("$(CHANGES_URL)")],
    };

    [Theory]
    [InlineData(null)]
    [InlineData("contoso-prod")]
    public void Secrets_reach_only_the_step_of_their_environment(string? connection)
    {
        var declaration = SampleDeclarations.Minimal with
        {
            Environments = [new(Dev), new(Prod) { ServiceConnection = connection, Secrets = ["VERSION_KEY"] }],
        };

        var result = PipelineGenerator.Generate(declaration);

        Assert.Empty(result.Errors);
        var yaml = result.Files[0].Content;
        foreach (var mapping in new[] { "ProdWebhookUrl: $(ProdWebhookUrl)", "VERSION_KEY: $(VERSION_KEY)", "CHANGES_URL: $(CHANGES_URL)" })
            Assert.Single(Regex.Matches(yaml, $"^ *{Regex.Escape(mapping)}$", RegexOptions.Multiline));

        // Publication and each promotion ask the service about their run, and have the token once.
        Assert.Equal(3, Regex.Count(yaml, @"^ *SYSTEM_ACCESSTOKEN: \$\(System\.AccessToken\)$", RegexOptions.Multiline));
        var promotion = yaml.IndexOf("- stage: PromoteProd", StringComparison.Ordinal);
        Assert.True(promotion > 0 && yaml.IndexOf("$(ProdWebhookUrl)", StringComparison.Ordinal) > promotion, yaml);
    }
}

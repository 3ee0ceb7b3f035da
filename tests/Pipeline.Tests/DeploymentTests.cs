using System.Text.Json;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>A promotion with a webhook to a host on this machine, which then really runs the promoted image.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class DeploymentTests(RepositoryClone clone)
{
    [Fact]
    public async Task A_promotion_is_done_when_the_host_reports_the_promoted_version()
    {
        await using var host = await WebhookHost.StartAsync(clone.PathOf("artifacts/registries/dev"));
        await using var changed = await ChangedBuild.CreateAsync(clone.Root, build => Declare(build, host));

        host.RefusesWebhooks = true;
        var refused = await BuildAsync(changed, host, "PromoteDev", "--release-version", "1.7.0");
        host.RefusesWebhooks = false;
        var goneOn = await BuildAsync(changed, host, "PromoteDev", "--skip");
        var again = await BuildAsync(changed, host, "PromoteDev", "--skip");
        await host.StopServiceAsync();
        var brought = await BuildAsync(changed, host, "PromoteDev", "--skip");

        // The image is in place, and yet the promotion failed.
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("then: webhook $(DEV_WEBHOOK_URL)", refused.Output, StringComparison.Ordinal);
        Assert.Contains("GAN4077: ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("The deployment is not complete.", refused.Output, StringComparison.Ordinal);

        // The next run continues with the host.
        Assert.True(goneOn.ExitCode == 0, goneOn.Output);
        Assert.Contains("Nothing moves", goneOn.Output, StringComparison.Ordinal);
        Assert.Contains($"then: health check {host.VersionUrl}: status 200 with version '1.7.0", goneOn.Output, StringComparison.Ordinal);

        // Another run sends no webhook, until the host no longer runs the image.
        Assert.True(again.ExitCode == 0, again.Output);
        Assert.Contains("skipped, its health check reports the version already", again.Output, StringComparison.Ordinal);
        Assert.True(brought.ExitCode == 0, brought.Output);
        Assert.Equal([Released(changed), Released(changed), Released(changed)], host.ReceivedDigests);
        Assert.All(
            [refused, goneOn, again, brought], run => Assert.DoesNotContain("secret-of-the-host", run.Output, StringComparison.Ordinal));

        // The generated pipeline passes the secret to the step that promotes there.
        Assert.Contains(
            "DEV_WEBHOOK_URL: $(DEV_WEBHOOK_URL)",
            await File.ReadAllTextAsync(changed.PathOf("azure-pipelines.yml")),
            StringComparison.Ordinal);
    }

    private static string Declare(string build, WebhookHost host)
    {
        var declared = build.Replace(
            "new(\"dev\");",
            $$"""
            new("dev")
                {
                    Deployments = [Deployment.Webhook("$(DEV_WEBHOOK_URL)")],
                    HealthChecks = [HealthCheck.Of("{{host.VersionUrl}}", ReportedVersion.Json("version"))],
                };
            """,
            StringComparison.Ordinal);
        Assert.Contains("DEV_WEBHOOK_URL", declared, StringComparison.Ordinal);
        return declared;
    }

    private static Task<BuildRun> BuildAsync(ChangedBuild changed, WebhookHost host, params string[] arguments) =>
        changed.BuildAsync(new Dictionary<string, string> { ["DEV_WEBHOOK_URL"] = host.WebhookUrl }, arguments);

    private static string Released(ChangedBuild changed)
    {
        using var release = JsonDocument.Parse(File.ReadAllBytes(changed.PathOf("artifacts/release.json")));
        return release.RootElement.GetProperty("images")[0].GetProperty("digest").GetString()!;
    }
}

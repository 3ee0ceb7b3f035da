using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using Gantry.Tests.Deployments;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Gantry.Tests.Http;

/// <summary>
/// What can be seen of a copy from outside, and what never can. Alone: the console exporter writes to the output of the process.
/// </summary>
[CollectionDefinition(nameof(DiagnosticsTests), DisableParallelization = true)]
[Collection(nameof(DiagnosticsTests))]
public sealed class DiagnosticsTests
{
    private static readonly string[] s_secrets =
        [
            TokenAuthority.Password, TokenAuthority.RefreshToken, "signature-of-storage", "path-of-the-hook", "key-of-the-hook", "Basic ",
            "Bearer e",
        ];

    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public async Task Each_request_retry_token_and_blob_is_a_line_of_the_log()
    {
        await using var registry = await StartAsync();
        registry.Fail("GET", "/app/manifests/v1", RegistryFaults.StatusCode(503));
        registry.Fail("GET", "/tags/list", RegistryFaults.Header("X-Ms-Request-Id", "1-2-3"), times: 2);

        await CopyAsync(registry);

        AssertLogged(@"^GET http://localhost:\d+/v2/app/manifests/v1: 503, \d+ ms, \d+ bytes sent, \d+ received$");
        AssertLogged(@"^GET http://localhost:\d+/v2/app/tags/list: 200, \d+ ms, \d+ bytes sent, \d+ received, id 1-2-3$");
        AssertLogged(@"^retry 1 in [\d.]+ s: localhost:\d+ failed while reading the manifest of tag 'v1'");
        AssertLogged(@"^token of localhost:\d+ for localhost:\d+, scope repository:app:pull, until \d{4}-");
        AssertLogged(@"^blob sha256:[0-9a-f]{64} \([\d.]+ Ki?B\) in localhost:\d+/copy: mounted$");
    }

    [Theory]
    [InlineData("there")]
    [InlineData("mounted")]
    [InlineData("uploaded")]
    [InlineData("resumed")]
    public async Task Each_way_to_store_a_blob_is_named(string decision)
    {
        await using var source = await StartAsync();
        await using var target = await StartAsync();
        if (decision == "there")
            Image.Blobs.ToList().ForEach(blob => target.Store.Blobs[("copy", blob.Key.ToString())] = blob.Value);
        if (decision == "resumed")
            target.Fail("PUT", Image.Root.ReadManifest().Layers[0].Digest.Hex, RegistryFaults.ResetAfterReceiving(70_000));

        await CopyAsync(source, decision == "mounted" ? source : target);

        Assert.Contains(
            _log, line => line.StartsWith("blob ", StringComparison.Ordinal) && line.EndsWith($": {decision}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rate_limit_is_a_retry_with_its_pause()
    {
        await using var registry = await StartAsync();
        registry.Fail("GET", "/manifests/v1", RegistryFaults.StatusCode(429, "7"));

        await CopyAsync(registry);

        AssertLogged(@"^retry 1 in 7 s: localhost:\d+ still refuses requests");
    }

    [Fact]
    public async Task Activities_and_metrics_follow_the_conventions_of_OpenTelemetry()
    {
        var output = await TraceAsync(async () =>
        {
            await using var registry = await StartAsync();
            registry.Fail("GET", "/app/manifests/v1", RegistryFaults.StatusCode(503));
            await CopyAsync(registry);
        });

        foreach (var expected in (string[])
        [
            "Activity.DisplayName:        copy", "container.image.name: localhost:", "container.image.tags: ",
            "oci.manifest.digest: sha256:", "Activity.Kind:               Client",
            "http.request.method: GET", "server.address: localhost", "server.port: ", "url.full: http://localhost:",
            "http.response.status_code: 200", "error.type: 503",
            "gantry.requests", "gantry.retries", "gantry.bytes", "gantry.blobs", "gantry.request.duration", "gantry.blob.decision: mounted",
            "network.io.direction: receive",
        ])
        {
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_of_it_holds_a_secret()
    {
        var output = await TraceAsync(async () =>
        {
            await using var storage = await ScriptedRegistry.StartAsync();
            await using var registry = await StartAsync();
            registry.Fail(
                "GET",
                "/blobs/",
                RegistryFaults.Redirect($"{storage.Url}/v2/app/blobs/{Image.Root.Descriptor.Digest}?sig=signature-of-storage"),
                2);
            registry.Fail("GET", "/manifests/v1", RegistryFaults.Reset());
            await using var target = await StartAsync();
            await Record.ExceptionAsync(() => CopyAsync(registry, target));
            await Record.ExceptionAsync(() => CopyAsync(registry, target, new RefreshTokenCredential(TokenAuthority.RefreshToken)));
            await Record.ExceptionAsync(() =>
                CopyAsync(registry, target, new PasswordCredential("gantry", "wrong-" + TokenAuthority.Password)));

            await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(500));
            var variables = SampleOrders.Variables(
                ("URL", $"http://me:{TokenAuthority.Password}@{host.Address.Authority}/path-of-the-hook?key-of-the-hook=1"));
            using var hooks = new WebhookDeployer(new AutoAdvancingTime(), variables)
            {
                RequestTimeout = AutoAdvancingTime.TimeLimit,
                Log = _log.Enqueue,
            };
            await Record.ExceptionAsync(() => hooks.DeployAsync(SampleOrders.Order(Deployment.Webhook("$(URL)")), CancellationToken.None));
        });

        AssertLogged(@"^POST http://127\.0\.0\.1:\d+/…: 500");
        var all = output + string.Join('\n', _log);
        Assert.All(s_secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    [Fact]
    public void The_causes_of_an_error_are_shown_without_secrets()
    {
        var error = new InvalidOperationException(
            "outer", new IOException("the proxy http://me:swordfish@proxy/x?sig=hidden refuses", new TimeoutException("late")));

        Assert.Equal(["caused by IOException: the proxy http://proxy/x refuses", "caused by TimeoutException: late"], Format.Causes(error));
    }

    private static SampleImage Image { get; } = SampleImage.Create(2, 200_000);

    private static async Task<ScriptedRegistry> StartAsync()
    {
        var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { Scheme = "Bearer" });
        registry.Store.Add("app", Image, "v1");
        return registry;
    }

    private Task CopyAsync(ScriptedRegistry registry) => CopyAsync(registry, registry);

    private async Task CopyAsync(ScriptedRegistry source, ScriptedRegistry target, RegistryCredential? credential = null)
    {
        var credentials = new FixedCredentialSource(credential ?? new PasswordCredential(TokenAuthority.UserName, TokenAuthority.Password));
        await using var registries = new RegistrySession(source.SessionOptions(credentials) with { Log = _log.Enqueue });
        var request = new CopyRequest
        {
            Source = registries.Open(source.Address, "app"),
            Tag = "v1",
            Targets = [new CopyTarget(registries.Open(target.Address, "copy"), "v1")],
        };
        var outcome = (await new ImageCopier().CopyAsync([request], CancellationToken.None))[0];
        foreach (var cause in outcome.Error is { } error ? Format.Causes(error) : [])
            _log.Enqueue(cause);
        if (outcome.Error is not null)
            throw outcome.Error;
    }

    private void AssertLogged(string pattern) => Assert.Contains(_log, line => Regex.IsMatch(line, pattern));

    private static async Task<string> TraceAsync(Func<Task> work)
    {
        var before = Console.Out;
        await using var output = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(output));
        try
        {
            using var traces = Sdk.CreateTracerProviderBuilder().AddSource(Telemetry.Name).AddConsoleExporter().Build();
            using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter(Telemetry.Name).AddConsoleExporter().Build();
            await work();
            traces.ForceFlush();
            metrics.ForceFlush();
        }
        finally
        {
            Console.SetOut(before);
        }

        return output.ToString();
    }
}

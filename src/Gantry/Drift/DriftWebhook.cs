using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Drift;

/// <summary>
/// Sends reports to webhooks. Each run sends the state that it found: the receiver opens, keeps or closes what has the same marker, so a
/// report that is lost or sent twice does no harm.
/// </summary>
public sealed class DriftWebhook : IDisposable
{
    private readonly Func<string, string?> _variable;
    private readonly Lazy<HookClient> _client;

    /// <summary>Creates a new instance.</summary>
    /// <param name="time">The clock for pauses and time limits.</param>
    /// <param name="variable">The environment variables that secrets are read from.</param>
    /// <param name="handler">The handler that sends the requests; when null, a default one. It must not follow redirects.</param>
    public DriftWebhook(TimeProvider time, Func<string, string?> variable, HttpMessageHandler? handler = null)
    {
        _variable = variable;
        _client = new Lazy<HookClient>(() => new HookClient(time, handler, RequestTimeout, Log));
    }

    /// <summary>The time limit for one answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = HookClient.DefaultTimeout;

    /// <summary>Receives one line about each request and retry, without secrets; null for none.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>
    /// Sends the state of a run. Throws <c>GAN4509</c> when the receiver cannot be reached, <c>GAN4510</c> when it refuses, <c>GAN4073</c>
    /// and <c>GAN4074</c> for variables that are missing or unusable.
    /// </summary>
    /// <param name="alert">The webhook.</param>
    /// <param name="report">The report.</param>
    /// <param name="marker">The marker of the build (<see cref="DriftAlert.MarkerOf"/>).</param>
    /// <param name="run">The address of the run; null when there is none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The description of what was sent; null when nothing was, because the state is not known.</returns>
    public async Task<string?> SendAsync(
        WebhookAlert alert, DriftReport report, string marker, string? run, CancellationToken cancellationToken)
    {
        if (report.State == DriftState.Unknown)
            return null;
        var state = report.State == DriftState.Drifted ? "drifted" : "settled";
        var body = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schema"] = DriftDocument.CurrentSchema,
            ["state"] = state,
            ["marker"] = marker,
            ["fingerprint"] = report.Fingerprint,
            ["summary"] = DisplayText.Neutralize(DriftFormatter.Headline(report)),
            ["run"] = run,
            ["report"] = DriftDocument.Of(report),
        }.ToJsonString());
        var status = await _client.Value.SendAsync(
            () => Create(alert, body),
            failure => DriftErrors.WebhookUnreachable(alert.Description, HookClient.Explain(failure), failure.Exception),
            refusal => DriftErrors.WebhookRefused(alert.Description, (int)refusal),
            cancellationToken);
        return $"reported as {state} to the {alert.Description}, status {(int)status}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private HttpRequestMessage Create(WebhookAlert alert, byte[] body)
    {
        var request = HookAddress.CreateRequest(HttpMethod.Post, alert.Url, alert.Headers, alert.Description, _variable);
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }
}

using System.Net.Http.Headers;
using System.Text.Json;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Deployments;

/// <summary>Sends webhooks.</summary>
public sealed class WebhookDeployer : IDeployer, IDisposable
{
    private readonly TimeProvider _time;
    private readonly Func<string, string?> _variable;
    private readonly Lazy<HookClient> _client;

    /// <summary>Creates a new instance.</summary>
    /// <param name="time">The clock for pauses and time limits.</param>
    /// <param name="variable">The environment variables that secrets are read from.</param>
    /// <param name="handler">The handler that sends the requests; when null, a default one. It must not follow redirects.</param>
    public WebhookDeployer(TimeProvider time, Func<string, string?> variable, HttpMessageHandler? handler = null)
    {
        _time = time;
        _variable = variable;
        _client = new Lazy<HookClient>(() => new HookClient(time, handler, RequestTimeout, Log));
    }

    /// <summary>The time limit for one answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = HookClient.DefaultTimeout;

    /// <summary>Receives one line about each request and retry, without secrets; null for none.</summary>
    public Action<string>? Log { get; init; }

    /// <inheritdoc/>
    public bool Accepts(Deployment deployment) => deployment is WebhookDeployment;

    /// <summary>
    /// Returns the unknown state, because the receiver of a webhook cannot be asked. Only creates the request, so that missing variables
    /// are found.
    /// </summary>
    public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        CreateRequest(order, CreateEvent(order)).Dispose();
        return Task.FromResult(HostState.Unknown);
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4076</c>: the receiver cannot be reached; <c>GAN4077</c>: it refuses the
    /// request.</exception>
    public async Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var told = CreateEvent(order);
        var description = order.Deployment.Description;
        var status = await _client.Value.SendAsync(
            () => CreateRequest(order, told),
            failure => DeploymentErrors.Unreachable(description, HookClient.Explain(failure), failure.Exception!),
            refusal => DeploymentErrors.WebhookRefused(description, (int)refusal, HookClient.IsTransient(refusal)),
            cancellationToken);
        return $"notified of {order.Repository}:{order.Release.Tag}, status {(int)status}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private HttpRequestMessage CreateRequest(DeploymentOrder order, WebhookEvent told)
    {
        var webhook = (WebhookDeployment)order.Deployment;
        var request = HookAddress.CreateRequest(HttpMethod.Post, webhook.Url, webhook.Headers, webhook.Description, _variable);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(told, WebhookJson.Readable.WebhookEvent));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private WebhookEvent CreateEvent(DeploymentOrder order) => new()
    {
        Id = Guid.CreateVersion7(_time.GetUtcNow()),
        Timestamp = _time.GetUtcNow().UtcDateTime,
        Target = new WebhookTarget
        {
            MediaType = order.Image.MediaType,
            Size = order.Image.Size,
            Digest = order.Image.Digest.ToString(),
            Length = order.Image.Size,
            Repository = order.Target.Address is HostAddress host ? host.FullRepository(order.Image.Name) : order.Image.Name,
            Tag = order.Release.Tag,
        },
        Request = new WebhookRequest
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            Host = order.Target.Address is HostAddress { Host: { } name } ? name : order.Target.Address.ToString()!,
        },
    };
}

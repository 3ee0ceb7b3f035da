using System.Net.Http.Headers;
using System.Text;
using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Notifications;

/// <summary>Sends messages to the channels of environments.</summary>
public sealed class Notifier : IDisposable
{
    private readonly Func<string, string?> _variable;
    private readonly Lazy<HookClient> _client;

    /// <summary>Creates a new instance.</summary>
    /// <param name="time">The clock for pauses and time limits.</param>
    /// <param name="variable">The environment variables that addresses are read from.</param>
    /// <param name="handler">The handler that sends the requests; when null, a default one. It must not follow redirects.</param>
    public Notifier(TimeProvider time, Func<string, string?> variable, HttpMessageHandler? handler = null)
    {
        _variable = variable;
        _client = new Lazy<HookClient>(() => new HookClient(time, handler, RequestTimeout, Log));
    }

    /// <summary>The time limit for one answer; ten seconds by default.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Receives one line about each request and retry, without secrets; null for none.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>
    /// Sends a message to a channel. Throws <c>GAN4171</c> when it cannot be reached, <c>GAN4172</c> when it refuses the message,
    /// <c>GAN4073</c> and <c>GAN4074</c> for variables that are missing or unusable.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task SendAsync(Notification channel, NotificationMessage message, CancellationToken cancellationToken)
    {
        var payload = channel is SlackNotification ? SlackPayload.Write(message) : TeamsPayload.Write(message);
        var body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        await _client.Value.SendAsync(
            () => Create(channel, body),
            failure => NotificationErrors.Unreachable(channel.Description, HookClient.Explain(failure), failure.Exception),
            refusal => NotificationErrors.Refused(channel.Description, (int)refusal),
            cancellationToken);
    }

    /// <summary>
    /// Sends a message to each channel of an environment that wants it. Errors are given to the caller, and stop nothing.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="what">What has happened.</param>
    /// <param name="message">The message.</param>
    /// <param name="failed">Receives the error of a channel.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task SendAsync(
        PromotionEnvironment environment, NotificationEvents what, NotificationMessage message, Action<GantryException> failed,
        CancellationToken cancellationToken)
    {
        foreach (var channel in environment.Notifications.Where(channel => channel.Events.HasFlag(what)))
        {
            try
            {
                await SendAsync(channel, message, cancellationToken);
            }
            catch (GantryException error)
            {
                failed(error);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private HttpRequestMessage Create(Notification channel, byte[] body)
    {
        var request = HookAddress.CreateRequest(
            HttpMethod.Post, channel.Url, new Dictionary<string, string>(), channel.Description, _variable);
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }
}

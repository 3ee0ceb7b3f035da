using System.Globalization;

namespace Gantry.Http;

/// <summary>
/// Makes each request visible: in the log, as an activity, and in the metrics. Nothing of it holds a secret, and what is sent as one is
/// masked from then on.
/// </summary>
/// <param name="inner">The handler that sends the requests.</param>
/// <param name="time">The clock for durations.</param>
/// <param name="log">Receives one line about each request; null for none.</param>
/// <param name="secrets">Learns the credentials that are sent; null when nothing masks them.</param>
public sealed class DiagnosticHandler(HttpMessageHandler inner, TimeProvider time, Action<string>? log, SecretMask? secrets = null)
    : DelegatingHandler(inner)
{
    /// <summary>The address to show for a request whose path may be secret, too.</summary>
    internal static readonly HttpRequestOptionsKey<string> ShownAddress = new("Gantry.ShownAddress");

    private const int MaximumIdLength = 80;

    // By the headers of Azure, Azure DevOps, and most others.
    private static readonly string[] s_ids =
    [
        "x-ms-request-id", "x-ms-correlation-request-id", "x-vss-e2eid", "x-request-id", "x-amzn-requestid", "x-github-request-id",
        "docker-request-id",
    ];

    /// <summary>Receives a line for people when an answer is awaited for long; null for none.</summary>
    public Action<string>? Notice { get; init; }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (secrets is not null)
            await SentCredentials.AddAsync(secrets, request, cancellationToken);
        var isObserved = log is not null || Telemetry.IsListening;
        var sending = isObserved ? ObserveAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);
        return await (Notice is null ? sending : AnnounceAsync(sending, request.RequestUri!.Authority, Notice));
    }

    private async Task<HttpResponseMessage> AnnounceAsync(Task<HttpResponseMessage> sending, string host, Action<string> notice)
    {
        var started = time.GetTimestamp();
        await using var timer = time.CreateTimer(
            _ => notice($"{host} has not answered for {Format.Duration(time.GetElapsedTime(started))}"),
            null,
            Limits.NoticeInterval,
            Limits.NoticeInterval);
        return await sending;
    }

    private async Task<HttpResponseMessage> ObserveAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (method, uri) = (request.Method.Method, request.RequestUri!);
        var shown = Mask(request.Options.TryGetValue(ShownAddress, out var address) ? address : uri.WithoutSecrets());
        var started = time.GetTimestamp();
        using var activity = Telemetry.StartRequest(method, uri, shown);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            var duration = time.GetElapsedTime(started);
            var (status, sent) = ((int)response.StatusCode, request.Content?.Headers.ContentLength ?? 0);
            var received = request.Method == HttpMethod.Head ? 0 : response.Content.Headers.ContentLength;
            var id = FindId(response) is { } given ? Mask(given) : null;
            activity?.SetTag("gantry.request.id", id);
            Telemetry.EndRequest(activity, method, uri, duration, status, status >= 400 ? $"{status}" : null, sent, received);
            var length = received is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known} received") : "length not known";
            var details = id is null ? length : $"{length}, id {id}";
            log?.Invoke(string.Create(
                CultureInfo.InvariantCulture,
                $"{method} {shown}: {status}, {duration.TotalMilliseconds:0} ms, {Format.Count(sent, "byte")} sent, {details}"));
            return response;
        }
        catch (Exception exception)
        {
            var duration = time.GetElapsedTime(started);
            Telemetry.EndRequest(activity, method, uri, duration, null, exception.GetType().FullName, null, null);
            log?.Invoke(string.Create(
                CultureInfo.InvariantCulture, $"{method} {shown}: {NetworkErrorMessage.Of(exception)}, {duration.TotalMilliseconds:0} ms"));
            throw;
        }
    }

    private string Mask(string text) => secrets?.Apply(text) ?? text;

    private static string? FindId(HttpResponseMessage response)
    {
        foreach (var name in s_ids)
        {
            if (response.Headers.NonValidated.TryGetValues(name, out var values))
                return string.Concat(values.First().Where(letter => letter is > ' ' and <= '~').Take(MaximumIdLength));
        }

        return null;
    }
}

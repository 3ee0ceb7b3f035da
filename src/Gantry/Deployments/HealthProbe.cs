using System.Globalization;
using Gantry.Environments;
using Gantry.Http;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>Checks whether hosts are healthy and run the expected release.</summary>
public sealed class HealthProbe : IDisposable
{
    private const int LongestShown = 80;
    private readonly TimeProvider _time;
    private readonly Func<string, string?> _variable;
    private readonly Lazy<HookClient> _client;

    /// <summary>Creates a new instance.</summary>
    /// <param name="time">The clock for pauses and time limits.</param>
    /// <param name="variable">The environment variables that secrets are read from.</param>
    /// <param name="handler">The handler that sends the requests; when null, a default one. It must not follow redirects.</param>
    public HealthProbe(TimeProvider time, Func<string, string?> variable, HttpMessageHandler? handler = null)
    {
        _time = time;
        _variable = variable;
        _client = new Lazy<HookClient>(() => new HookClient(time, handler, RequestTimeout, Log));
    }

    /// <summary>The time limit for one answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = HookClient.DefaultTimeout;

    /// <summary>Receives one line about each request, without secrets; null for none.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>
    /// Validates the check without sending a request; throws <c>GAN4073</c> or <c>GAN4074</c> when a variable is missing or unusable.
    /// </summary>
    internal void Prepare(HealthCheck check) => CreateRequest(check).Dispose();

    /// <summary>Sends one request and returns true when the answer is as expected.</summary>
    internal async Task<bool> PassesAsync(HealthCheck check, Release release, CancellationToken cancellationToken) =>
        (await AskAsync(check, release, cancellationToken)).Right;

    /// <summary>
    /// Sends requests until the answer is as expected, as many times in a row as the check requires, and returns a description of it;
    /// throws <c>GAN4078</c> when the time is up.
    /// </summary>
    internal async Task<string> WaitAsync(HealthCheck check, Release release, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        for (var successes = 0; ;)
        {
            var (right, seen) = await AskAsync(check, release, cancellationToken);
            successes = right ? successes + 1 : 0;
            if (successes >= check.SuccessThreshold)
                return seen;
            if (_time.GetElapsedTime(start) + check.Interval > check.Timeout)
                throw DeploymentErrors.NotHealthy(check.Description, check.Expectation(release.Version), check.Timeout, seen);
            await Task.Delay(check.Interval, _time, cancellationToken);
        }
    }

    /// <summary>Sends one request and returns what the answer reports; the reason when there is no answer.</summary>
    internal async Task<HealthReading> ReadAsync(HealthCheck check, CancellationToken cancellationToken)
    {
        try
        {
            using var request = CreateRequest(check);
            return await _client.Value.SendOnceAsync(
                request,
                failure => new NoAnswerException(HookClient.Explain(failure)),
                (answer, token) => ReadAsync(check, answer, token),
                cancellationToken);
        }
        catch (NoAnswerException exception)
        {
            return new HealthReading(IsRight: false, Version: null, exception.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private async Task<(bool Right, string Seen)> AskAsync(HealthCheck check, Release release, CancellationToken cancellationToken)
    {
        var reading = await ReadAsync(check, cancellationToken);
        var right = reading.IsRight
            && (check.Version is null || (reading.Version is { } version && ReportedVersion.AreSame(version, release.Version)));
        return (right, reading.Seen);
    }

    private static async Task<HealthReading> ReadAsync(HealthCheck check, HttpAnswer answer, CancellationToken cancellationToken)
    {
        var body = check.Version is { IsInBody: true } ? await HookClient.ReadAsync(answer, cancellationToken) : "";
        var version = check.Version?.Read(answer.Message, body);
        return new HealthReading(
            (int)answer.StatusCode == check.Status,
            version,
            Describe(check, (int)answer.StatusCode, version is null ? null : answer.Mask(version)));
    }

    private HttpRequestMessage CreateRequest(HealthCheck check) =>
        HookAddress.CreateRequest(HttpMethod.Get, check.Url, check.Headers, check.Description, _variable);

    private static string Describe(HealthCheck check, int status, string? version)
    {
        var told = check.Version is not { } wanted ? ""
            : version is null ? $" without {wanted.Description}"
            : $" with {wanted.Description} '{Format.OneLine(version, LongestShown)}'";
        return string.Create(CultureInfo.InvariantCulture, $"status {status}{told}");
    }

    private sealed class NoAnswerException(string reason) : Exception(reason);
}

/// <summary>The answer of a host to a health check.</summary>
/// <param name="IsRight">True when the status is the expected one.</param>
/// <param name="Version">The version that it reports; null when it reports none.</param>
/// <param name="Seen">The description of the answer, or of its absence, without secrets.</param>
internal sealed record HealthReading(bool IsRight, string? Version, string Seen);

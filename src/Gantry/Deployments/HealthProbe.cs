using System.Globalization;
using Gantry.Environments;
using Gantry.Http;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>Asks hosts whether they run what they should.</summary>
public sealed class HealthProbe : IDisposable
{
    private const int LongestShown = 80;
    private readonly TimeProvider _time;
    private readonly Func<string, string?> _variable;
    private readonly HookClient _client;

    /// <summary>Creates it.</summary>
    /// <param name="time">The clock, for pauses and time limits.</param>
    /// <param name="variable">The environment that secrets are taken from.</param>
    /// <param name="handler">Carries the requests; null for the usual one. It must not follow redirects.</param>
    public HealthProbe(TimeProvider time, Func<string, string?> variable, HttpMessageHandler? handler = null)
    {
        _time = time;
        _variable = variable;
        _client = new HookClient(time, handler);
    }

    /// <summary>How long one answer may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = HookClient.DefaultTimeout;

    /// <summary>Makes sure that the check can be made at all: <c>GAN4073</c>, <c>GAN4074</c> otherwise. Asks nobody.</summary>
    public void Prepare(HealthCheck check) => CreateRequest(check).Dispose();

    /// <summary>Asks once.</summary>
    public async Task<bool> PassesAsync(HealthCheck check, Release release, CancellationToken cancellationToken) =>
        (await AskAsync(check, release, cancellationToken)).Right;

    /// <summary>Asks until the answer is right, as often as the check wants it, and says what it was; <c>GAN4078</c> when it never is in time.</summary>
    public async Task<string> WaitAsync(HealthCheck check, Release release, CancellationToken cancellationToken)
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

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(bool Right, string Seen)> AskAsync(HealthCheck check, Release release, CancellationToken cancellationToken)
    {
        try
        {
            using var request = CreateRequest(check);
            var inBody = check.Version is { IsInBody: true };
            using var response = await _client.SendOnceAsync(request, RequestTimeout, inBody, cancellationToken);
            var version = check.Version?.Read(response, inBody ? await response.Content.ReadAsUtf8StringAsync(cancellationToken) : "");
            var right = (int)response.StatusCode == check.Status
                && (check.Version is null || (version is not null && ReportedVersion.AreSame(version, release.Version)));
            return (right, Describe(check, (int)response.StatusCode, version));
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException)
        {
            return (false, HookClient.Explain(exception));
        }
    }

    private HttpRequestMessage CreateRequest(HealthCheck check) =>
        HookAddress.CreateRequest(HttpMethod.Get, check.Url, check.Headers, check.Description, _variable);

    private static string Describe(HealthCheck check, int status, string? version)
    {
        var told = check.Version is not { } wanted ? "" : version is null ? $" without {wanted.Description}" : $" with {wanted.Description} '{Shorten(version)}'";
        return string.Create(CultureInfo.InvariantCulture, $"status {status}{told}");
    }

    // What a host answers is shown, but not at any length.
    private static string Shorten(string text) =>
        string.Concat(text.Take(LongestShown).Select(letter => char.IsControl(letter) ? ' ' : letter)) + (text.Length > LongestShown ? "…" : "");
}

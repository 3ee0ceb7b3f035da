using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gantry;

/// <summary>The traces and metrics of this library: an <see cref="ActivitySource"/> and a <see cref="Meter"/> of one name.</summary>
/// <remarks>Attributes follow the semantic conventions of OpenTelemetry where there are any. None of them holds a secret.</remarks>
/// <seealso href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">
/// OpenTelemetry, semantic conventions for HTTP spans
/// </seealso>
/// <seealso href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/oci/">OpenTelemetry, OCI attributes</seealso>
public static class Telemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "Gantry";

    private static readonly ActivitySource s_source = new(Name);
    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_requests = s_meter.CreateCounter<long>(
        "gantry.requests", "{request}", "Requests that were sent.");
    private static readonly Histogram<double> s_durations =
        s_meter.CreateHistogram<double>("gantry.request.duration", "s", "Time from a request to the headers of its answer.");
    private static readonly Counter<long> s_bytes = s_meter.CreateCounter<long>("gantry.bytes", "By", "Bytes of bodies.");
    private static readonly Counter<long> s_retries = s_meter.CreateCounter<long>("gantry.retries", "{retry}", "Retries.");
    private static readonly Counter<long> s_blobs = s_meter.CreateCounter<long>(
        "gantry.blobs", "{blob}", "Blobs that were stored, by how.");

    /// <summary>True with a listener, so that requests are observed.</summary>
    internal static bool IsListening => s_source.HasListeners() || s_requests.Enabled || s_durations.Enabled || s_bytes.Enabled;

    /// <summary>Starts an activity for copying or verifying one image; null without a listener.</summary>
    internal static Activity? StartImage(string action, string location, string? tag)
    {
        var activity = s_source.StartActivity(action);
        activity?.SetTag("container.image.name", location);
        if (tag is not null)
            activity?.SetTag("container.image.tags", new[] { tag });
        return activity;
    }

    /// <summary>
    /// Runs a part of a promotion as an activity, whose status is an error when the part throws: <c>promote</c>, and in it <c>plan</c>,
    /// <c>decide gates</c>, <c>copy images</c> and <c>deploy</c>.
    /// </summary>
    /// <seealso href="https://opentelemetry.io/docs/specs/semconv/resource/deployment-environment/">
    /// OpenTelemetry, deployment.environment.name
    /// </seealso>
    internal static async Task<T> TraceAsync<T>(string part, string environment, string version, Func<Task<T>> work)
    {
        using var activity = s_source.StartActivity(part);
        activity?.SetTag("deployment.environment.name", environment);
        activity?.SetTag("gantry.release.version", version);
        try
        {
            return await work();
        }
        catch (Exception exception)
        {
            activity?.SetTag("error.type", exception is GantryException known ? known.Code : exception.GetType().FullName);
            activity?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    /// <summary>Starts an activity for one request; null without a listener.</summary>
    /// <param name="method">The method.</param>
    /// <param name="uri">The address.</param>
    /// <param name="shown">The address without secrets.</param>
    internal static Activity? StartRequest(string method, Uri uri, string shown)
    {
        var activity = s_source.StartActivity(method, ActivityKind.Client);
        activity?.SetTag("http.request.method", method);
        activity?.SetTag("server.address", uri.Host);
        activity?.SetTag("server.port", uri.Port);
        activity?.SetTag("url.full", shown);
        return activity;
    }

    /// <summary>Records an answer, or the failure of a request.</summary>
    internal static void EndRequest(
        Activity? activity, string method, Uri uri, TimeSpan duration, int? status, string? error, long? sent, long? received)
    {
        activity?.SetTag("http.response.status_code", status);
        activity?.SetTag("http.request.body.size", sent);
        activity?.SetTag("http.response.body.size", received);
        activity?.SetTag("error.type", error);
        if (error is not null)
            activity?.SetStatus(ActivityStatusCode.Error);

        TagList tags = new() { { "http.request.method", method }, { "server.address", uri.Host }, { "server.port", uri.Port } };
        s_bytes.Add(sent ?? 0, [.. tags, new("network.io.direction", "transmit")]);
        s_bytes.Add(received ?? 0, [.. tags, new("network.io.direction", "receive")]);
        if (status is not null)
            tags.Add("http.response.status_code", status);
        if (error is not null)
            tags.Add("error.type", error);
        s_requests.Add(1, tags);
        s_durations.Record(duration.TotalSeconds, tags);
    }

    /// <summary>Records a retry, as an event of the activity that is running.</summary>
    internal static void AddRetry(GantryException error, TimeSpan wait)
    {
        s_retries.Add(1, new KeyValuePair<string, object?>("error.type", error.Code));
        if (s_source.HasListeners())
            Activity.Current?.AddEvent(
                new ActivityEvent("retry", tags: new() { { "error.type", error.Code }, { "gantry.retry.wait", wait.TotalSeconds } }));
    }

    /// <summary>Records how a blob was stored, as an event of the activity that is running.</summary>
    internal static void AddBlob(string decision, object digest, long size)
    {
        s_blobs.Add(1, new KeyValuePair<string, object?>("gantry.blob.decision", decision));
        if (s_source.HasListeners())
            Activity.Current?.AddEvent(new ActivityEvent(
                "blob",
                tags: new() { { "gantry.blob.decision", decision }, { "gantry.blob.digest", $"{digest}" }, { "gantry.blob.size", size } }));
    }
}

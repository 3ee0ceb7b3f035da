using System.Text.Json.Serialization;
using Gantry.Environments;

namespace Gantry.Verification.Rules;

/// <summary>A health check in a declaration file.</summary>
internal sealed record HealthCheckRule
{
    private const string Text = "text";
    private const string Json = "json:";
    private const string Header = "header:";

    [JsonPropertyOrder(0)]
    public required string Url { get; init; }

    [JsonPropertyOrder(1)]
    public string? Region { get; init; }

    [JsonPropertyOrder(2)]
    public required int Status { get; init; }

    /// <summary>The part of the answer with the version: <c>text</c>, <c>json:build.version</c>, <c>header:X-Version</c>.</summary>
    [JsonPropertyOrder(3)]
    public string? Version { get; init; }

    [JsonPropertyOrder(4)]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    [JsonPropertyOrder(5)]
    public required double TimeoutSeconds { get; init; }

    [JsonPropertyOrder(6)]
    public required double IntervalSeconds { get; init; }

    [JsonPropertyOrder(7)]
    public required int SuccessThreshold { get; init; }

    public static HealthCheckRule Of(HealthCheck check) => new()
    {
        Url = check.Url,
        Region = check.Region,
        Status = check.Status,
        Version = Write(check.Version),
        Headers = check.Headers,
        TimeoutSeconds = check.Timeout.TotalSeconds,
        IntervalSeconds = check.Interval.TotalSeconds,
        SuccessThreshold = check.SuccessThreshold,
    };

    public HealthCheck ToCheck() => new(Url)
    {
        Region = Region,
        Status = Status,
        Version = Version is null ? null : ReadVersion(Version),
        Headers = Headers,
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        Interval = TimeSpan.FromSeconds(IntervalSeconds),
        SuccessThreshold = SuccessThreshold,
    };

    private static string? Write(ReportedVersion? version) => version switch
    {
        null => null,
        JsonVersion json => Json + json.Property,
        HeaderVersion header => Header + header.Name,
        _ => Text,
    };

    private static ReportedVersion ReadVersion(string text)
    {
        if (text == Text)
            return ReportedVersion.Text;
        if (text.StartsWith(Json, StringComparison.Ordinal))
            return ReportedVersion.Json(text[Json.Length..]);
        return text.StartsWith(Header, StringComparison.Ordinal)
            ? ReportedVersion.Header(text[Header.Length..])
            : throw new System.Text.Json.JsonException($"{Format.Refused(text)} is not text, json:PROPERTY or header:NAME");
    }
}

using System.Globalization;

namespace Gantry.Environments;

/// <summary>
/// A page of a host that must give the expected answer before a promotion counts as done: <c>HealthCheck.Of("https://contoso.com/version",
/// ReportedVersion.Json("version"))</c>.
/// </summary>
/// <param name="Url">The address; it may contain environment variables: <c>https://contoso.com/version?code=$(VERSION_KEY)</c>.</param>
public sealed record HealthCheck(string Url)
{
    /// <summary>The region of the host; null when the environment has no regions, or for an address in front of all of them.</summary>
    public string? Region { get; init; }

    /// <summary>The expected status code. Redirects are not followed.</summary>
    public int Status { get; init; } = 200;

    /// <summary>
    /// The part of the answer that reports the running version, which must be the promoted one; when null, only the status is checked.
    /// </summary>
    public ReportedVersion? Version { get; init; }

    /// <summary>The headers of the request; a value may contain environment variables.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The time limit for the expected answer; after it, the promotion fails.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time to wait between two requests.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The number of successive expected answers that is required: more than one when several instances share the address.
    /// </summary>
    public int SuccessThreshold { get; init; } = 1;

    /// <summary>The description that people see where the check is listed.</summary>
    public string Description => $"health check {HookAddress.Describe(Url)}";

    /// <summary>Creates a check that expects status 200, and the promoted version when its place in the answer is given.</summary>
    /// <param name="url">The address.</param>
    /// <param name="version">The part of the answer that reports the version.</param>
    public static HealthCheck Of(string url, ReportedVersion? version = null) => new(url) { Version = version };

    internal IEnumerable<string> Variables => VariableExpander.FindNames([Url, .. Headers.Values]);

    internal string Expectation(string version) =>
        string.Create(CultureInfo.InvariantCulture, $"status {Status}{(Version is null ? "" : $" and {Version.Description} '{version}'")}");

    internal void Check(PromotionEnvironment environment)
    {
        if (Validate(environment.Regions) is { } fault)
            throw EnvironmentErrors.UnsoundHealthCheck(Description, environment.Name, fault);
    }

    private string? Validate(IReadOnlyList<string> regions)
    {
        if (Region is not null && !regions.Contains(Region))
            return $"the environment has no region '{Region}'";
        if (Status is < 100 or > 599)
            return $"{Status} is not a status";
        if (Interval <= TimeSpan.Zero)
            return $"it asks every {Interval}";
        if (Timeout < Interval)
            return $"its timeout is {Timeout}, less than the {Interval} between two requests";
        if (SuccessThreshold < 1)
            return $"it asks for {SuccessThreshold} right answers";
        return HookAddress.Validate(Url, plainHttp: !Variables.Any()) ?? HookAddress.ValidateHeaders(Headers) ?? Version?.Validate();
    }

    /// <summary>Ensures that every region has a health check when one region has: otherwise a region would not be checked at all.</summary>
    internal static void CheckRegions(PromotionEnvironment environment)
    {
        var regions = environment.HealthChecks.Where(check => check.Region is not null).ToList();
        if (regions.Count > 0
            && environment.Regions.FirstOrDefault(region => regions.TrueForAll(check => check.Region != region)) is { } missing)
            throw EnvironmentErrors.UnsoundHealthCheck(regions[0].Description, environment.Name, $"the region '{missing}' has none");
    }
}

/// <summary>The part of an answer that reports the running version.</summary>
public abstract class ReportedVersion
{
    private protected ReportedVersion()
    {
    }

    /// <summary>The version is the whole body.</summary>
    public static ReportedVersion Text { get; } = new TextVersion();

    /// <summary>The description that people see: <c>version</c>, <c>build.version</c>.</summary>
    public abstract string Description { get; }

    /// <summary>The version is a property of the JSON body, with '.' as separator: <c>build.version</c>.</summary>
    public static ReportedVersion Json(string property) => new JsonVersion(property);

    /// <summary>The version is a header of the answer.</summary>
    public static ReportedVersion Header(string name) => new HeaderVersion(name);

    /// <summary>True when the body has to be read.</summary>
    internal virtual bool IsInBody => true;

    internal abstract string? Validate();

    /// <summary>Reads the version from an answer; returns null when it has none.</summary>
    internal abstract string? Read(HttpResponseMessage response, string body);

    /// <summary>Returns true when two texts are the same version. Build metadata after '+' does not count.</summary>
    /// <seealso href="https://semver.org/spec/v2.0.0.html#spec-item-10">Semantic Versioning 2.0.0, 10</seealso>
    internal static bool AreSame(string left, string right) => left.Split('+')[0] == right.Split('+')[0];
}

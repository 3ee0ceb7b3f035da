using System.Globalization;

namespace Gantry.Environments;

/// <summary>
/// A page of a host that must answer rightly before a promotion counts as done:
/// <c>HealthCheck.Of("https://contoso.com/version", ReportedVersion.Json("version"))</c>.
/// </summary>
/// <param name="Url">The address; it may name variables of the environment: <c>https://contoso.com/version?code=$(VERSION_KEY)</c>.</param>
public sealed record HealthCheck(string Url)
{
    /// <summary>The region whose host this is; null when the environment has none, or for the address before all of them.</summary>
    public string? Region { get; init; }

    /// <summary>The status that must be answered. Redirects are answers.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Where the answer tells which version is running, which must be the promoted one; null: the status is enough.</summary>
    public ReportedVersion? Version { get; init; }

    /// <summary>Headers of the request; a value may name variables of the environment.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the answer may be another one before the promotion fails.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait before asking again.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many right answers there must be, one after the other: more than one where several instances take turns.</summary>
    public int SuccessThreshold { get; init; } = 1;

    /// <summary>What a person reads where the check is listed.</summary>
    public string Description => $"health check {HookAddress.Describe(Url)}";

    /// <summary>This page must answer with status 200, and tell the promoted version where one is named.</summary>
    /// <param name="url">The address.</param>
    /// <param name="version">Where the answer tells the version.</param>
    public static HealthCheck Of(string url, ReportedVersion? version = null) => new(url) { Version = version };

    internal IEnumerable<string> Variables => VariableExpander.FindNames([Url, .. Headers.Values]);

    internal string Expectation(string version) =>
        string.Create(CultureInfo.InvariantCulture, $"status {Status}{(Version is null ? "" : $" and {Version.Description} '{version}'")}");

    internal void Check(PromotionEnvironment environment)
    {
        var fault = Region is { } region && !environment.Regions.Contains(region) ? $"the environment has no region '{region}'"
            : Status is < 100 or > 599 ? $"{Status} is not a status"
            : Interval <= TimeSpan.Zero ? $"it asks every {Interval}"
            : Timeout < Interval ? $"its timeout is {Timeout}, less than the {Interval} between two questions"
            : SuccessThreshold < 1 ? $"it asks for {SuccessThreshold} right answers"
            : HookAddress.Validate(Url, plainHttp: !Variables.Any()) ?? HookAddress.ValidateHeaders(Headers) ?? Version?.Validate();
        if (fault is not null)
            throw EnvironmentErrors.UnsoundHealthCheck(Description, environment.Name, fault);
    }

    /// <summary>With regions: a check for one of them is needed for each, or one would be taken on trust.</summary>
    internal static void CheckRegions(PromotionEnvironment environment)
    {
        var regions = environment.HealthChecks.Where(check => check.Region is not null).ToList();
        if (regions.Count > 0 && environment.Regions.FirstOrDefault(region => regions.TrueForAll(check => check.Region != region)) is { } missing)
            throw EnvironmentErrors.UnsoundHealthCheck(regions[0].Description, environment.Name, $"the region '{missing}' has none");
    }
}

/// <summary>Where an answer tells which version is running.</summary>
public abstract record ReportedVersion
{
    private protected ReportedVersion()
    {
    }

    /// <summary>The whole body is the version.</summary>
    public static ReportedVersion Text { get; } = new TextVersion();

    /// <summary>What a person reads: <c>version</c>, <c>build.version</c>.</summary>
    public abstract string Description { get; }

    /// <summary>A property of the JSON body; '.' leads into objects: <c>build.version</c>.</summary>
    public static ReportedVersion Json(string property) => new JsonVersion(property);

    /// <summary>A header of the answer.</summary>
    public static ReportedVersion Header(string name) => new HeaderVersion(name);

    /// <summary>Whether the body has to be read.</summary>
    internal virtual bool IsInBody => true;

    internal abstract string? Validate();

    /// <summary>The version that an answer tells; null when it tells none.</summary>
    internal abstract string? Read(HttpResponseMessage response, string body);

    /// <summary>Whether two texts are the same version. What follows '+' is about the build, and versions do not differ by it.</summary>
    /// <seealso href="https://semver.org/spec/v2.0.0.html#spec-item-10">Semantic Versioning 2.0.0, 10</seealso>
    internal static bool AreSame(string left, string right) => left.Split('+')[0] == right.Split('+')[0];
}

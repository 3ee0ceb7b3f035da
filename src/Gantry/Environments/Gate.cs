namespace Gantry.Environments;

/// <summary>
/// A condition for the promotion of a release to an environment. An immutable record that declares the condition; where the promotion runs
/// decides who answers for it: the promotion itself, a person at a terminal, or a service such as Azure DevOps.
/// </summary>
/// <remarks>
/// A build can declare gates of its own: a derived record, and an evaluator for it that is given to the promotion. Nothing else passes it
/// but a person who says why.
/// </remarks>
public abstract record Gate
{
    /// <summary>The maximum time that Azure DevOps waits for a check or an approval.</summary>
    public static TimeSpan MaximumTimeout { get; } = TimeSpan.FromDays(30);

    private readonly TimeSpan? _timeout;

    /// <summary>The description that people see where the gate is listed, and its name in records: <c>approval by QA</c>.</summary>
    public abstract string Description { get; }

    /// <summary>
    /// True when the promotion evaluates the gate, wherever it runs: no service can answer for it. By default true; false for gates that
    /// Azure DevOps holds.
    /// </summary>
    public virtual bool IsEvaluatedByPromotion => true;

    /// <summary>The time that the gate may stay open before the promotion is cancelled. By default the same as in Azure DevOps.</summary>
    public TimeSpan Timeout
    {
        get => _timeout ?? DefaultTimeout;
        init => _timeout = value;
    }

    /// <summary>The environment variables that the evaluation of the gate reads secrets from.</summary>
    public virtual IEnumerable<string> Variables => [];

    /// <summary>The timeout of a gate that declares none.</summary>
    protected virtual TimeSpan DefaultTimeout => TimeSpan.FromDays(1);

    /// <summary>
    /// Requires the approval of this person, or of a member of this group. Azure DevOps counts a group as one approval: two approvals need
    /// two names.
    /// </summary>
    public static ApprovalGate Approval(string approver, int minimum = 1) => Approval([approver], minimum);

    /// <summary>Requires the approval of some of these people or groups.</summary>
    public static ApprovalGate Approval(IReadOnlyList<string> approvers, int minimum = 1) => new(approvers) { Minimum = minimum };

    /// <summary>Requires the release to have been in the previous environment for at least this long.</summary>
    public static SoakGate Soak(TimeSpan duration) => new(duration);

    /// <summary>Allows builds of these branches only: <c>main</c>, <c>release/*</c>, <c>refs/tags/v*</c>.</summary>
    public static BranchControlGate OnlyBranches(params IReadOnlyList<string> branches) => new(branches);

    /// <summary>Allows promotions between these hours only, Monday to Friday by default.</summary>
    /// <param name="start">The first minute of the day.</param>
    /// <param name="end">The last minute of the day.</param>
    /// <param name="timeZone">The time zone, by its name in Azure DevOps: <c>UTC</c>, <c>W. Europe Standard Time</c>.</param>
    public static BusinessHoursGate BusinessHours(TimeOnly start, TimeOnly end, string timeZone = "UTC") => new(start, end, timeZone);

    /// <summary>Requires a signed attestation of some type beside each image of the release in the base registry.</summary>
    /// <param name="predicateType">The URI of the type: <c>https://slsa.dev/provenance/v1</c>.</param>
    /// <param name="keys">The files with the public keys whose signatures count: <c>keys/build.pub</c>.</param>
    public static AttestationGate Attestation(string predicateType, params IReadOnlyList<string> keys) => new(predicateType, keys);

    /// <summary>Requires a recent vulnerability report for each image, without a finding of some severity or more.</summary>
    /// <param name="threshold">The lowest severity that does not pass.</param>
    /// <param name="maximumAge">The time for which a report counts.</param>
    /// <param name="keys">
    /// The files with the public keys whose signatures count; without any, SARIF files count, whoever attached them.
    /// </param>
    public static VulnerabilityGate Vulnerabilities(
        VulnerabilitySeverity threshold, TimeSpan maximumAge, params IReadOnlyList<string> keys) => new(threshold, keys, maximumAge);

    /// <summary>Requires an SBOM for each platform of each image, without certain packages. Its properties refuse licences, too.</summary>
    /// <param name="forbiddenPackages">The packages that must not be in an image.</param>
    public static SbomRulesGate SbomRules(params IReadOnlyList<PackageRule> forbiddenPackages) =>
        new() { ForbiddenPackages = forbiddenPackages };

    /// <summary>Stops promotions during certain times.</summary>
    /// <param name="timeZone">The time zone of the times: <c>UTC</c>, <c>Europe/Berlin</c>.</param>
    /// <param name="windows">The times.</param>
    public static FreezeGate Freeze(string timeZone, params IReadOnlyList<FreezeWindow> windows) => new(windows, timeZone);

    /// <summary>Asks an HTTP endpoint, which answers <c>{"holds": true, "reason": "…"}</c> when the release may pass.</summary>
    /// <param name="url">The https address, or <c>$(VARIABLE)</c> when it holds a credential.</param>
    public static HttpGate Http(string url) => new(url);

    /// <summary>Runs a program, which ends with code 0 and writes one line when the release may pass.</summary>
    /// <param name="program">The program: a name on the PATH, or a path relative to the root of the repository.</param>
    /// <param name="arguments">The arguments.</param>
    public static CommandGate Command(string program, params IReadOnlyList<string> arguments) => new(program, arguments);

    /// <summary>Requires signed approvals of this release for this environment, by several keys.</summary>
    /// <param name="minimum">The number of different keys that have to approve.</param>
    /// <param name="keys">The files with the public keys of the approvers: <c>keys/approvers/anna.pub</c>.</param>
    public static SignedApprovalsGate SignedApprovals(int minimum, params IReadOnlyList<string> keys) => new(keys, minimum);

    /// <summary>Requires that others than the builder have built the release again with the same digests.</summary>
    /// <param name="minimum">The number of different keys that have to say so.</param>
    /// <param name="keys">The files with the public keys of those who build again.</param>
    public static RebuiltGate Rebuilt(int minimum, params IReadOnlyList<string> keys) => new(minimum, keys);

    /// <summary>Returns the reason why this gate can never hold or cannot be evaluated; null when the declaration is valid.</summary>
    protected virtual string? Validate() => null;

    internal void Check(PromotionEnvironment environment)
    {
        var fault = Timeout <= TimeSpan.Zero || Timeout > MaximumTimeout
            ? $"its timeout is {Timeout}, which is not between zero and {Format.Duration(MaximumTimeout)}"
            : Validate();
        if (fault is not null)
            throw EnvironmentErrors.UnsoundGate(Description, environment.Name, fault);
    }
}

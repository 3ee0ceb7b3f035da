using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Environments;

namespace Gantry.Verification.Rules;

/// <summary>A gate in a declaration file.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ApprovalRule), "approval")]
[JsonDerivedType(typeof(SoakRule), "soak")]
[JsonDerivedType(typeof(BusinessHoursRule), "businessHours")]
[JsonDerivedType(typeof(BranchRule), "branch")]
[JsonDerivedType(typeof(AttestationRule), "attestation")]
[JsonDerivedType(typeof(VulnerabilityRule), "vulnerabilities")]
[JsonDerivedType(typeof(SbomRule), "sbom")]
[JsonDerivedType(typeof(FreezeRule), "freeze")]
[JsonDerivedType(typeof(HttpRule), "http")]
[JsonDerivedType(typeof(CommandRule), "command")]
[JsonDerivedType(typeof(SignedApprovalsRule), "signedApprovals")]
[JsonDerivedType(typeof(RebuiltRule), "rebuilt")]
[JsonDerivedType(typeof(OtherGateRule), "other")]
internal abstract record GateRule
{
    [JsonPropertyOrder(10)]
    public double? TimeoutSeconds { get; init; }

    /// <summary>Returns the entry of a gate. Of a gate that a build class has derived, it has the description.</summary>
    public static GateRule Of(Gate gate)
    {
        var rule = Describe(gate);

        // The others have the time limit that the declaration gives to their kind.
        return rule.ToGate().Timeout == gate.Timeout ? rule : rule with { TimeoutSeconds = gate.Timeout.TotalSeconds };
    }

    /// <summary>Returns the gate.</summary>
    public Gate Read() => TimeoutSeconds is { } seconds ? ToGate() with { Timeout = TimeSpan.FromSeconds(seconds) } : ToGate();

    protected abstract Gate ToGate();

    protected static TimeSpan? Age(double? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    private static GateRule Describe(Gate gate) => gate switch
    {
        ApprovalGate it => new ApprovalRule
        {
            Approvers = it.Approvers,
            Minimum = it.Minimum,
            RequesterMayApprove = it.RequesterMayApprove,
            InSequence = it.InSequence,
            Instructions = it.Instructions,
        },
        SoakGate it => new SoakRule { Seconds = it.Duration.TotalSeconds },
        BusinessHoursGate it => new BusinessHoursRule { Start = it.Start, End = it.End, TimeZone = it.TimeZone, Days = it.Days },
        BranchControlGate it => new BranchRule
        {
            Branches = it.Branches, RequireProtection = it.RequireProtection, AllowUnknownProtection = it.AllowUnknownProtection,
        },
        AttestationGate it => new AttestationRule
        {
            PredicateType = it.PredicateType, Keys = it.Keys, MaximumAgeSeconds = it.MaximumAge?.TotalSeconds,
        },
        VulnerabilityGate it => new VulnerabilityRule
        {
            Threshold = it.Threshold,
            Keys = it.Keys,
            MaximumAgeSeconds = it.MaximumAge.TotalSeconds,
            Except = it.Except,
            Scanners = it.Scanners,
            AllowUnknownSeverity = it.AllowUnknownSeverity,
        },
        SbomRulesGate it => new SbomRule
        {
            ForbiddenPackages = [.. it.ForbiddenPackages.Select(rule => new PackageEntry(rule.Package, rule.Version))],
            ForbiddenLicenses = it.ForbiddenLicenses,
            RequireLicenses = it.RequireLicenses,
            Keys = it.Keys,
        },
        FreezeGate it => new FreezeRule { TimeZone = it.TimeZone, Windows = [.. it.Windows.Select(WindowEntry.Of)] },
        HttpGate it => new HttpRule
        {
            Url = it.Url, Headers = it.Headers, UsesGet = it.UsesGet, TimeLimitSeconds = it.TimeLimit.TotalSeconds,
        },
        CommandGate it => new CommandRule
        {
            Program = it.Program, Arguments = it.Arguments, TimeLimitSeconds = it.TimeLimit.TotalSeconds,
        },
        SignedApprovalsGate it => new SignedApprovalsRule
        {
            Keys = it.Keys,
            Minimum = it.Minimum,
            AllowBuilder = it.AllowBuilder,
            AllowPromoter = it.AllowPromoter,
            MaximumAgeSeconds = it.MaximumAge?.TotalSeconds,
        },
        RebuiltGate it => new RebuiltRule { Minimum = it.Minimum, Keys = it.Keys },
        _ => new OtherGateRule { Description = gate.Description },
    };
}

internal sealed record ApprovalRule : GateRule
{
    public required IReadOnlyList<string> Approvers { get; init; }

    public int Minimum { get; init; } = 1;

    public bool RequesterMayApprove { get; init; }

    public bool InSequence { get; init; }

    public string? Instructions { get; init; }

    protected override Gate ToGate() => new ApprovalGate(Approvers)
    {
        Minimum = Minimum,
        RequesterMayApprove = RequesterMayApprove,
        InSequence = InSequence,
        Instructions = Instructions,
    };
}

internal sealed record SoakRule : GateRule
{
    public required double Seconds { get; init; }

    protected override Gate ToGate() => new SoakGate(TimeSpan.FromSeconds(Seconds));
}

internal sealed record BusinessHoursRule : GateRule
{
    public required TimeOnly Start { get; init; }

    public required TimeOnly End { get; init; }

    public required string TimeZone { get; init; }

    public required IReadOnlyList<DayOfWeek> Days { get; init; }

    protected override Gate ToGate() => new BusinessHoursGate(Start, End, TimeZone) { Days = Days };
}

internal sealed record BranchRule : GateRule
{
    public required IReadOnlyList<string> Branches { get; init; }

    public bool RequireProtection { get; init; }

    public bool AllowUnknownProtection { get; init; }

    protected override Gate ToGate() => new BranchControlGate(Branches)
    {
        RequireProtection = RequireProtection, AllowUnknownProtection = AllowUnknownProtection,
    };
}

internal sealed record AttestationRule : GateRule
{
    public required string PredicateType { get; init; }

    public required IReadOnlyList<string> Keys { get; init; }

    public double? MaximumAgeSeconds { get; init; }

    protected override Gate ToGate() => new AttestationGate(PredicateType, Keys) { MaximumAge = Age(MaximumAgeSeconds) };
}

internal sealed record VulnerabilityRule : GateRule
{
    public required VulnerabilitySeverity Threshold { get; init; }

    public required IReadOnlyList<string> Keys { get; init; }

    public required double MaximumAgeSeconds { get; init; }

    public IReadOnlyList<string> Except { get; init; } = [];

    public IReadOnlyList<string> Scanners { get; init; } = [];

    public bool AllowUnknownSeverity { get; init; }

    protected override Gate ToGate() => new VulnerabilityGate(Threshold, Keys, TimeSpan.FromSeconds(MaximumAgeSeconds))
    {
        Except = Except, Scanners = Scanners, AllowUnknownSeverity = AllowUnknownSeverity,
    };
}

internal sealed record SbomRule : GateRule
{
    public IReadOnlyList<PackageEntry> ForbiddenPackages { get; init; } = [];

    public IReadOnlyList<string> ForbiddenLicenses { get; init; } = [];

    public bool RequireLicenses { get; init; }

    public IReadOnlyList<string> Keys { get; init; } = [];

    protected override Gate ToGate() => new SbomRulesGate
    {
        ForbiddenPackages = [.. ForbiddenPackages.Select(rule => new PackageRule(rule.Package, rule.Version))],
        ForbiddenLicenses = ForbiddenLicenses,
        RequireLicenses = RequireLicenses,
        Keys = Keys,
    };
}

internal sealed record PackageEntry(string Package, string? Version = null);

internal sealed record FreezeRule : GateRule
{
    public required string TimeZone { get; init; }

    public required IReadOnlyList<WindowEntry> Windows { get; init; }

    protected override Gate ToGate() => new FreezeGate([.. Windows.Select(window => window.ToWindow())], TimeZone);
}

internal sealed record HttpRule : GateRule
{
    public required string Url { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public bool UsesGet { get; init; }

    public required double TimeLimitSeconds { get; init; }

    protected override Gate ToGate() => new HttpGate(Url)
    {
        Headers = Headers, UsesGet = UsesGet, TimeLimit = TimeSpan.FromSeconds(TimeLimitSeconds),
    };
}

internal sealed record CommandRule : GateRule
{
    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public required double TimeLimitSeconds { get; init; }

    protected override Gate ToGate() => new CommandGate(Program, Arguments) { TimeLimit = TimeSpan.FromSeconds(TimeLimitSeconds) };
}

internal sealed record SignedApprovalsRule : GateRule
{
    public required IReadOnlyList<string> Keys { get; init; }

    public required int Minimum { get; init; }

    public bool AllowBuilder { get; init; }

    public bool AllowPromoter { get; init; }

    public double? MaximumAgeSeconds { get; init; }

    protected override Gate ToGate() => new SignedApprovalsGate(Keys, Minimum)
    {
        AllowBuilder = AllowBuilder, AllowPromoter = AllowPromoter, MaximumAge = Age(MaximumAgeSeconds),
    };
}

internal sealed record RebuiltRule : GateRule
{
    public required int Minimum { get; init; }

    public required IReadOnlyList<string> Keys { get; init; }

    protected override Gate ToGate() => new RebuiltGate(Minimum, Keys);
}

internal sealed record OtherGateRule : GateRule
{
    public required string Description { get; init; }

    protected override Gate ToGate() => new NamedGate(Description);
}

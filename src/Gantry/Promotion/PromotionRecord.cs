using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Attestations;
using Gantry.Deployments;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Promotion;

/// <summary>
/// The record that a promotion writes beside each image: which release was promoted to which environment, when, by whom, from where, and
/// the verdicts of its gates. The status of environments is read from these records alone.
/// </summary>
public sealed record PromotionRecord
{
    /// <summary>The schema that this version writes. It reads all schemas from 1 on.</summary>
    public const int CurrentSchema = 5;

    /// <summary>The last schema without break-glass, approvals and links to other attestations.</summary>
    internal const int SchemaWithoutLinks = 2;

    /// <summary>The last schema without automatic returns.</summary>
    internal const int SchemaWithLinks = 3;

    /// <summary>The last schema without waves.</summary>
    internal const int SchemaWithReturns = 4;

    /// <summary>The maximum size of a record that is read, in bytes.</summary>
    public const int MaximumSize = Limits.RecordBytes;

    /// <summary>
    /// The schema of the record: by default the one without break-glass, approvals and links to other attestations, so that earlier
    /// versions read it.
    /// </summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = SchemaWithoutLinks;

    /// <summary>The environment.</summary>
    [JsonPropertyName("environment"), JsonPropertyOrder(1)]
    public required string Environment { get; init; }

    /// <summary>The region of the environment; null when it has none.</summary>
    [JsonPropertyName("region"), JsonPropertyOrder(2)]
    public string? Region { get; init; }

    /// <summary>The version of the release.</summary>
    [JsonPropertyName("version"), JsonPropertyOrder(3)]
    public required string Version { get; init; }

    /// <summary>The name of the image.</summary>
    [JsonPropertyName("image"), JsonPropertyOrder(4)]
    public required string Image { get; init; }

    /// <summary>The digest of the image.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(5)]
    public required Digest Digest { get; init; }

    /// <summary>The time of the promotion, to the millisecond.</summary>
    [JsonPropertyName("promoted"), JsonPropertyOrder(6)]
    public required DateTimeOffset Promoted { get; init; }

    /// <summary>The actor of the promotion.</summary>
    [JsonPropertyName("by"), JsonPropertyOrder(7)]
    public required PromotionActor By { get; init; }

    /// <summary>The source repository.</summary>
    [JsonPropertyName("from"), JsonPropertyOrder(8)]
    public required string From { get; init; }

    /// <summary>The target repository: the place that the record is about. Elsewhere, as in a copy, it does not count.</summary>
    [JsonPropertyName("to"), JsonPropertyOrder(9)]
    public required string To { get; init; }

    /// <summary>The gates of the environment, with their verdicts.</summary>
    [JsonPropertyName("gates"), JsonPropertyOrder(10)]
    public required IReadOnlyList<RecordedGate> Gates { get; init; }

    /// <summary>The previous target of the tag, when the promotion moved it.</summary>
    [JsonPropertyName("movedTag"), JsonPropertyOrder(11)]
    public MovedTag? MovedTag { get; init; }

    /// <summary>
    /// The hosts that were updated and checked after the images were in place, with the result of each: everything that the environment
    /// declared. Null in the record of the images alone, which is written first; a promotion to an environment with hosts is done when they
    /// are recorded.
    /// </summary>
    [JsonPropertyName("hosts"), JsonPropertyOrder(12)]
    public IReadOnlyList<RecordedHost>? Hosts { get; init; }

    /// <summary>The release that was current before, when the promotion went back from it.</summary>
    [JsonPropertyName("wentBack"), JsonPropertyOrder(13)]
    public WentBack? WentBack { get; init; }

    /// <summary>What the promotion has skipped by break-glass, and why; null when it has skipped nothing.</summary>
    [JsonPropertyName("breakGlass"), JsonPropertyOrder(14)]
    public BreakGlass? BreakGlass { get; init; }

    /// <summary>
    /// The attestation of the promotion before this one, at the same place: the digest of its manifest. Null for the first one, and without
    /// signatures. If there is no such attestation any more, the history has a gap.
    /// </summary>
    [JsonPropertyName("previous"), JsonPropertyOrder(15)]
    public Digest? Previous { get; init; }

    /// <summary>The attestation of the same promotion that this one renews with another key; null otherwise.</summary>
    [JsonPropertyName("renews"), JsonPropertyOrder(16)]
    public Digest? Renews { get; init; }

    /// <summary>The wave of regions that the promotion belongs to; null when the environment has no waves, and for a return.</summary>
    [JsonPropertyName("wave"), JsonPropertyOrder(17)]
    public RecordedWave? Wave { get; init; }

    /// <summary>The attestation that the record was read from, whose signature was verified; null without a signature.</summary>
    [JsonIgnore]
    public PromotionSignature? Signature { get; init; }

    /// <summary>
    /// The sentence that says which check was passed by a person with a reason, in place of the normal way; null when none was.
    /// </summary>
    [JsonIgnore]
    public string? Bypass
    {
        get
        {
            if (BreakGlass is { } glass)
                return $"break-glass: {glass.Reason} (skipped: {string.Join("; ", glass.Skipped)})";
            if (Gates.FirstOrDefault(gate => gate.Verdict == GateVerdict.Overridden) is { } gate)
                return $"{gate.Gate} overridden: {gate.Reason}";
            return MovedTag is { } moved ? $"tag moved from {moved.From}: {moved.Reason}" : null;
        }
    }

    /// <summary>True when a check was skipped or overridden, which is reported until the release has come the normal way.</summary>
    [JsonIgnore]
    public bool IsOpenBypass => BreakGlass is not null || Gates.Any(gate => gate.Verdict == GateVerdict.Overridden);

    /// <summary>Serializes the record as UTF-8; the same promotion gives the same bytes.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, PromotionJson.Writing.PromotionRecord), (byte)'\n'];

    /// <summary>
    /// Parses a record strictly. Throws <c>GAN4045</c> when it is malformed, has unknown or repeated properties, or contradicts itself;
    /// <c>GAN4046</c> for a schema that this version does not know.
    /// </summary>
    /// <param name="json">The record.</param>
    /// <param name="origin">The name of the record in errors: its digest and the repository.</param>
    public static PromotionRecord Read(ReadOnlySpan<byte> json, string origin)
    {
        try
        {
            // A newer schema may have properties that are unknown here: then report the schema, not the property.
            var schema = JsonSerializer.Deserialize(json, RecordSchemaJson.Default.RecordSchema)?.Schema;
            if (schema is { } other and (< 1 or > CurrentSchema))
                throw PromotionErrors.UnsupportedPromotionSchema(origin, other);

            var record = JsonSerializer.Deserialize(json, PromotionJson.Default.PromotionRecord) ?? throw new JsonException("it is null");
            return record.Validate() is { } fault ? throw PromotionErrors.MalformedPromotion(origin, fault) : record;
        }
        catch (JsonException exception)
        {
            throw PromotionErrors.MalformedPromotion(origin, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Returns what is wrong with the record; null when nothing is.</summary>
    internal string? Validate()
    {
        if (string.IsNullOrWhiteSpace(Environment))
            return "it names no environment";
        if (Region is not null && string.IsNullOrWhiteSpace(Region))
            return "its region has no name";
        if (!ReleaseTag.IsVersion(Version))
            return "its version cannot be a tag";
        if (!Names.IsRepository(Image))
            return $"'{Image}' is not the name of an image";
        if (!RecordPlace.IsPlace(To) || !RecordPlace.IsPlace(From))
            return "it names no place";
        if (string.IsNullOrWhiteSpace(By.Name))
            return "it names no actor";
        if (Gates.Select(gate => gate.Validate()).OfType<string>().FirstOrDefault() is { } fault)
            return fault;
        if (WentBack is { } back && (Schema < 2 || !ReleaseTag.IsVersion(back.From) || string.IsNullOrWhiteSpace(back.Reason)))
            return "it does not say from which release it went back, and why";
        if (WentBack?.Cause is { } cause && (Schema < 4 || string.IsNullOrWhiteSpace(cause)))
            return "it does not say why it returned by itself";
        if (BreakGlass is { } glass && (Schema < 3 || string.IsNullOrWhiteSpace(glass.Reason) || glass.Skipped.Count == 0))
            return "it does not say what it skipped, and why";
        if (((Previous ?? Renews) is not null || Gates.Any(gate => gate.Approvals is not null)) && Schema < 3)
            return "it has properties of a later schema";
        if (Wave is { } wave && (Schema < 5 || wave.Number < 1 || wave.Count < wave.Number))
            return "it does not say to which wave it belongs";
        if (Hosts?.Any(host => string.IsNullOrWhiteSpace(host?.Host)) == true)
            return "a host has no name";
        return null;
    }
}

/// <summary>The actor of a promotion.</summary>
public sealed record PromotionActor
{
    /// <summary>The person: the requester of a run that the service confirmed, otherwise the user of the machine.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(0)]
    public required string Name { get; init; }

    /// <summary>The id of the run, which the service confirmed; null when no service did.</summary>
    [JsonPropertyName("runId"), JsonPropertyOrder(1)]
    public string? RunId { get; init; }

    /// <summary>The URL of the run that the service confirmed.</summary>
    [JsonPropertyName("runUrl"), JsonPropertyOrder(2)]
    public string? RunUrl { get; init; }

    /// <summary>
    /// What the process said of itself and no service confirmed: <c>to run in Azure Pipelines run 4711, requested by Anna</c>. Anyone can
    /// set the environment variables that it is read from.
    /// </summary>
    [JsonPropertyName("claims"), JsonPropertyOrder(3)]
    public string? Claims { get; init; }

    /// <summary>Gets the user of this machine.</summary>
    public static PromotionActor LocalUser => new() { Name = System.Environment.UserName is { Length: > 0 } user ? user : "unknown" };

    /// <inheritdoc/>
    public override string ToString() =>
        RunId is not null ? $"{Name} (run {RunId})"
        : Claims is not null ? $"{Name} (claims {Claims})"
        : Name;
}

/// <summary>A gate with its verdict.</summary>
public sealed record RecordedGate
{
    /// <summary>The description of the gate: <c>approval by [Contoso]\Release (2)</c>.</summary>
    [JsonPropertyName("gate"), JsonPropertyOrder(0)]
    public required string Gate { get; init; }

    /// <summary>The verdict.</summary>
    [JsonPropertyName("verdict"), JsonPropertyOrder(1)]
    public required GateVerdict Verdict { get; init; }

    /// <summary>The details of the evaluation.</summary>
    [JsonPropertyName("finding"), JsonPropertyOrder(2)]
    public string? Finding { get; init; }

    /// <summary>The reason why a person approved or overrode the gate.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(3)]
    public string? Reason { get; init; }

    /// <summary>The approvals that the service has recorded for the gate; null when it has none, or when they could not be read.</summary>
    [JsonPropertyName("approvals"), JsonPropertyOrder(4)]
    public IReadOnlyList<RecordedApproval>? Approvals { get; init; }

    internal string? Validate()
    {
        if (string.IsNullOrWhiteSpace(Gate))
            return "a gate has no name";
        if (Approvals is null)
            return null;
        if (Verdict != GateVerdict.Service)
            return "a gate that no service has evaluated has approvals";
        if (Approvals.Count is 0 or > Limits.RecordedApprovals)
            return $"a gate has {Format.Count(Approvals.Count, "approval")}";
        return Approvals.Any(approval => string.IsNullOrWhiteSpace(approval.By)) ? "an approval names no person" : null;
    }
}

/// <summary>A host that was updated or checked.</summary>
public sealed record RecordedHost
{
    /// <summary>The description of the deployment or health check: <c>App Service contoso-prod</c>.</summary>
    [JsonPropertyName("host"), JsonPropertyOrder(0)]
    public required string Host { get; init; }

    /// <summary>A description of what was done, or of why it was skipped.</summary>
    [JsonPropertyName("done"), JsonPropertyOrder(1)]
    public required string Done { get; init; }

    internal static RecordedHost Of(StepOutcome step) =>
        new() { Host = step.Step.Description, Done = step.Done ?? $"skipped, {step.Step.SkippedReason}" };
}

/// <summary>The wave of regions that a promotion belongs to.</summary>
public sealed record RecordedWave
{
    /// <summary>The number, from 1.</summary>
    [JsonPropertyName("number"), JsonPropertyOrder(0)]
    public required int Number { get; init; }

    /// <summary>The number of waves that the environment had.</summary>
    [JsonPropertyName("of"), JsonPropertyOrder(1)]
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"wave {Number} of {Count}");
}

/// <summary>A tag that was moved by the promotion.</summary>
public sealed record MovedTag
{
    /// <summary>The previous digest.</summary>
    [JsonPropertyName("from"), JsonPropertyOrder(0)]
    public required Digest From { get; init; }

    /// <summary>The reason for moving the tag.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(1)]
    public required string Reason { get; init; }
}

/// <summary>What a promotion has skipped in an emergency.</summary>
public sealed record BreakGlass
{
    /// <summary>The reason of the person who promoted.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(0)]
    public required string Reason { get; init; }

    /// <summary>The checks that did not hold, each with its code and the problem.</summary>
    [JsonPropertyName("skipped"), JsonPropertyOrder(1)]
    public required IReadOnlyList<string> Skipped { get; init; }
}

/// <summary>The signature of a promotion, verified.</summary>
/// <param name="Attestation">The digest of the manifest that holds the attestation.</param>
/// <param name="Key">The trusted key that has signed it.</param>
/// <param name="Time">The time of signing.</param>
/// <param name="Levels">The levels that it says were verified.</param>
public sealed record PromotionSignature(Digest Attestation, TrustedKey Key, DateTimeOffset Time, IReadOnlyList<string> Levels)
{
    /// <summary>The attestations that it was verified with.</summary>
    public IReadOnlyList<ResourceDescriptor> Inputs { get; init; } = [];
}

/// <summary>The release that an environment went back from.</summary>
public sealed record WentBack
{
    /// <summary>The version of the release that was current before.</summary>
    [JsonPropertyName("from"), JsonPropertyOrder(0)]
    public required string From { get; init; }

    /// <summary>The reason for going back.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(1)]
    public required string Reason { get; init; }

    /// <summary>The error of the health check after which the promotion returned by itself; null when a person went back.</summary>
    [JsonPropertyName("cause"), JsonPropertyOrder(2)]
    public string? Cause { get; init; }
}

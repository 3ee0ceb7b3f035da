namespace Gantry.Promotion;

/// <summary>The promotion records beside an image that count for an environment, and those that do not.</summary>
internal sealed record FoundRecords
{
    /// <summary>The records that count, the latest first.</summary>
    public required IReadOnlyList<PromotionRecord> Records { get; init; }

    /// <summary>The places that other records name: those were brought here by a copy.</summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    /// <summary>
    /// An error for each record that someone must look at: with a date that cannot be true, or an attestation that does not count.
    /// </summary>
    public IReadOnlyList<GantryException> Implausible { get; init; } = [];

    /// <summary>
    /// An error for each record that says nothing where another one counts: older than the release in the base registry, or of the time
    /// before the environment had a key.
    /// </summary>
    public IReadOnlyList<GantryException> Outdated { get; init; } = [];

    /// <summary>An error for each record that does not count.</summary>
    public IReadOnlyList<GantryException> Ignored => [.. Implausible, .. Outdated];

    /// <summary>
    /// Returns the error that explains best why nothing counts, when one attestation came further than the others; null when there is none.
    /// </summary>
    public GantryException? Nearest => SignedPromotions.Nearest(Ignored);

    /// <summary>Returns why other records do not count, to be appended to a sentence; empty when there are none.</summary>
    public string DescribeOthers() =>
        (Elsewhere.Count == 0 ? "" : $"; its records name another place: {string.Join(", ", Elsewhere)}") + Describe(Ignored);

    /// <summary>Returns the errors of records that do not count, to be appended to a sentence.</summary>
    public static string Describe(IReadOnlyList<GantryException> ignored) =>
        string.Concat(ignored.Select(record => $"; {record.Code}: {record.Problem}").Distinct());
}

/// <summary>The promotions that a list of referrers shows for an image.</summary>
/// <param name="Promotions">The promotions of the environment that count.</param>
/// <param name="OtherEnvironments">The versions that were promoted to other environments in the same repository.</param>
internal sealed record ListedPromotions(IReadOnlyList<ListedPromotion> Promotions, IReadOnlyList<string> OtherEnvironments)
{
    /// <summary>The places that other records of the environment name.</summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    /// <summary>An error for each record with a date that cannot be true.</summary>
    public IReadOnlyList<GantryException> Implausible { get; init; } = [];
}

/// <summary>A promotion that a list of referrers shows.</summary>
/// <param name="Promotion">The promotion.</param>
/// <param name="Check">Reads the record, and returns what is wrong with it; null when the record was read already.</param>
internal sealed record ListedPromotion(RecordedPromotion Promotion, Func<CancellationToken, Task<GantryException?>>? Check);

/// <summary>A promotion that is recorded in an environment.</summary>
/// <param name="Version">The version of the release.</param>
/// <param name="Promoted">The time of the promotion.</param>
public sealed record RecordedPromotion(string Version, DateTimeOffset Promoted);

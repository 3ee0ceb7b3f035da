namespace Gantry.Promotion;

/// <summary>The promotions that are recorded in one registry of an environment.</summary>
internal sealed record PromotionHistory
{
    /// <summary>The promotions of all releases, the latest first.</summary>
    public required IReadOnlyList<RecordedPromotion> Promotions { get; init; }

    /// <summary>The versions under whose tag there is an image that no environment has a record of, the highest first.</summary>
    public IReadOnlyList<string> Unrecorded { get; init; } = [];

    /// <summary>The versions whose promotions are listed, and none of those counts, the highest first.</summary>
    public IReadOnlyList<string> Unproven { get; init; } = [];

    /// <summary>The versions that were promoted only to other environments in the same registry.</summary>
    public IReadOnlyList<string> OfOtherEnvironments { get; init; } = [];

    /// <summary>The images whose tags could be listed.</summary>
    public IReadOnlyList<string> ReadableImages { get; init; } = [];

    /// <summary>The versions that were skipped because there are too many; they are lower than those that were read.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>The number of versions that were skipped.</summary>
    public int SkippedVersions => Skipped.Count;

    /// <summary>The places that ignored records name.</summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    /// <summary>An error for each record with a date that cannot be true.</summary>
    public IReadOnlyList<GantryException> Implausible { get; init; } = [];

    /// <summary>The errors that occurred while reading.</summary>
    public IReadOnlyList<GantryException> Problems { get; init; } = [];

    /// <summary>Those of the errors that concern all of one image.</summary>
    public IReadOnlyList<ImageProblem> ImageProblems { get; init; } = [];

    /// <summary>The version that was promoted last; null when there is no record.</summary>
    public string? Current => Promotions is [var last, ..] ? last.Version : null;

    /// <summary>
    /// Finds the time since which a release has been the current one: its first promotion after that of any other release. For a release
    /// that is not the current one, of its last stay. Null without a record.
    /// </summary>
    public DateTimeOffset? FindArrival(string version)
    {
        DateTimeOffset? arrival = null;
        foreach (var promotion in Promotions.SkipWhile(promotion => promotion.Version != version))
        {
            if (promotion.Version != version)
                break;
            arrival = promotion.Promoted;
        }

        return arrival;
    }

    /// <summary>Finds the first promotion of a release; null without a record.</summary>
    public DateTimeOffset? FindFirst(string version) =>
        Promotions.LastOrDefault(promotion => promotion.Version == version)?.Promoted;

    /// <summary>
    /// Finds the promotion that ended the last stay of a release; null for the current release, and for one without a record.
    /// </summary>
    public RecordedPromotion? FindSuccessor(string version) =>
        FindArrival(version) is null ? null : Promotions.TakeWhile(promotion => promotion.Version != version).LastOrDefault();
}

namespace Gantry.Promotion;

/// <summary>
/// Determines since when a release is in an environment without a break. A stay begins with a promotion. A newer release that follows does
/// not end it, because the release is still there. It ends when the environment goes back from it: when a release is promoted that was
/// there before it. A tag that was moved away and back ends it, too.
/// </summary>
/// <param name="promotions">The promotions of all releases to the environment, the latest first.</param>
internal sealed class WithdrawalFinder(IReadOnlyList<RecordedPromotion> promotions)
{
    private readonly IReadOnlyList<RecordedPromotion> _promotions = [.. promotions.Reverse().OrderBy(promotion => promotion.Promoted)];

    private readonly Dictionary<string, DateTimeOffset> _firstPromotions = promotions
        .GroupBy(promotion => promotion.Version)
        .ToDictionary(ofVersion => ofVersion.Key, ofVersion => ofVersion.Min(promotion => promotion.Promoted));

    /// <summary>Finds the beginning of the stay of an image that is unbroken until now.</summary>
    /// <param name="version">The version of the release.</param>
    /// <param name="records">The promotion records of the release beside the image.</param>
    public Arrival FindArrival(string version, IReadOnlyList<PromotionRecord> records)
    {
        var ofRelease = records.OrderBy(record => record.Promoted).ToList();
        var since = ofRelease.FindLast(record => record.MovedTag is not null)?.Promoted ?? ofRelease[0].Promoted;
        foreach (var promotion in _promotions)
        {
            if (promotion.Version == version || promotion.Promoted <= since || _firstPromotions[promotion.Version] >= since)
                continue;
            if (ofRelease.Find(record => record.Promoted >= promotion.Promoted) is not { } again)
                return new Arrival { WithdrawnBy = promotion };
            since = again.Promoted;
        }

        return new Arrival
        {
            Since = since,
            HostsSince = ofRelease.Find(record => record.Promoted >= since && record.Hosts is not null)?.Promoted,
        };
    }
}

/// <summary>The beginning of the stay of an image in an environment.</summary>
internal sealed record Arrival
{
    /// <summary>The time of the promotion; null when the environment went back from the release.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time since which the hosts of the environment run it; null when no record confirms that.</summary>
    public DateTimeOffset? HostsSince { get; init; }

    /// <summary>The promotion by which the environment went back from the release; null when it did not.</summary>
    public RecordedPromotion? WithdrawnBy { get; init; }
}

using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>The environment whose promotion records are read, and the times that their dates can have.</summary>
/// <param name="Environment">The environment; others may use the same registry.</param>
/// <param name="Region">The region of the environment; null when it has none.</param>
/// <param name="Now">The present time; null when dates are not checked.</param>
internal sealed record RecordScope(string Environment, string? Region, DateTimeOffset? Now)
{
    // The Open Container Initiative was founded in June 2015.
    private static readonly DateTimeOffset FirstImages = new(2015, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Returns the scope of one registry of an environment.</summary>
    public static RecordScope Of(PromotionTarget target, DateTimeOffset now) =>
        new(target.Environment.Name, target.Region, now)
        {
            Signed = target.Trust is { } trust ? new SignedScope(trust, target.ResourceUriOf) : null,
        };

    /// <summary>The keys that sign promotions to the environment, and its place; null when they are not signed.</summary>
    public SignedScope? Signed { get; init; }

    /// <summary>The time at which the release was published; null when it is not known.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>
    /// Returns the error of a record whose date no promotion can have; null when it can be true. Compares differences: a sum may leave the
    /// range of dates.
    /// </summary>
    public GantryException? FindFault(string origin, DateTimeOffset promoted)
    {
        if (Now is not { } now)
            return null;
        if (promoted - now > TrustPolicy.ClockSkew)
            return PromotionErrors.ImplausibleDate(origin, promoted, "is in the future");
        return promoted < FirstImages
            ? PromotionErrors.ImplausibleDate(origin, promoted, "is before there were such images")
            : null;
    }

    /// <summary>
    /// Returns true when a date is before the release was published. It may have been published again since, so the date may be true, but
    /// the promotion was not of this release.
    /// </summary>
    public bool IsBeforePublication(DateTimeOffset promoted) =>
        Published is { } published && published - promoted > TrustPolicy.ClockSkew;
}

/// <summary>The attestations that count for one registry of an environment.</summary>
/// <param name="Trust">The keys, and the verifier that they belong to.</param>
/// <param name="PlaceOf">Returns the URI of the place of an image.</param>
internal sealed record SignedScope(TrustPolicy Trust, Func<string, string> PlaceOf);

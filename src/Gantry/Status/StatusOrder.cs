using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Status;

/// <summary>Compares each environment with the one before it: how far it is behind, and whether its release was there before.</summary>
/// <param name="environments">All environments, as they were read.</param>
/// <param name="clientOf">Returns the client that has read an environment, so that nothing is asked again.</param>
/// <param name="now">The present time.</param>
internal sealed class StatusOrder(
    IReadOnlyList<EnvironmentStatus> environments, Func<PromotionEnvironment, IRegistryClient> clientOf, DateTimeOffset now)
{
    /// <summary>
    /// Counts the releases of the environment before that were promoted there after the last promotion of this one. With several regions,
    /// those that followed in each of them. Null when it is not known, and for the first environment.
    /// </summary>
    public Lag? FindLag(EnvironmentStatus status)
    {
        if (status.Release is not { Superseded: null } release)
            return null;
        var followed = Before(status.Target).Select(before => FindFollowers(before, release.Version)).ToList();
        if (followed.Count == 0 || followed.Contains(null))
            return null;
        var fewest = followed.MinBy(versions => versions!.Count)!;
        return new Lag(status.Target.Environment.After!, fewest.Count, fewest is [var latest, ..] ? latest : release.Version);
    }

    /// <summary>
    /// Returns why the release of an environment came out of order; null when it did not, when that is not known, and for a break-glass,
    /// which is reported as such. One image decides, the first one that has a promotion: it was read already.
    /// </summary>
    public async Task<string?> FindDisorderAsync(EnvironmentStatus status, CancellationToken cancellationToken)
    {
        if (status.Release is not { Superseded: null } release
            || release.Images.FirstOrDefault(each => each.Record is not null) is not { Record: { BreakGlass: null } promotion } image)
            return null;
        foreach (var before in Before(status.Target))
        {
            if (await FindDisorderAsync(before, promotion, image, cancellationToken) is { } disorder)
                return disorder;
        }

        return null;
    }

    private async Task<string?> FindDisorderAsync(
        EnvironmentStatus before, PromotionRecord promotion, PromotedImage image, CancellationToken cancellationToken)
    {
        var name = before.Target.DisplayName;
        if (!before.History.Any(other => other.Version == promotion.Version))
            return IsProven(before.Target, promotion, image.Name) || !IsWhollyRead(before)
                ? null
                : $"{name} has no promotion of {promotion.Version}";
        try
        {
            // The history lists what anyone may have written; what counts is read.
            var found = await PromotionReferrer.FindAsync(
                clientOf(before.Target.Environment).Open(before.Target.Address, image.Name), image.Digest,
                RecordScope.Of(before.Target, now), promotion.Version, cancellationToken);
            if (found.Records is not [.., var first])
                return IsProven(before.Target, promotion, image.Name)
                    ? null
                    : $"no promotion of {promotion.Version} to {name} counts{found.DescribeOthers()}";

            // Where records were deleted, those that are left may all be later ones.
            return first.Promoted - promotion.Promoted > TrustPolicy.ClockSkew && !IsProven(before.Target, promotion, image.Name)
                ? $"it came at {Format.Time(promotion.Promoted)}, and to {name} only at {Format.Time(first.Promoted)}"
                : null;
        }
        catch (GantryException)
        {
            // Not known; reported as what could not be read.
            return null;
        }
    }

    // A signed promotion names what it was verified with. It may have been deleted since, with the releases that are not needed any more.
    private static bool IsProven(PromotionTarget before, PromotionRecord promotion, string image) =>
        promotion.Signature?.Inputs.Any(input =>
            input.Uri?.StartsWith(before.ResourceUriOf(image) + "@", StringComparison.Ordinal) == true) == true;

    private static bool IsWhollyRead(EnvironmentStatus status) =>
        status is { SkippedVersions: 0 } && status.Problems.All(problem => problem.Code is "GAN4056" or "GAN4057" or "GAN4058");

    private static IReadOnlyList<string>? FindFollowers(EnvironmentStatus before, string version) =>
        before.History.Any(promotion => promotion.Version == version)
            ? [.. before.History.TakeWhile(promotion => promotion.Version != version).Select(promotion => promotion.Version).Distinct()]
            : null;

    private IEnumerable<EnvironmentStatus> Before(PromotionTarget target) =>
        environments.Where(other => target.Environment.After is { } before && other.Target.Environment == before);
}

/// <summary>How far an environment is behind the one before.</summary>
/// <param name="Before">The previous environment.</param>
/// <param name="Count">The number of releases that followed there.</param>
/// <param name="Latest">The version of the last one.</param>
internal sealed record Lag(PromotionEnvironment Before, int Count, string Latest);

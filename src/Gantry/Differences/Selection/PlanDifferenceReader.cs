using Gantry.Environments;
using Gantry.IO;
using Gantry.Promotion;
using Gantry.Registries;

namespace Gantry.Differences.Selection;

/// <summary>
/// Adds to the plan of a promotion what it changes: the commits, packages and base images between the release that is in the environment
/// now and the one that comes. It never fails a promotion, and never holds it up for longer than <see cref="Timeout"/>.
/// </summary>
/// <param name="repositories">The client that opens the registries of the promotion; one that caches contents reads nothing twice.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class PlanDifferenceReader(IRegistryClient repositories, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The history of the sources; null without a clone.</summary>
    public ICommitLog? Commits { get; init; }

    /// <summary>The time after which the differences are not known; <see cref="Limits.PlanDifferences"/> by default.</summary>
    public TimeSpan Timeout { get; init; } = Limits.PlanDifferences;

    /// <summary>Returns the plan with the differences at each target where something changes.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PromotionPlan> AddToAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        var changed = plan.IsPassed
            ? []
            : plan.Images.Where(image => !image.NothingMoves).DistinctBy(image => image.PromotionTarget).ToList();
        if (changed.Count == 0)
            return plan;
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var reads = new ReadOnceClient(repositories);
        var differences = await Concurrently.SelectAsync(
            changed, (image, _) => TryReadAsync(reads, plan.Request, image, cancellationToken, both.Token), cancellationToken);
        return plan with { Differences = differences };
    }

    private async Task<PlannedDifference> TryReadAsync(
        ReadOnceClient reads, PromotionRequest request, PlannedImage image, CancellationToken caller, CancellationToken cancellationToken)
    {
        var result = new PlannedDifference(image.PromotionTarget);
        try
        {
            return result with { Difference = await ReadAsync(reads, request, image, cancellationToken).WaitAsync(cancellationToken) };
        }
        catch (GantryException error)
        {
            return result with { Unknown = error.Message.TrimEnd('.') };
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return result with { Unknown = $"they were not read within {Format.Duration(Timeout)}" };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever it is: what is only shown must not stop a promotion.
            return result with { Unknown = Format.Line($"{error.GetType().Name}: {error.Message}").TrimEnd('.') };
        }
    }

    private async Task<ReleaseDifference?> ReadAsync(
        ReadOnceClient reads, PromotionRequest request, PlannedImage image, CancellationToken cancellationToken)
    {
        var finder = new PromotedReleaseFinder(reads, _time) { MaximumVersions = Limits.ReplacedVersions };
        var names = request.Release.Images.Select(each => each.Name).ToList();
        if (await finder.FindAsync(image.PromotionTarget, names, image.RollsBackFrom, cancellationToken) is not { } current)
            return null;
        var reader = new ReleaseDifferenceReader
        {
            Commits = Commits,
            Parts = DifferenceParts.Commits | DifferenceParts.Packages | DifferenceParts.BaseImage,
            FirstPlatformOnly = true,
        };
        return await reader.ReadAsync(current, ReleaseToCompare.Of(request.Release, reads, request.Base), cancellationToken);
    }
}

using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Reads from the promotion records of the previous environment since when a release is there without a break. Throws <c>GAN5002</c> when
/// its soak time is not over, <c>GAN5003</c> when it cannot be determined, unless the request overrides it.
/// </summary>
/// <remarks>
/// An override passes what an environment without a soak time would pass, and nothing else: that the release was promoted to the
/// environment before was verified by <see cref="PreviousEnvironmentVerifier"/>.
/// </remarks>
internal sealed class SoakEvaluator : IGateEvaluator
{
    public bool CanEvaluate(Gate gate) => gate is SoakGate;

    public async Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken)
    {
        // The way back is for emergencies, and leads to what has been through this.
        if (context.EarlierStay is { } stayed)
            return GateEvaluation.Holds(stayed);
        var request = context.Request;
        var duration = ((SoakGate)gate).Duration;
        Stay stay;
        try
        {
            stay = await FindStayAsync(request, context, duration, cancellationToken);
        }
        catch (GantryException error) when (request.OverrideSoakReason is not null)
        {
            return GateEvaluation.Overridden(request.OverrideSoakReason, error.Problem);
        }

        var before = request.Before[0].Environment.DisplayName;
        var end = FindEnd(stay.Since, duration);
        var finding = $"in {before} since {Format.Time(stay.Since)}, {Ending(end)}{FoundRecords.Describe(stay.Ignored)}";

        // A difference of dates is always within range, and a sum may not be.
        if (context.Time.GetUtcNow() - stay.Since >= duration)
            return GateEvaluation.Holds(finding);
        return request.OverrideSoakReason is { } reason
            ? GateEvaluation.Overridden(reason, finding)
            : throw GateErrors.SoakNotOver(
                request.Release.Version, request.Environment, before, duration, stay.Since, end);
    }

    private sealed record Stay(DateTimeOffset Since, IReadOnlyList<GantryException> Ignored);

    /// <summary>Finds the time when the last image of the release reached the last region of the previous environment.</summary>
    private static async Task<Stay> FindStayAsync(
        PromotionRequest request, GateContext context, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (request.Before.Count == 0)
            throw Unknown(request, "there is no previous environment");

        var stays = await Concurrently.SelectAsync(
            request.Before, (before, token) => FindStayAsync(request, before, context, duration, token), cancellationToken);
        return new Stay(stays.Max(stay => stay.Since), [.. stays.SelectMany(stay => stay.Ignored)]);
    }

    private static async Task<Stay> FindStayAsync(
        PromotionRequest request, PromotionTarget before, GateContext context, TimeSpan duration, CancellationToken cancellationToken)
    {
        var release = request.Release;
        var scope = RecordScope.Of(before, context.Time.GetUtcNow()) with { Published = release.Created };
        var found = await Concurrently.SelectAsync(
            release.Images,
            (image, token) => FindRecordsAsync(request, before, context.Registries, scope, image, token),
            cancellationToken);
        var ignored = found.SelectMany(records => records.Ignored).ToList();
        var history = await ReadHistoryAsync(request, before, context, scope, cancellationToken);
        var withdrawals = new WithdrawalFinder(history.Promotions);
        var arrivals = found.Select(records => withdrawals.FindArrival(release.Version, records.Records)).ToList();
        if (arrivals.FirstOrDefault(arrival => arrival.WithdrawnBy is not null)?.WithdrawnBy is { } by)
            throw GateErrors.Withdrawn(release.Version, request.Environment, before.Environment, duration, by);

        // With hosts, the time counts from the record that they run it.
        var dates = arrivals.Select(arrival => before.Environment.HasHosts ? arrival.HostsSince : arrival.Since).ToList();
        return dates.All(date => date is not null)
            ? new Stay(dates.Max()!.Value, ignored)
            : throw Unknown(request, $"there is no record that the hosts of {before.Environment} run it");
    }

    private static async Task<FoundRecords> FindRecordsAsync(
        PromotionRequest request, PromotionTarget before, IRegistryClient registries, RecordScope scope, ReleaseImage image,
        CancellationToken cancellationToken)
    {
        var repository = registries.Open(before.Address, image.Name);
        FoundRecords found;
        Digest? there;
        try
        {
            there = (await repository.FindTagAsync(request.Release.Tag, cancellationToken))?.Digest;
            found = await PromotionReferrer.FindAsync(repository, image.Digest, scope, request.Release.Version, cancellationToken);
        }
        catch (GantryException error)
        {
            // A gate that cannot be evaluated does not hold.
            throw Unknown(request, error.Problem, error);
        }

        // A stay whose tag points elsewhere now has ended. Only a dry run that assumes the previous environment comes here in that case.
        if (there != image.Digest)
            throw Unknown(
                request, $"{repository.Location}:{request.Release.Tag} is {there?.ToString() ?? "missing"} now, and not {image.Digest}");
        return found.Records.Count > 0
            ? found
            : throw Unknown(
                request, $"{repository.Location} has no record of its promotion to {before.Environment}{found.DescribeOthers()}");
    }

    private static async Task<PromotionHistory> ReadHistoryAsync(
        PromotionRequest request, PromotionTarget before, GateContext context, RecordScope scope, CancellationToken cancellationToken)
    {
        var history = await new EnvironmentReader(context.Registries, context.Time).ReadHistoryAsync(
            before,
            [.. request.Release.Images.Select(image => image.Name)],
            scope with { Published = null },
            request.Release.Version,
            cancellationToken);
        if (history.Problems is [var problem, ..])
            throw Unknown(request, problem.Problem, problem);
        return history.SkippedVersions == 0
            ? history
            : throw Unknown(request, PromotionErrors.SkippedVersions(before.DisplayName, history.SkippedVersions).Problem);
    }

    // Null when it is beyond all dates.
    private static DateTimeOffset? FindEnd(DateTimeOffset since, TimeSpan duration) =>
        DateTimeOffset.MaxValue - since > duration ? since + duration : null;

    private static string Ending(DateTimeOffset? end) => end is { } date ? $"over at {Format.Time(date)}" : "its end is out of range";

    private static GantryException Unknown(PromotionRequest request, string reason, Exception? inner = null) =>
        GateErrors.SoakUnknown(request.Release.Version, request.Environment, reason, inner);
}

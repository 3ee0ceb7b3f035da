using Gantry.Environments;
using Gantry.IO;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Reads from the promotion records of the previous environment since when a release is there. Throws <c>GAN5002</c> when its soak time is
/// not over, <c>GAN5003</c> when it cannot be determined, unless the request overrides it.
/// </summary>
internal sealed class SoakEvaluator : IGateEvaluator
{
    public bool CanEvaluate(Gate gate) => gate is SoakGate;

    public async Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        DateTimeOffset since;
        try
        {
            since = await FindArrivalAsync(request, context.Registries, cancellationToken);
        }
        catch (GantryException error) when (request.OverrideSoakReason is not null)
        {
            return GateEvaluation.Overridden(request.OverrideSoakReason, error.Problem);
        }

        var duration = ((SoakGate)gate).Duration;
        var due = since + duration;
        var before = request.Before[0].Environment.DisplayName;
        var finding = $"in {before} since {Format.Time(since)}, over at {Format.Time(due)}";
        if (context.Time.GetUtcNow() >= due)
            return GateEvaluation.Holds(finding);
        return request.OverrideSoakReason is { } reason
            ? GateEvaluation.Overridden(reason, finding)
            : throw GateErrors.SoakNotOver(request.Release.Version, request.Environment, before, duration, since, due);
    }

    /// <summary>Finds the time when the last image of the release reached the last region of the previous environment.</summary>
    private static async Task<DateTimeOffset> FindArrivalAsync(
        PromotionRequest request, IRegistryClient registries, CancellationToken cancellationToken)
    {
        if (request.Before.Count == 0)
            throw Unknown(request, "the registry of that environment is not given");

        var arrivals = await Concurrently.SelectAsync(
            request.Before.SelectMany(target => request.Release.Images.Select(image => (Target: target, Image: image))),
            (at, token) => FindArrivalAsync(request, at.Target, registries.Open(at.Target.Address, at.Image.Name), at.Image, token),
            cancellationToken);
        return arrivals.Max();
    }

    private static async Task<DateTimeOffset> FindArrivalAsync(
        PromotionRequest request, PromotionTarget before, IImageRepository repository, ReleaseImage image,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<PromotionRecord> records;
        try
        {
            records = await PromotionReferrer.FindAsync(
                repository, image.Digest, before.Environment.Name, before.Region, request.Release.Version, cancellationToken);
        }
        catch (GantryException error)
        {
            // A gate that cannot be evaluated does not hold.
            throw Unknown(request, error.Problem, error);
        }

        // With hosts, the time counts from the record that they run it.
        var needsHosts = before.Environment.HasHosts;
        if (records.FirstOrDefault(record => !needsHosts || record.Hosts is not null) is { } arrival)
            return arrival.Promoted;
        var missing = records.Count > 0 ? $"that the hosts of {before.Environment} run it" : $"of its promotion to {before.Environment}";
        throw Unknown(request, $"{repository.Location} has no record {missing}");
    }

    private static GantryException Unknown(PromotionRequest request, string reason, Exception? inner = null) =>
        GateErrors.SoakUnknown(request.Release.Version, request.Environment, reason, inner);
}

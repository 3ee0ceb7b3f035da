using Gantry.Attestations;
using Gantry.Attestations.Rebuilds;
using Gantry.Environments;

namespace Gantry.Promotion.Gates;

/// <summary>
/// Counts the different keys that have built every image of the release again, with the same digest. Throws <c>GAN5022</c> when there are
/// too few, <c>GAN5023</c> when it cannot be determined.
/// </summary>
internal sealed class RebuiltEvaluator : QuorumEvaluator<RebuiltGate>
{
    protected override string PredicateType => PredicateTypes.Rebuild;

    protected override IReadOnlyList<string> KeysOf(RebuiltGate gate) => gate.Keys;

    protected override int MinimumOf(RebuiltGate gate) => gate.Minimum;

    // Whoever built or promotes would only repeat themselves.
    protected override bool ExcludesBuilder(RebuiltGate gate) => true;

    protected override bool ExcludesPromoter(RebuiltGate gate) => true;

    protected override GantryException Missing(RebuiltGate gate, PromotionRequest request, CountedKeys counted) =>
        EvidenceErrors.RebuildsMissing(
            request.Release.Version, request.Environment, gate.Minimum, counted.Keys, counted.Refused);

    protected override GantryException Unknown(PromotionRequest request, GantryException error) =>
        EvidenceErrors.RebuildsUnknown(request.Release.Version, request.Environment, error);

    protected override void Count(
        RebuiltGate gate, GateContext context, BaseImage image, IReadOnlyList<SignedVote> votes, ImageVotes result)
    {
        var now = context.Time.GetUtcNow();
        var latest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (vote, rebuild) in Read(context.Request, image, votes, now, result).OrderBy(one => one.Rebuild.Rebuilt))
        {
            // The latest result of a key counts; of several at the same time, one that differs.
            var id = vote.Key.Key.Id;
            var fault = FindFault(rebuild, image);
            if (fault is not null)
            {
                result.Refuse($"{vote.Name} {fault}");
                result.Counted.Remove(id);
                latest[id] = rebuild.Rebuilt;
            }
            else if (!latest.TryGetValue(id, out var differed) || rebuild.Rebuilt > differed)
            {
                result.Counted[id] = Format.Line($"{vote.Key.Name} ({rebuild.By}, SDK {rebuild.Sdk})");
            }
        }
    }

    private static string? FindFault(RebuildPredicate rebuild, BaseImage image) =>
        rebuild.Result != RebuildPredicate.Same ? Format.Line($"has the result {rebuild.Result}")
        : rebuild.Digest != image.Digest ? $"got {rebuild.Digest}"
        : null;

    private static List<(SignedVote Vote, RebuildPredicate Rebuild)> Read(
        PromotionRequest request, BaseImage image, IReadOnlyList<SignedVote> votes, DateTimeOffset now, ImageVotes result)
    {
        var read = new List<(SignedVote, RebuildPredicate)>();
        foreach (var vote in votes)
        {
            try
            {
                var rebuild = RebuildPredicate.Read(vote.Attestation.Statement.Predicate, vote.Attestation.Origin);
                new TrustPolicy { Keys = [vote.Key] }.VerifyTime(vote.Attestation, vote.Key, rebuild.Rebuilt, now);
                if (rebuild.Version != request.Release.Version)
                    result.Refuse($"{vote.Name} is for the release {rebuild.Version}");
                else if (rebuild.Commit != request.Release.Commit)
                    result.Refuse($"{vote.Name} is of the commit {rebuild.Commit}");
                else if (rebuild.Image != image.Name)
                    result.Refuse($"{vote.Name} is for the image {rebuild.Image}");
                else
                    read.Add((vote, rebuild));
            }
            catch (GantryException error)
            {
                result.Refused.Add(error.Problem);
            }
        }

        return read;
    }
}

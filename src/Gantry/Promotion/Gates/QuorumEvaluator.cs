using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Signing;

namespace Gantry.Promotion.Gates;

/// <summary>
/// Evaluates gates that want statements of several keys about every image of a release. What is missing or not known is an error, because
/// the reason of a person does not replace the signatures of others.
/// </summary>
/// <typeparam name="TGate">The type of the gates.</typeparam>
internal abstract class QuorumEvaluator<TGate> : IGateEvaluator
    where TGate : Gate
{
    protected abstract string PredicateType { get; }

    public bool CanEvaluate(Gate gate) => gate is TGate;

    public async Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken)
    {
        var declared = (TGate)gate;
        CountedKeys counted;
        try
        {
            counted = await CountAsync(declared, context, cancellationToken);
        }
        catch (GantryException error)
        {
            throw Unknown(context.Request, error);
        }

        // Nobody is never enough, even if a gate that was not validated says so.
        return counted.Keys.Count >= Math.Max(1, MinimumOf(declared))
            ? GateEvaluation.Holds(Format.Line(Reasons.Join(counted.Keys, ", ")))
            : throw Missing(declared, context.Request, counted);
    }

    protected abstract IReadOnlyList<string> KeysOf(TGate gate);

    protected abstract int MinimumOf(TGate gate);

    protected abstract bool ExcludesBuilder(TGate gate);

    protected abstract bool ExcludesPromoter(TGate gate);

    /// <summary>Decides which statements count for an image.</summary>
    protected abstract void Count(TGate gate, GateContext context, BaseImage image, IReadOnlyList<SignedVote> votes, ImageVotes result);

    protected abstract GantryException Missing(TGate gate, PromotionRequest request, CountedKeys counted);

    protected abstract GantryException Unknown(PromotionRequest request, GantryException error);

    private async Task<CountedKeys> CountAsync(TGate gate, GateContext context, CancellationToken cancellationToken)
    {
        var trust = new TrustPolicy { Keys = await context.Keys.ReadAsync(KeysOf(gate), cancellationToken) };
        var images = await BaseImage.ReadAsync(context, cancellationToken);
        var excluded = await FindExcludedAsync(gate, context, trust, images, cancellationToken);
        return CountedKeys.Of(await Concurrently.SelectAsync(
            images,
            async (image, token) => (image.Name, await CountAsync(gate, context, trust, excluded, image, token)),
            cancellationToken));
    }

    private async Task<ImageVotes> CountAsync(
        TGate gate, GateContext context, TrustPolicy trust, IReadOnlyDictionary<string, string> excluded, BaseImage image,
        CancellationToken cancellationToken)
    {
        var found = await AttestationReferrer.FindAsync(image.Repository, image.Digest, PredicateType, cancellationToken);
        var result = new ImageVotes();
        result.Refused.AddRange(found.Faults.Select(fault => fault.Problem));
        var votes = new List<SignedVote>();
        foreach (var attestation in found.Attestations)
        {
            try
            {
                var vote = new SignedVote(attestation, trust.FindSigner(attestation));
                if (excluded.TryGetValue(vote.Key.Key.Id, out var why))
                    result.Refuse($"{vote.Name}, which {why}");
                else if (!attestation.Statement.IsAbout(image.Digest))
                    result.Refuse($"{vote.Name} is about another image");
                else
                    votes.Add(vote);
            }
            catch (GantryException error)
            {
                result.Refused.Add(error.Problem);
            }
        }

        Count(gate, context, image, votes, result);
        return result;
    }

    private async Task<IReadOnlyDictionary<string, string>> FindExcludedAsync(
        TGate gate, GateContext context, TrustPolicy trust, IReadOnlyList<BaseImage> images, CancellationToken cancellationToken)
    {
        var excluded = new Dictionary<string, string>(StringComparer.Ordinal);
        if (ExcludesPromoter(gate))
        {
            foreach (var key in context.ExcludedApprovers)
                excluded[key.Id] = "signs the promotion";
        }

        if (!ExcludesBuilder(gate))
            return excluded;
        foreach (var key in context.BuilderKeys)
            excluded[key.Id] = "signs what is built";

        // Also what the caller does not know: of the trusted keys, those that have signed how an image was built.
        foreach (var image in images)
        {
            foreach (var key in await FindBuildersAsync(image, trust, cancellationToken))
                excluded[key.Id] = $"has signed how {image.Name} was built";
        }

        return excluded;
    }

    private static async Task<IReadOnlyList<VerificationKey>> FindBuildersAsync(
        BaseImage image, TrustPolicy trust, CancellationToken cancellationToken)
    {
        var found = await Concurrently.SelectAsync(
            image.Places,
            (place, token) => AttestationReferrer.FindAsync(image.Repository, place, PredicateTypes.Provenance, token),
            cancellationToken);
        var provenance = found.SelectMany(one => one.Attestations).ToList();
        return [.. trust.Keys.Select(key => key.Key).Where(key => provenance.Exists(one => one.Bundle.IsSignedBy(key)))];
    }
}

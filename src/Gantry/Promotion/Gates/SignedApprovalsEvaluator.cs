using Gantry.Attestations;
using Gantry.Attestations.Approvals;
using Gantry.Environments;

namespace Gantry.Promotion.Gates;

/// <summary>
/// Counts the different keys that have approved every image of the release for its environment. Throws <c>GAN5020</c> when there are too
/// few, <c>GAN5021</c> when it cannot be determined.
/// </summary>
internal sealed class SignedApprovalsEvaluator : QuorumEvaluator<SignedApprovalsGate>
{
    protected override string PredicateType => PredicateTypes.Approval;

    protected override IReadOnlyList<string> KeysOf(SignedApprovalsGate gate) => gate.Keys;

    protected override int MinimumOf(SignedApprovalsGate gate) => gate.Minimum;

    protected override bool ExcludesBuilder(SignedApprovalsGate gate) => !gate.AllowBuilder;

    protected override bool ExcludesPromoter(SignedApprovalsGate gate) => !gate.AllowPromoter;

    protected override GantryException Missing(SignedApprovalsGate gate, PromotionRequest request, CountedKeys counted) =>
        EvidenceErrors.ApprovalsMissing(
            request.Release.Version, request.Environment, gate.Minimum, counted.Keys, counted.Refused);

    protected override GantryException Unknown(PromotionRequest request, GantryException error) =>
        EvidenceErrors.ApprovalsUnknown(request.Release.Version, request.Environment, error);

    protected override void Count(
        SignedApprovalsGate gate, GateContext context, BaseImage image, IReadOnlyList<SignedVote> votes, ImageVotes result)
    {
        var now = context.Time.GetUtcNow();
        var read = Read(context.Request, image, votes, result);
        foreach (var ofKey in read.GroupBy(one => one.Vote.Key.Key.Id, StringComparer.Ordinal))
        {
            // Whatever the date of a withdrawal is worth, it never lets anything pass.
            var withdrawn = ofKey.Where(one => one.Approval.Withdrawn).Max(one => (DateTimeOffset?)one.Approval.Approved);
            foreach (var (vote, approval) in ofKey.Where(one => !one.Approval.Withdrawn).OrderBy(one => one.Approval.Approved))
            {
                if (withdrawn >= approval.Approved)
                    result.Refuse($"{vote.Name} was withdrawn at {Format.Time(withdrawn.Value)}");
                else if (FindFault(vote, approval, gate, now) is { } fault)
                    result.Refuse($"{fault}");
                else
                    result.Counted[ofKey.Key] = Format.Line($"{vote.Key.Name} ({approval.ApprovedBy}: {approval.Reason})");
            }
        }
    }

    private static List<(SignedVote Vote, ApprovalPredicate Approval)> Read(
        PromotionRequest request, BaseImage image, IReadOnlyList<SignedVote> votes, ImageVotes result)
    {
        var read = new List<(SignedVote, ApprovalPredicate)>();
        foreach (var vote in votes)
        {
            try
            {
                var approval = ApprovalPredicate.Read(vote.Attestation.Statement.Predicate, vote.Attestation.Origin);
                if (approval.Environment != request.Environment.Name)
                    result.Refuse($"{vote.Name} is for {approval.Environment}");
                else if (approval.Version != request.Release.Version)
                    result.Refuse($"{vote.Name} is for the release {approval.Version}");
                else if (approval.Image != image.Name)
                    result.Refuse($"{vote.Name} is for the image {approval.Image}");
                else
                    read.Add((vote, approval));
            }
            catch (GantryException error)
            {
                result.Refused.Add(error.Problem);
            }
        }

        return read;
    }

    private static string? FindFault(SignedVote vote, ApprovalPredicate approval, SignedApprovalsGate gate, DateTimeOffset now)
    {
        if (approval.ValidUntil <= now)
            return $"{vote.Name} ended at {Format.Time(approval.ValidUntil.Value)}";
        try
        {
            new TrustPolicy { Keys = [vote.Key], MaximumAge = gate.MaximumAge }
                .VerifyTime(vote.Attestation, vote.Key, approval.Approved, now);
            return null;
        }
        catch (GantryException error)
        {
            return error.Problem;
        }
    }
}

using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;

namespace Gantry.Promotion.Gates;

/// <summary>Looks for a signed attestation beside each image, or beside each of its platforms.</summary>
internal sealed class AttestationEvaluator : CheckedEvaluator<AttestationGate>
{
    protected override async Task<GateEvaluation> EvaluateAsync(
        AttestationGate gate, GateContext context, CancellationToken cancellationToken)
    {
        var trust = new TrustPolicy
        {
            Keys = await context.Keys.ReadAsync(gate.Keys, cancellationToken),
            MaximumAge = gate.MaximumAge,
        };
        var images = await BaseImage.ReadAsync(context, cancellationToken);
        var results = await Concurrently.SelectAsync(
            images, (image, token) => FindAsync(image, gate, trust, context.Time.GetUtcNow(), token), cancellationToken);
        return Conclude([.. results.Select(result => result.Problem).OfType<string>()],
            [.. results.Select(result => result.Finding).OfType<string>()]);
    }

    private static async Task<(string? Finding, string? Problem)> FindAsync(
        BaseImage image, AttestationGate gate, TrustPolicy trust, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var own = await SignedEvidence.FindAsync(
            image.Repository, image.Digest, gate.PredicateType, trust, now, cancellationToken);
        if (Latest(own) is { } found)
            return ($"{image.Name} {found.By}", null);

        var refused = own.Refused.ToList();
        var platforms = new List<SignedStatement?>();
        foreach (var platform in image.Platforms ?? [])
        {
            var ofPlatform = await SignedEvidence.FindAsync(
                image.Repository, platform, gate.PredicateType, trust, now, cancellationToken);
            platforms.Add(Latest(ofPlatform));
            refused.AddRange(ofPlatform.Refused);
        }

        if (platforms.Count > 0 && platforms.TrueForAll(one => one is not null))
            return ($"{image.Name} on {Format.Count(platforms.Count, "platform")} {platforms[0]!.By}", null);
        return (null, Format.Line($"{image.Name} has no attestation {gate.PredicateType} that counts{Reasons.NotCounted(refused)}"));
    }

    private static SignedStatement? Latest(SignedEvidence evidence) =>
        evidence.Valid.OrderByDescending(one => one.Time ?? DateTimeOffset.MinValue).FirstOrDefault();
}

using Gantry.Attestations;
using Gantry.Attestations.Notation;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Promotion;

/// <summary>
/// Signatures besides the attestations, for verifiers that read nothing else: cosign's earlier tag, and a signature of the Notary Project.
/// </summary>
public sealed record ExtraSignatures
{
    /// <summary>True to keep the signed promotions also under the tag <c>sha256-….att</c>.</summary>
    public bool AttestationTags { get; init; }

    /// <summary>
    /// The certificates of the signing key for a signature of the Notary Project beside each promoted image; null for none.
    /// </summary>
    public CertificateChain? Notation { get; init; }

    /// <summary>
    /// Adds what is missing beside a promoted image. Whatever copied the tag of another place over it, the promotions are in it again.
    /// </summary>
    internal async Task AddAsync(
        ImagePlan image, TrustPolicy trust, ISigner signer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var repository = image.Target.Repository;
        var subject = image.Root.Descriptor;
        if (AttestationTags)
        {
            var found = await AttestationReferrer.FindAsync(
                repository, subject.Digest, PredicateTypes.VerificationSummary, cancellationToken);
            foreach (var attestation in found.Attestations.Where(trust.HasSigned))
                await LegacyAttestationTag.AddAsync(repository, subject.Digest, attestation.Bundle, cancellationToken);
        }

        if (Notation is { } chain
            && await NotationReferrer.FindAsync(repository, subject.Digest, chain, now, cancellationToken) is null)
        {
            var signature = await NotationSignature.SignAsync(
                subject, chain, signer, new NotationSignatureOptions { Time = now }, cancellationToken);
            await NotationReferrer.PutAsync(repository, signature, cancellationToken);
        }
    }
}

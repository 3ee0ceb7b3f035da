using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>Signs promotions, and stores their attestations beside the images.</summary>
internal static class PromotionAttestor
{
    private const string SlsaVersion = "1.2";

    /// <summary>
    /// Ensures, before anything is written, that the promotion can be signed where it must be. Throws <c>GAN4228</c> when the signing key
    /// is not one that the environment trusts now, <c>GAN4229</c> when there is none, <c>GAN4230</c> when the environment must be signed
    /// and has no trusted key.
    /// </summary>
    public static async Task EnsureSignableAsync(PromotionRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var target in request.Targets)
        {
            if (target.Trust is not { } trust)
            {
                if (target.Environment.RequireSigned)
                    throw PromotionErrors.MustBeSigned(target);
                continue;
            }

            if (request.Signer is not { } signer)
                throw PromotionErrors.NoSigner(target);
            await trust.RequireTrustedAsync(target.DisplayName, signer, now, cancellationToken);
        }
    }

    /// <summary>
    /// Stores a promotion beside an image, signed where the environment has a key. Returns the digest of the attestation.
    /// </summary>
    public static async Task<Digest?> PutAsync(
        PromotionPlan plan, ImagePlan image, PromotionRecord record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var repository = image.Target.Repository;
        var subject = image.Root.Descriptor;
        if (image.PromotionTarget.Trust is not { } trust)
        {
            await PromotionReferrer.PutAsync(repository, record, subject, cancellationToken);
            return null;
        }

        var request = plan.Request;
        var place = image.PromotionTarget.ResourceUriOf(image.Image.Name);
        var evidence = plan.EvidenceOf(image);
        var summary = new VerificationSummary
        {
            Verifier = new Verifier { Id = trust.VerifierId, Version = GantryVersion.Named },
            TimeVerified = DocumentArtifact.ToSecond(now),
            ResourceUri = place,
            Policy = EnvironmentPolicy.Describe(image.PromotionTarget, request.Policy),
            InputAttestations = evidence.Inputs.Count == 0 ? null : evidence.Inputs,
            VerificationResult = VerificationSummary.Passed,
            VerifiedLevels = [LevelOf(record), .. evidence.Levels],
            SlsaVersion = SlsaVersion,
            Record = record,
        };
        var (bundle, manifest) = await SignAsync(summary, subject, request.Signer!, cancellationToken);
        await AttestationReferrer.PutAsync(repository, manifest, bundle, cancellationToken);
        return manifest.Descriptor.Digest;
    }

    /// <summary>Signs a summary; the result is not stored yet.</summary>
    internal static async Task<(SigstoreBundle Bundle, ManifestContent Manifest)> SignAsync(
        VerificationSummary summary, Descriptor subject, Signing.ISigner signer, CancellationToken cancellationToken)
    {
        var statement = Statement.Write(
            new StatementSubject(ResourceUri.NameOf(summary.ResourceUri), subject.Digest),
            PredicateTypes.VerificationSummary,
            summary.ToJson());
        var bundle = await SigstoreBundle.SignAsync(statement, signer, cancellationToken);
        var record = summary.Record;

        // A withdrawal is not to be listed as a promotion: without these it is read.
        var annotations = PromotionReferrer.AnnotationsOf(record, summary.ResourceUri);
        if (summary.VerificationResult == VerificationSummary.Failed)
            annotations.Remove(DocumentArtifact.VersionAnnotation);
        return (bundle, AttestationReferrer.Create(
            bundle, subject, PredicateTypes.VerificationSummary, record.Promoted, annotations));
    }

    private static string LevelOf(PromotionRecord record) =>
        record.BreakGlass is not null ? VerificationSummary.BreakGlass
        : record.Bypass is not null ? VerificationSummary.Overridden
        : VerificationSummary.Promoted;
}

using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;

namespace Gantry.Verification;

/// <summary>Verifies that an image was promoted to one place, with nothing but the keys of that place.</summary>
public static class PlaceVerifier
{
    /// <summary>
    /// Finds the signed promotions of an image to a place, the latest first. Throws <c>GAN4201</c> when there is none, and the error of the
    /// attestation that came farthest (<c>GAN4202</c> to <c>GAN4210</c>) when none counts.
    /// </summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="digest">The image.</param>
    /// <param name="trust">The keys that count there.</param>
    /// <param name="place">The URI of the place: <c>oci://contoso.azurecr.io/shop/api</c>.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<IReadOnlyList<PromotionRecord>> RequireAsync(
        IImageRepository image, Digest digest, TrustPolicy trust, string place, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var attestations = await AttestationReferrer.FindAsync(image, digest, PredicateTypes.VerificationSummary, cancellationToken);
        var faults = new List<GantryException>(attestations.Faults);
        var environments = new HashSet<(string, string?)>();
        foreach (var attestation in attestations.Attestations)
        {
            try
            {
                // The environment is taken from what a trusted key has signed, and from nothing else.
                trust.FindSigner(attestation);
                var record = VerificationSummary.Read(attestation).Record;
                environments.Add((record.Environment, record.Region));
            }
            catch (GantryException fault)
            {
                faults.Add(fault);
            }
        }

        var promotions = new List<PromotionRecord>();
        foreach (var (environment, region) in environments)
        {
            var scope = new RecordScope(environment, region, now) { Signed = new SignedScope(trust, _ => place) };
            var found = await PromotionReferrer.FindAsync(image, digest, scope, version: null, cancellationToken);
            promotions.AddRange(found.Records);
            faults.AddRange(found.Ignored);
        }

        return promotions.Count > 0
            ? [.. promotions.OrderByDescending(promotion => promotion.Promoted)]
            : throw SignedPromotions.Nearest(faults) ?? AttestationErrors.Missing(
                $"signed promotion to {place}", image.Location, digest, others: "", "promote the release there, which signs it");
    }
}

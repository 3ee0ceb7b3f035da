using Gantry.Attestations;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Promotion;

/// <summary>
/// Reads the signed promotions to one registry of an environment beside an image. Only the signature decides, over the very bytes that are
/// read; everything around it may have been written by anyone, and hides nothing that counts.
/// </summary>
/// <param name="image">The repository of the image.</param>
/// <param name="scope">The environment.</param>
/// <param name="signed">Its keys and its place.</param>
internal sealed class SignedPromotions(IImageRepository image, RecordScope scope, SignedScope signed)
{
    // How far an attestation came, by the code of its error: the farthest one says best what is missing.
    private static readonly string[] ByDistance =
        ["GAN4208", "GAN4206", "GAN4207", "GAN4210", "GAN4203", "GAN4059", "GAN4205", "GAN4204", "GAN4202", "GAN4211", "GAN4209"];

    private readonly TrustPolicy _trust = signed.Trust;

    // Anyone may list a thousand promotions of a release: each check would verify all of them.
    private readonly SharedAnswers<(Digest Digest, string Version), FoundRecords> _found = new();

    /// <summary>Returns the error of the attestation that came farthest; null when there is none.</summary>
    public static GantryException? Nearest(IEnumerable<GantryException> faults) =>
        faults.Where(fault => ByDistance.Contains(fault.Code)).MinBy(fault => Array.IndexOf(ByDistance, fault.Code));

    /// <summary>Finds the promotions of a release, or of all releases of the image, the latest first.</summary>
    public async Task<FoundRecords> FindAsync(Digest digest, string? version, CancellationToken cancellationToken)
    {
        var referrers = await image.ListReferrersAsync(digest, cancellationToken);
        var candidates = Candidates(digest, referrers).Where(referrer => IsOfScope(referrer) && MayBeOf(referrer, version)).ToList();
        var found = await AttestationReferrer.ReadAsync(
            image, digest, candidates, PredicateTypes.VerificationSummary, cancellationToken);
        var faults = new List<GantryException>(found.Faults);
        var early = referrers.Where(IsUnsigned).Select(Unsigned).ToList();
        var promotions = new List<PromotionRecord>();
        var withdrawals = new List<(DateTimeOffset Time, Attestation Attestation)>();
        foreach (var attestation in found.Attestations)
        {
            try
            {
                var (summary, record) = Verify(attestation, digest);
                if ((version ?? record.Version) != record.Version)
                    continue;
                if (summary.VerificationResult == VerificationSummary.Failed)
                    withdrawals.Add((summary.TimeVerified, attestation));
                else if (scope.IsBeforePublication(record.Promoted))
                    early.Add(PromotionErrors.BeforePublication(attestation.Origin, record.Promoted, scope.Published!.Value));
                else
                    promotions.Add(record);
            }
            catch (GantryException fault)
            {
                faults.Add(fault);
            }
        }

        if (withdrawals.Count > 0)
        {
            var (time, attestation) = withdrawals.MaxBy(withdrawal => withdrawal.Time);
            promotions.RemoveAll(record => record.Signature!.Time <= time);
            faults.Add(AttestationErrors.Withdrawn(attestation.Origin, time));
        }

        return new FoundRecords
        {
            Records = [.. promotions.OrderByDescending(record => record.Promoted).ThenByDescending(record => record.Hosts is not null)],
            Implausible = faults,
            Outdated = early,
        };
    }

    /// <summary>
    /// Lists version and time of each promotion of an image, as the list of referrers shows them; the result can check each.
    /// </summary>
    public async Task<ListedPromotions> ListAsync(Digest digest, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var promotions = new List<ListedPromotion>();
        var others = new List<string>();
        var faults = new List<GantryException>();
        foreach (var referrer in Candidates(digest, await image.ListReferrersAsync(digest, knownTags, cancellationToken)))
        {
            if (!IsOfScope(referrer))
            {
                if (PromotionReferrer.ReadAnnotations(referrer) is { } other)
                    others.Add(other.Promotion.Version);
            }
            else if (PromotionReferrer.ReadAnnotations(referrer) is { } entry)
            {
                if (scope.FindFault(DocumentArtifact.Origin(image, referrer), entry.Promotion.Promoted) is { } fault)
                    faults.Add(fault);
                else
                    promotions.Add(new ListedPromotion(entry.Promotion, token => FindFaultAsync(referrer, digest, entry.Promotion, token)));
            }
            else
            {
                // Other tools list what they find without its annotations.
                var read = await AttestationReferrer.ReadAsync(
                    image, digest, [referrer], PredicateTypes.VerificationSummary, cancellationToken);
                faults.AddRange(read.Faults);
                foreach (var attestation in read.Attestations)
                    AddVerified(attestation, digest, promotions, faults);
            }
        }

        return new ListedPromotions(promotions, others) { Implausible = faults };
    }

    private void AddVerified(Attestation attestation, Digest digest, List<ListedPromotion> promotions, List<GantryException> faults)
    {
        try
        {
            var (summary, record) = Verify(attestation, digest);
            if (summary.VerificationResult == VerificationSummary.Passed)
                promotions.Add(new ListedPromotion(new RecordedPromotion(record.Version, record.Promoted), Check: null));
        }
        catch (GantryException fault)
        {
            faults.Add(fault);
        }
    }

    private async Task<GantryException?> FindFaultAsync(
        Descriptor referrer, Digest digest, RecordedPromotion listed, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _found.GetAsync(
                (digest, listed.Version), () => FindAsync(digest, listed.Version, cancellationToken));
            var origin = DocumentArtifact.Origin(image, referrer);
            if (found.Records.FirstOrDefault(record => record.Signature!.Attestation == referrer.Digest) is not { } record)
                return found.Nearest ?? AttestationErrors.Malformed(origin, "it is no promotion of this image");
            return record.Promoted == listed.Promoted
                ? null
                : AttestationErrors.Malformed(origin, "its annotations say something else");
        }
        catch (GantryException problem)
        {
            return problem;
        }
    }

    /// <summary>Verifies one attestation. Throws the error of the first rule that it breaks.</summary>
    internal (VerificationSummary Summary, PromotionRecord Record) Verify(Attestation attestation, Digest digest)
    {
        // Before anything that it says is used.
        var key = _trust.FindSigner(attestation);
        if (attestation.Statement.Subjects is not [var subject] || subject.Digest != digest)
            throw AttestationErrors.OtherImage(attestation.Origin, digest);
        var summary = VerificationSummary.Read(attestation);
        var record = summary.Record;
        if (summary.Verifier.Id != _trust.VerifierId)
            throw AttestationErrors.OtherVerifier(attestation.Origin, summary.Verifier.Id, _trust.VerifierId);
        if (record.Digest != digest)
            throw AttestationErrors.OtherImage(attestation.Origin, digest);
        if (record.Environment != scope.Environment || record.Region != scope.Region)
            throw AttestationErrors.OtherEnvironment(attestation.Origin, Place(record.Environment, record.Region), Place(scope));
        var place = signed.PlaceOf(record.Image);
        if (summary.ResourceUri != place || !image.Location.EndsWith("/" + record.Image, StringComparison.Ordinal))
            throw AttestationErrors.OtherPlace(attestation.Origin, summary.ResourceUri, place);
        if (scope.Now is { } now)
            key = _trust.VerifyTime(attestation, key, summary.TimeVerified, now);
        if (scope.FindFault(attestation.Origin, record.Promoted) is { } fault)
            throw fault;
        return (summary, record with
        {
            Signature = new PromotionSignature(attestation.Digest, key, summary.TimeVerified, summary.VerifiedLevels)
            {
                Inputs = summary.InputAttestations ?? [],
            },
        });
    }

    private IReadOnlyList<Descriptor> Candidates(Digest digest, IEnumerable<Descriptor> referrers) =>
        AttestationReferrer.Candidates(image, digest, referrers, PredicateTypes.VerificationSummary);

    // Environments may share a registry. Annotations that say nothing are those of a list that another tool wrote.
    private bool IsOfScope(Descriptor referrer) =>
        referrer.Annotations?.GetValueOrDefault(PromotionReferrer.EnvironmentAnnotation) is not { } environment
        || (environment == scope.Environment
            && referrer.Annotations.GetValueOrDefault(PromotionReferrer.RegionAnnotation) == scope.Region);

    private static bool MayBeOf(Descriptor referrer, string? version) =>
        version is null || (referrer.Annotations?.GetValueOrDefault(DocumentArtifact.VersionAnnotation) ?? version) == version;

    private bool IsUnsigned(Descriptor referrer) =>
        referrer.ArtifactType == PromotionReferrer.ArtifactType
        && referrer.Annotations?.GetValueOrDefault(PromotionReferrer.EnvironmentAnnotation) == scope.Environment
        && referrer.Annotations.GetValueOrDefault(PromotionReferrer.RegionAnnotation) == scope.Region;

    private GantryException Unsigned(Descriptor referrer) =>
        AttestationErrors.Unsigned(DocumentArtifact.Origin(image, referrer), Place(scope));

    private static string Place(RecordScope scope) => Place(scope.Environment, scope.Region);

    private static string Place(string environment, string? region) => region is null ? environment : $"{environment}, {region}";
}

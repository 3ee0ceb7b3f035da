using System.Globalization;
using Gantry.Attestations;
using Gantry.Attestations.Approvals;
using Gantry.Attestations.Notation;
using Gantry.Attestations.Rebuilds;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Verification;

namespace Gantry.Status;

/// <summary>Reads and verifies what is beside an image in one repository.</summary>
/// <param name="repository">The repository.</param>
/// <param name="place">The place, for people.</param>
/// <param name="image">The name of the image.</param>
/// <param name="target">The registry of an environment; null for the base registry.</param>
/// <param name="policy">The environments, with their keys.</param>
/// <param name="now">The present time.</param>
internal sealed class PlaceAuditor(
    IImageRepository repository, string place, string image, PromotionTarget? target, VerificationPolicy policy, DateTimeOffset now)
{
    private const string Cosign = "cosign verify";
    private const string UnknownKey = "no key of the declaration has signed it";

    // All records of an image are read together.
    private readonly SharedAnswers<Digest, IReadOnlyList<FoundRelease>> _releases = new();

    // Those of approvals and rebuilds are in gates, which a declaration in a file does not have. Any trusted key shows who signed.
    private readonly TrustPolicy _everyKey = new()
    {
        Keys = [.. policy.Targets.Select(each => each.Trust).Append(policy.BaseTrust).SelectMany(trust => trust?.Keys ?? []).Distinct()],
    };

    /// <summary>Reads what refers to a manifest. Throws the errors of the registry, and <c>GAN4403</c> when there is too much.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        var referrers = (await repository.ListReferrersAsync(digest, cancellationToken))
            .Where(referrer => !IsOfOtherPlaceHere(referrer))
            .DistinctBy(referrer => referrer.Digest)
            .ToList();
        if (referrers.Count > Limits.Attestations)
            throw StatusErrors.TooManyReferrers(repository.Location, $"{digest}", referrers.Count, Limits.Attestations);
        var candidates = referrers.Where(referrer => referrer.ArtifactType is null or SigstoreBundle.MediaType or MediaTypes.OciEmpty);
        var found = await AttestationReferrer.ReadAnyAsync(repository, digest, [.. candidates], cancellationToken);
        var entries = new List<AuditEntry>();
        entries.AddRange(found.Attestations.Select(attestation => Describe(attestation, digest)));
        entries.AddRange(found.Faults.Select(fault => new AuditEntry
        {
            Kind = AuditKind.Other,
            Time = null,
            Place = place,
            Text = "an attestation that cannot be read",
            State = AuditState.Ignored,
            Error = fault,
        }));
        foreach (var referrer in referrers.Where(referrer =>
            referrer.ArtifactType is not (null or SigstoreBundle.MediaType or MediaTypes.OciEmpty)))
            entries.Add(await DescribeAsync(referrer, digest, cancellationToken));
        entries.AddRange((await new CosignTags(repository, digest).ReadAsync(cancellationToken)).Select(Describe));
        return Withdraw(entries);
    }

    // Environments may share a repository; each lists its own.
    private bool IsOfOtherPlaceHere(Descriptor referrer) =>
        referrer.Annotations?.GetValueOrDefault(PromotionReferrer.EnvironmentAnnotation) is { } environment
        && referrer.Annotations.GetValueOrDefault(PromotionReferrer.RegionAnnotation) is var region
        && !(environment == target?.Environment.Name && region == target.Region)
        && policy.Targets.Any(other => other.Environment.Name == environment && other.Region == region
            && other.Address.Describe(image) == repository.Location);

    // A withdrawal ends what was promoted to the place before it.
    private static List<AuditEntry> Withdraw(List<AuditEntry> entries)
    {
        var last = entries.Where(entry => entry is { Kind: AuditKind.Withdrawal, State: AuditState.Verified }).MaxBy(entry => entry.Time);
        return last is null
            ? entries
            : [.. entries.Select(entry => entry.Promotion?.Signature is { } signature && entry.Kind != AuditKind.Withdrawal
                && signature.Time <= last.Time
                    ? entry with { State = AuditState.Ignored, Error = AttestationErrors.Withdrawn($"{last.Document}", last.Time!.Value) }
                    : entry)];
    }

    private AuditEntry Describe(Attestation attestation, Digest digest)
    {
        var entry = New(attestation.Referrer, KindOf(attestation.Statement.PredicateType), attestation.Statement.PredicateType);
        try
        {
            return attestation.Statement.PredicateType switch
            {
                PredicateTypes.Provenance => OfProvenance(entry, attestation, digest),
                PredicateTypes.VerificationSummary => OfSummary(entry, attestation, digest),
                PredicateTypes.CycloneDx =>
                    Signed(entry with { Text = "a list of what it contains" }, attestation, digest, policy.BaseTrust),
                PredicateTypes.Approval => OfApproval(entry, attestation, digest),
                PredicateTypes.Rebuild => OfRebuild(entry, attestation, digest),
                PredicateTypes.Vulnerabilities =>
                    Signed(entry with { Text = "a report of vulnerabilities" }, attestation, digest, _everyKey),
                _ => Signed(entry, attestation, digest, _everyKey),
            };
        }
        catch (GantryException fault)
        {
            return entry with { State = AuditState.Ignored, Error = fault };
        }
    }

    private AuditEntry OfProvenance(AuditEntry entry, Attestation attestation, Digest digest)
    {
        if (policy.BaseTrust is not { } trust)
            return entry with { State = AuditState.Unverified, Error = VerificationErrors.Unsigned("the base registry", image) };
        var (provenance, key) = new ProvenanceVerifier(trust, now).Verify(attestation, image, digest, version: null, commit: null);
        var run = provenance.RunDetails;
        return entry with
        {
            Time = provenance.Time,
            State = AuditState.Verified,
            Text = $"built from {provenance.Commit ?? "an unknown commit"} by {run.Builder.Id}",
            Version = provenance.BuildDefinition.ExternalParameters.Version,
            By = run.Metadata.InvocationId ?? run.Builder.Id,
            Key = key.Name,
        };
    }

    private AuditEntry OfSummary(AuditEntry entry, Attestation attestation, Digest digest)
    {
        if (target is null)
            return entry with { Text = "a promotion to another place", State = AuditState.Unverified };
        if (target.Trust is not { } trust)
            return entry with { State = AuditState.Unverified, Error = VerificationErrors.Unsigned(place, image) };
        var scope = RecordScope.Of(target, now);
        var (summary, record) = new SignedPromotions(repository, scope, new SignedScope(trust, target.ResourceUriOf))
            .Verify(attestation, digest);
        if (summary.VerificationResult == VerificationSummary.Failed)
            return OfRecord(entry, record) with
            {
                Kind = AuditKind.Withdrawal,
                Time = summary.TimeVerified,
                State = AuditState.Verified,
                Key = record.Signature!.Key.Name,
                Text = $"the promotions of {record.Version} to {place} are withdrawn",
            };
        var promotion = OfRecord(entry, record) with { State = AuditState.Verified, Key = record.Signature!.Key.Name };
        return record.Renews is { } renewed
            ? promotion with { Kind = AuditKind.Renewal, Time = summary.TimeVerified, Text = $"signed again, as {renewed} was" }
            : promotion;
    }

    private static AuditEntry OfRecord(AuditEntry entry, PromotionRecord record)
    {
        var what = record.WentBack is { } back ? $"went back to {record.Version} from {back.From}, because: {back.Reason}"
            : record.Bypass is { } bypass ? $"promoted {record.Version} past a check: {bypass}"
            : $"promoted {record.Version}";
        var hosts = record.Hosts is { } done ? $", {Format.Count(done.Count, "host")} done" : "";
        return entry with
        {
            Kind = record.WentBack is not null ? AuditKind.Return : record.Bypass is not null ? AuditKind.Bypass : AuditKind.Promotion,
            Time = record.Promoted,
            Text = what + hosts,
            Version = record.Version,
            By = record.By.ToString(),
            Promotion = record,
        };
    }

    private AuditEntry OfApproval(AuditEntry entry, Attestation attestation, Digest digest)
    {
        var approval = ApprovalPredicate.Read(attestation.Statement.Predicate, attestation.Origin);
        return Signed(
            entry with
            {
                Time = approval.Approved,
                Text = approval.Withdrawn
                    ? $"approval for {approval.Environment} withdrawn, because: {approval.Reason}"
                    : $"approved for {approval.Environment}, because: {approval.Reason}",
                Version = approval.Version,
                By = approval.ApprovedBy,
            },
            attestation, digest, _everyKey);
    }

    private AuditEntry OfRebuild(AuditEntry entry, Attestation attestation, Digest digest)
    {
        var rebuild = RebuildPredicate.Read(attestation.Statement.Predicate, attestation.Origin);
        return Signed(
            entry with
            {
                Time = rebuild.Rebuilt,
                Text = rebuild.Result == RebuildPredicate.Same ? "built again, with the same digest" : $"built again: {rebuild.Result}",
                Version = rebuild.Version,
                By = rebuild.By,
            },
            attestation, digest, _everyKey);
    }

    // Whether a key may sign this is not known where the declaration has no key for it; what is about another image never counts.
    private static AuditEntry Signed(AuditEntry entry, Attestation attestation, Digest digest, TrustPolicy? trust)
    {
        if (!attestation.Statement.IsAbout(digest))
            throw AttestationErrors.OtherImage(attestation.Origin, digest);
        if (trust?.Keys.FirstOrDefault(key => attestation.Bundle.IsSignedBy(key.Key)) is null)
            return entry with { State = AuditState.Unverified };
        return entry with { State = AuditState.Verified, Key = trust.FindSigner(attestation).Name };
    }

    private async Task<AuditEntry> DescribeAsync(Descriptor referrer, Digest digest, CancellationToken cancellationToken)
    {
        var entry = New(referrer, AuditKind.Other, referrer.ArtifactType ?? referrer.MediaType);
        try
        {
            return referrer.ArtifactType switch
            {
                ReleaseReferrer.ArtifactType => await OfReleaseAsync(entry, referrer, digest, cancellationToken),
                PromotionReferrer.ArtifactType => await OfUnsignedAsync(entry, referrer, digest, cancellationToken),
                NotationReferrer.ArtifactType => await OfNotationAsync(entry, referrer, digest, cancellationToken),
                "application/vnd.cyclonedx+json" => entry with { Kind = AuditKind.Sbom, Text = "a list of what it contains, not signed" },
                _ => entry,
            };
        }
        catch (GantryException fault)
        {
            return entry with { State = AuditState.Ignored, Error = fault };
        }
    }

    // Its certificates are not those of the declaration, which has keys. A key of the declaration may be the one of its certificate.
    private async Task<AuditEntry> OfNotationAsync(
        AuditEntry entry, Descriptor referrer, Digest digest, CancellationToken cancellationToken)
    {
        const string verifier = "notation verify";
        entry = entry with { Kind = AuditKind.Signature, Text = "a signature for verifiers of the Notary Project" };
        var origin = DocumentArtifact.Origin(repository, referrer);
        try
        {
            if (await NotationReferrer.RequireAsync(repository, digest, referrer, cancellationToken) is not { } signature)
                return entry with { Error = StatusErrors.NotVerified(origin, "its format is not known", verifier) };
            return signature.Target.Digest == digest
                ? Verified(entry, origin, signature.IsSignedBy, UnknownKey, verifier)
                : throw AttestationErrors.OtherImage(origin, digest);
        }
        catch (GantryException fault) when (fault.Code == NotationErrors.MalformedCode)
        {
            // Those of other algorithms and formats are none that Gantry can read.
            return entry with { Error = StatusErrors.NotVerified(origin, fault.Problem, verifier) };
        }
    }

    private AuditEntry Describe(TaggedSignature signature)
    {
        var entry = new AuditEntry
        {
            Kind = AuditKind.Signature,
            Time = null,
            Place = place,
            Text = signature.Text,
            State = AuditState.Unverified,
            Document = signature.Document,
        };
        if (signature.Fault is { } fault)
            return entry with { State = AuditState.Ignored, Error = fault };
        var otherwise = signature.HasCertificate ? "it is signed with a certificate" : UnknownKey;
        return signature.IsSignedBy is { } isSignedBy
            ? Verified(entry, signature.Origin, isSignedBy, otherwise, Cosign)
            : entry with { Error = StatusErrors.NotVerified(signature.Origin, "its type is not known", Cosign) };
    }

    private AuditEntry Verified(
        AuditEntry entry, string origin, Func<VerificationKey, bool> isSignedBy, string otherwise, string verifier)
    {
        if (_everyKey.Keys.FirstOrDefault(key => isSignedBy(key.Key)) is not { } key)
            return entry with { State = AuditState.Unverified, Error = StatusErrors.NotVerified(origin, otherwise, verifier) };
        return _everyKey.Keys.FirstOrDefault(same => same.Revoked is not null && same.Key.Equals(key.Key)) is { } revoked
            ? entry with { State = AuditState.Ignored, Error = AttestationErrors.RevokedKey(origin, revoked) }
            : entry with { State = AuditState.Verified, Key = key.Name };
    }

    private async Task<AuditEntry> OfReleaseAsync(
        AuditEntry entry, Descriptor referrer, Digest digest, CancellationToken cancellationToken)
    {
        var records = await _releases.GetAsync(
            digest, () => ReleaseReferrer.ListAsync(repository, digest, version: null, cancellationToken));
        var origin = DocumentArtifact.Origin(repository, referrer);
        if (records.FirstOrDefault(record => record.Origin == origin) is not { Release: var release })
            return entry with { Kind = AuditKind.Release, State = AuditState.Ignored };
        var by = release.BuildUrl ?? release.BuildId;
        return entry with
        {
            Kind = AuditKind.Release,
            Time = release.Created,
            Text = $"published as {release.Version}, with {Format.Count(release.Images.Count, "image")}, from {release.Commit}",
            Version = release.Version,
            By = by,
            State = AuditState.Unsigned,
        };
    }

    private async Task<AuditEntry> OfUnsignedAsync(
        AuditEntry entry, Descriptor referrer, Digest digest, CancellationToken cancellationToken)
    {
        entry = entry with { Kind = AuditKind.Promotion, Text = "a promotion, not signed" };
        var origin = DocumentArtifact.Origin(repository, referrer);
        if (target?.Trust is not null)
            return entry with { State = AuditState.Ignored, Error = AttestationErrors.Unsigned(origin, place) };
        var record = await PromotionReferrer.ReadAsync(repository, referrer, digest, cancellationToken);
        if (record is null)
            return entry with { State = AuditState.Ignored, Error = PromotionErrors.MalformedPromotion(origin, "it is of another image") };
        var isHere = target is not null && record.Digest == digest && record.Environment == target.Environment.Name
            && record.Region == target.Region && RecordPlace.IsSame(record.To, repository.Location);
        if (!isHere)
            return OfRecord(entry, record) with
            {
                State = AuditState.Ignored, Text = $"a promotion to {record.To}, which does not count here",
            };
        return RecordScope.Of(target!, now).FindFault(origin, record.Promoted) is { } fault
            ? OfRecord(entry, record) with { State = AuditState.Ignored, Error = fault }
            : OfRecord(entry, record) with { State = AuditState.Unsigned };
    }

    private AuditEntry New(Descriptor referrer, AuditKind kind, string text) => new()
    {
        Kind = kind,
        Time = CreatedOf(referrer),
        Place = place,
        Text = text,
        State = AuditState.Unverified,
        Document = referrer.Digest,
    };

    private static DateTimeOffset? CreatedOf(Descriptor referrer) =>
        DateTimeOffset.TryParse(
            referrer.Annotations?.GetValueOrDefault(DocumentArtifact.CreatedAnnotation), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var created)
            ? created
            : null;

    private static AuditKind KindOf(string predicateType) => predicateType switch
    {
        PredicateTypes.Provenance => AuditKind.Build,
        PredicateTypes.VerificationSummary => AuditKind.Promotion,
        PredicateTypes.CycloneDx => AuditKind.Sbom,
        PredicateTypes.Vulnerabilities => AuditKind.Scan,
        PredicateTypes.Approval => AuditKind.Approval,
        PredicateTypes.Rebuild => AuditKind.Rebuild,
        _ => AuditKind.Other,
    };
}

using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Pruning;

/// <summary>
/// Reads what is recorded beside an image: promotions to any environment, signed or not, and releases. One that cannot be read is an error.
/// One that is read and does not count, because no key of the environment has signed it, is in the result all the same: more is kept then,
/// and none of those that count is pushed out by it.
/// </summary>
internal sealed class RecordReader(PrunedRepository place, DateTimeOffset now)
{
    private readonly IImageRepository _repository = place.Reads;

    /// <summary>Reads the records beside one image.</summary>
    public async Task<FoundRecords> ReadAsync(Digest image, CancellationToken cancellationToken)
    {
        var referrers = await _repository.ListReferrersAsync(image, cancellationToken);
        var records = new List<(PromotionRecord Record, Digest? Attestation)>();
        foreach (var referrer in referrers.Where(referrer => referrer.ArtifactType == PromotionReferrer.ArtifactType))
        {
            if (await _repository.FindManifestAsync(referrer.Digest, cancellationToken) is { } manifest)
                records.Add((await ReadPromotionAsync(manifest, image, cancellationToken), null));
        }

        var candidates = AttestationReferrer.Candidates(_repository, image, referrers, PredicateTypes.VerificationSummary);
        var found = await AttestationReferrer.ReadAsync(
            _repository, image, candidates, PredicateTypes.VerificationSummary, cancellationToken);
        if (found.Faults is [var fault, ..])
            throw fault;

        // Other programs sign verification summaries, too.
        records.AddRange(found.Attestations
            .Where(attestation => attestation.Statement.Predicate.TryGetProperty(PredicateTypes.Promotion, out _))
            .Select(attestation => (VerificationSummary.Read(attestation).Record, (Digest?)attestation.Digest)));
        var counted = await FindCountedAsync(image, cancellationToken);
        return new FoundRecords(
            [.. records.Where(each => IsHere(each.Record, image)).Select(each => ToPromotion(each.Record, each.Attestation, counted))],
            await ReadReleasesAsync(image, cancellationToken));
    }

    /// <summary>What is recorded beside an image.</summary>
    internal sealed record FoundRecords(IReadOnlyList<FoundPromotion> Promotions, IReadOnlyList<PublishedImage> Releases);

    private bool IsHere(PromotionRecord record, Digest image) =>
        record.Digest == image && RecordPlace.IsSame(record.To, _repository.Location);

    private FoundPromotion ToPromotion(PromotionRecord record, Digest? attestation, IReadOnlySet<Digest> counted)
    {
        var isSigned = place.Targets
            .Where(target => target.Environment.Name == record.Environment && target.Region == record.Region)
            .Any(target => target.Trust is not null);
        var isPlausible = new RecordScope(record.Environment, record.Region, now).FindFault("", record.Promoted) is null;
        var counts = attestation is { } digest ? counted.Contains(digest) : !isSigned && isPlausible;
        return new FoundPromotion(record.Environment, record.Region, record.Version, record.Digest, record.Promoted, counts)
        {
            Previous = record.Previous,
            MovedFrom = record.MovedTag?.From,
        };
    }

    private async Task<PromotionRecord> ReadPromotionAsync(ManifestContent manifest, Digest image, CancellationToken cancellationToken) =>
        await DocumentArtifact.ReadAsync<PromotionRecord>(
            _repository,
            manifest,
            PromotionReferrer.ArtifactType,
            image,
            PromotionRecord.MaximumSize,
            (json, origin) => PromotionRecord.Read(json, origin),
            (origin, fault) => PromotionErrors.MalformedPromotion(origin, fault),
            cancellationToken)
        ?? throw PromotionErrors.MalformedPromotion(
            DocumentArtifact.Origin(_repository, manifest.Descriptor), "it contains no record of this image");

    private async Task<IReadOnlySet<Digest>> FindCountedAsync(Digest image, CancellationToken cancellationToken)
    {
        var counted = new HashSet<Digest>();
        foreach (var target in place.Targets.Where(target => target.Trust is not null))
        {
            var scope = RecordScope.Of(target, now);
            var found = await PromotionReferrer.FindAsync(_repository, image, scope, version: null, cancellationToken);
            counted.UnionWith(found.Records.Select(record => record.Signature!.Attestation));
        }

        return counted;
    }

    private async Task<IReadOnlyList<PublishedImage>> ReadReleasesAsync(Digest image, CancellationToken cancellationToken)
    {
        var releases = await ReleaseReferrer.ListAsync(_repository, image, version: null, cancellationToken);
        return
        [
            .. releases.Select(found => new PublishedImage(
                found.Release.Version,
                image,
                found.Release.Created,
                [.. found.Release.Images.Select(each => (each.Name, each.Digest))])),
        ];
    }
}

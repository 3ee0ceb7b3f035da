using Gantry.Attestations;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Pruning;

/// <summary>
/// Stores records of deletions in the repository that they are about. They refer to an empty artifact, which is the same everywhere and has
/// a tag, so that no image needs to stay for them.
/// </summary>
public static class PruningRecords
{
    /// <summary>The tag of the empty artifact that all records of a repository refer to.</summary>
    public const string Tag = ReleaseTag.Pruned;

    /// <summary>The artifact type of a record that is not signed, and its media type.</summary>
    public const string ArtifactType = "application/vnd.gantry.pruning.v1+json";

    private const string AnchorType = "application/vnd.gantry.pruned.v1";

    /// <summary>The empty artifact.</summary>
    internal static ManifestContent Anchor { get; } = AnchorArtifact.Create(AnchorType);

    /// <summary>Finds the records of a repository that count, the latest first.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="place">The URI of the place of its image.</param>
    /// <param name="trust">The keys whose records count; null when they are not signed.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN4707</c>: a record that is not signed cannot be read. Signed ones that do not count are left
    /// out.</exception>
    public static async Task<IReadOnlyList<PruningRecord>> FindAsync(
        IImageRepository repository, string place, TrustPolicy? trust, CancellationToken cancellationToken)
    {
        var digest = Anchor.Descriptor.Digest;
        var referrers = await repository.ListReferrersAsync(digest, cancellationToken);
        var records = trust is null
            ? await ReadUnsignedAsync(repository, referrers, cancellationToken)
            : await ReadSignedAsync(repository, referrers, trust, cancellationToken);
        return [.. records.Where(record => record.Place == place).OrderByDescending(record => record.Pruned)];
    }

    /// <summary>Stores a record, signed when there is a signer.</summary>
    internal static async Task PutAsync(
        IImageRepository repository, PruningRecord record, ISigner? signer, CancellationToken cancellationToken)
    {
        await AnchorArtifact.EnsureAsync(repository, Anchor, Tag, cancellationToken);
        var json = record.ToJson();
        if (signer is null)
        {
            var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [DocumentArtifact.CreatedAnnotation] = Format.Rfc3339(record.Pruned),
            };
            var manifest = DocumentArtifact.Create(ArtifactType, json, Anchor.Descriptor, annotations);
            await DocumentArtifact.PutAsync(repository, manifest, json, cancellationToken);
            return;
        }

        await AttestationReferrer.PutAsync(
            repository, Anchor.Descriptor, record.Place, PredicateTypes.Pruning, json, record.Pruned, signer, cancellationToken);
    }

    private static async Task<IEnumerable<PruningRecord>> ReadUnsignedAsync(
        IImageRepository repository, IReadOnlyList<Descriptor> referrers, CancellationToken cancellationToken)
    {
        var read = await Concurrently.SelectAsync(
            referrers.Where(referrer => referrer.ArtifactType == ArtifactType).Take(Limits.Attestations),
            (referrer, token) => DocumentArtifact.ReadAsync(
                repository,
                referrer,
                ArtifactType,
                Anchor.Descriptor.Digest,
                Limits.AttestationBytes,
                Parse,
                (origin, fault) => PruningErrors.MalformedRecord(origin, fault),
                token),
            cancellationToken);
        return read.OfType<PruningRecord>();
    }

    private static PruningRecord Parse(byte[] json, string origin) => PredicateReader.ReadDocument(
        json,
        predicate => PruningRecord.Read(predicate, origin),
        (reason, exception) => PruningErrors.MalformedRecord(origin, reason, exception));

    // Anyone who may push can add a record: those that a key of the place has not signed are as if they were not there.
    private static async Task<IEnumerable<PruningRecord>> ReadSignedAsync(
        IImageRepository repository, IReadOnlyList<Descriptor> referrers, TrustPolicy trust, CancellationToken cancellationToken)
    {
        var digest = Anchor.Descriptor.Digest;
        var candidates = AttestationReferrer.Candidates(repository, digest, referrers, PredicateTypes.Pruning);
        var found = await AttestationReferrer.ReadAsync(repository, digest, candidates, PredicateTypes.Pruning, cancellationToken);
        var records = new List<PruningRecord>();
        foreach (var attestation in found.Attestations)
        {
            try
            {
                var key = trust.FindSigner(attestation);
                var record = PruningRecord.Read(attestation.Statement.Predicate, attestation.Origin);
                if (attestation.Statement.IsAbout(digest) && trust.Find(key.Key, record.Pruned) is not null)
                    records.Add(record);
            }
            catch (GantryException)
            {
                // It counts for nothing.
            }
        }

        return records;
    }
}

using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;

namespace Gantry.Attestations;

/// <summary>
/// Stores signed statements beside images, as cosign does: one sigstore bundle in a manifest that refers to the image.
/// </summary>
/// <seealso href="https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md">cosign, bundles in registries</seealso>
public static class AttestationReferrer
{
    private const string ContentAnnotation = "dev.sigstore.bundle.content";
    private const string PredicateTypeAnnotation = "dev.sigstore.bundle.predicateType";

    /// <summary>
    /// Creates the manifest that holds a bundle; the same bundle gives the same bytes.
    /// </summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="subject">The image.</param>
    /// <param name="predicateType">The type of its predicate, which a list of referrers contains.</param>
    /// <param name="created">The time of the attestation.</param>
    /// <param name="annotations">Further annotations.</param>
    public static ManifestContent Create(
        SigstoreBundle bundle, Descriptor subject, string predicateType, DateTimeOffset created,
        IEnumerable<KeyValuePair<string, string>>? annotations = null) =>
        DocumentArtifact.Create(
            SigstoreBundle.MediaType,
            bundle.Bytes.Span,
            subject,
            new SortedDictionary<string, string>(new Dictionary<string, string>(annotations ?? [])
            {
                [ContentAnnotation] = "dsse-envelope",
                [PredicateTypeAnnotation] = predicateType,
                [DocumentArtifact.CreatedAnnotation] = DocumentArtifact.FormatTime(created),
            },
            StringComparer.Ordinal));

    /// <summary>Stores a bundle beside an existing image.</summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="manifest">The manifest that holds the bundle.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static Task PutAsync(
        IImageRepository image, ManifestContent manifest, SigstoreBundle bundle, CancellationToken cancellationToken) =>
        DocumentArtifact.PutAsync(image, manifest, bundle.Bytes.ToArray(), cancellationToken);

    /// <summary>Signs a predicate about a place, and stores it beside what stands for that place.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">What stands for the place (<see cref="AnchorArtifact"/>).</param>
    /// <param name="place">The URI of the place, whose name is that of the subject.</param>
    /// <param name="predicateType">The type of the predicate.</param>
    /// <param name="predicate">The predicate, as JSON.</param>
    /// <param name="created">The time of the attestation.</param>
    /// <param name="signer">The key that signs it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    internal static async Task PutAsync(
        IImageRepository repository, Descriptor subject, string place, string predicateType, byte[] predicate, DateTimeOffset created,
        ISigner signer, CancellationToken cancellationToken)
    {
        var statement = Statement.Write(new StatementSubject(ResourceUri.NameOf(place), subject.Digest), predicateType, predicate);
        var bundle = await SigstoreBundle.SignAsync(statement, signer, cancellationToken);
        await PutAsync(repository, Create(bundle, subject, predicateType, created), bundle, cancellationToken);
    }

    /// <summary>
    /// Finds the attestations of one kind beside an image, whoever signed them. A list that says something else than the manifest counts
    /// for nothing. Those that cannot be read are in the result: anyone who may write there can add some, and must not hide others by that.
    /// Throws <c>GAN4209</c> when there are more than <see cref="Limits.Attestations"/>, and the errors of the registry.
    /// </summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="digest">The image.</param>
    /// <param name="predicateType">The type of the predicate.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<FoundAttestations> FindAsync(
        IImageRepository image, Digest digest, string predicateType, CancellationToken cancellationToken)
    {
        var candidates = Candidates(image, digest, await image.ListReferrersAsync(digest, cancellationToken), predicateType);
        return await ReadAsync(image, digest, candidates, predicateType, cancellationToken);
    }

    /// <summary>
    /// Selects those referrers that may be attestations of one kind. Other tools write lists that name neither the type of the artifact nor
    /// that of the predicate; then only the manifest says it.
    /// </summary>
    internal static IReadOnlyList<Descriptor> Candidates(
        IImageRepository image, Digest digest, IEnumerable<Descriptor> referrers, string predicateType)
    {
        var candidates = referrers.Where(IsCandidate).DistinctBy(referrer => referrer.Digest).ToList();
        return candidates.Count <= Limits.Attestations
            ? candidates
            : throw AttestationErrors.TooMany(image.Location, digest, candidates.Count);

        bool IsCandidate(Descriptor referrer) => referrer.ArtifactType switch
        {
            SigstoreBundle.MediaType =>
                (referrer.Annotations?.GetValueOrDefault(PredicateTypeAnnotation) ?? predicateType) == predicateType,
            null or MediaTypes.OciEmpty => referrer.Annotations?.ContainsKey(PredicateTypeAnnotation) != true
                || referrer.Annotations[PredicateTypeAnnotation] == predicateType,
            _ => false,
        };
    }

    /// <summary>Reads attestations that were listed, of whatever kind they are.</summary>
    internal static Task<FoundAttestations> ReadAnyAsync(
        IImageRepository image, Digest digest, IReadOnlyList<Descriptor> candidates, CancellationToken cancellationToken) =>
        ReadAsync(
            candidates, candidate => image.FindManifestAsync(candidate.Digest, cancellationToken), image, digest, predicateType: null,
            cancellationToken);

    /// <summary>Reads attestations that were listed.</summary>
    internal static Task<FoundAttestations> ReadAsync(
        IImageRepository image, Digest digest, IReadOnlyList<Descriptor> candidates, string predicateType,
        CancellationToken cancellationToken) =>
        ReadAsync(
            candidates, candidate => image.FindManifestAsync(candidate.Digest, cancellationToken), image, digest, predicateType,
            cancellationToken);

    /// <summary>Reads attestations whose manifests were read before; others among them are left out.</summary>
    internal static Task<FoundAttestations> ReadAsync(
        IImageRepository image, Digest digest, IReadOnlyList<ManifestContent> manifests, string predicateType,
        CancellationToken cancellationToken)
    {
        var candidates = Candidates(
            image, digest, manifests.Select(manifest => Referrer.Of(manifest)?.Entry).OfType<Descriptor>(), predicateType);
        var contents = manifests.DistinctBy(manifest => manifest.Descriptor.Digest).ToDictionary(manifest => manifest.Descriptor.Digest);
        return ReadAsync(
            candidates, candidate => Task.FromResult<ManifestContent?>(contents[candidate.Digest]), image, digest, predicateType,
            cancellationToken);
    }

    private static async Task<FoundAttestations> ReadAsync(
        IReadOnlyList<Descriptor> candidates, Func<Descriptor, Task<ManifestContent?>> findManifest, IImageRepository image, Digest digest,
        string? predicateType, CancellationToken cancellationToken)
    {
        var read = await Concurrently.SelectAsync(
            candidates, (candidate, token) => ReadOneAsync(image, digest, candidate, findManifest, token), cancellationToken);
        return new FoundAttestations(
            [
                .. read.Select(one => one.Attestation).OfType<Attestation>()
                    .Where(one => predicateType is null || one.Statement.PredicateType == predicateType),
            ],
            [.. read.Select(one => one.Fault).OfType<GantryException>()]);
    }

    private static async Task<(Attestation? Attestation, GantryException? Fault)> ReadOneAsync(
        IImageRepository image, Digest digest, Descriptor candidate, Func<Descriptor, Task<ManifestContent?>> findManifest,
        CancellationToken cancellationToken)
    {
        try
        {
            if (await findManifest(candidate) is not { } manifest)
                return (null, null);
            var attestation = await DocumentArtifact.ReadAsync(
                image,
                manifest,
                SigstoreBundle.MediaType,
                digest,
                Limits.AttestationBytes,
                (bytes, origin) =>
                {
                    var bundle = SigstoreBundle.Read(bytes, origin);
                    return bundle.PayloadType == Dsse.InTotoPayload
                        ? new Attestation(candidate, bundle, Statement.Read(bundle.Payload, origin), origin)
                        : throw AttestationErrors.Malformed(origin, "its payload is not a statement");
                },
                (origin, fault) => AttestationErrors.Malformed(origin, fault),
                cancellationToken);
            return (attestation, null);
        }
        catch (GantryException fault) when (fault.Kind is ErrorKind.Other or ErrorKind.NotFound or ErrorKind.DigestMismatch)
        {
            return (null, fault.Code.StartsWith("GAN42", StringComparison.Ordinal)
                ? fault
                : AttestationErrors.Malformed(DocumentArtifact.Origin(image, candidate), fault.Problem, fault));
        }
    }
}

/// <summary>The attestations of one kind beside an image.</summary>
/// <param name="Attestations">Those that could be read. Their signatures are not verified.</param>
/// <param name="Faults">An error for each that could not be read.</param>
public sealed record FoundAttestations(IReadOnlyList<Attestation> Attestations, IReadOnlyList<GantryException> Faults);

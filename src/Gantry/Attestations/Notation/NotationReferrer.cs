using System.Text.Json;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Attestations.Notation;

/// <summary>Stores signatures of Notation beside images: one envelope in a manifest that refers to the image.</summary>
/// <seealso href="https://github.com/notaryproject/specifications/blob/main/specs/signature-specification.md#storage">
/// Notary Project, storage of signatures
/// </seealso>
public static class NotationReferrer
{
    /// <summary>The type of the artifact that contains a signature.</summary>
    public const string ArtifactType = "application/vnd.cncf.notary.signature";

    private const string ThumbprintAnnotation = "io.cncf.notary.x509chain.thumbprint#S256";

    /// <summary>Creates the manifest that holds a signature; the same signature gives the same bytes.</summary>
    /// <param name="signature">The signature.</param>
    public static ManifestContent Create(NotationSignature signature) => DocumentArtifact.Create(
        ArtifactType,
        signature.Bytes.Span,
        signature.Target,
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ThumbprintAnnotation] = WriteThumbprints(signature.Thumbprints),
            [DocumentArtifact.CreatedAnnotation] = Format.Rfc3339(signature.SigningTime),
        },
        NotationSignature.MediaType);

    /// <summary>Stores a signature beside an existing image.</summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The descriptor of the manifest that holds it.</returns>
    public static async Task<Descriptor> PutAsync(
        IImageRepository image, NotationSignature signature, CancellationToken cancellationToken)
    {
        var manifest = Create(signature);
        await DocumentArtifact.PutAsync(image, manifest, signature.Bytes.ToArray(), cancellationToken);
        return manifest.Descriptor;
    }

    /// <summary>
    /// Finds a signature of an image by the key of these certificates that counts at a time; null when there is none, and it is to be
    /// signed. Signatures of others and what cannot be read are skipped. Throws the errors of the registry.
    /// </summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="digest">The image.</param>
    /// <param name="chain">The certificates.</param>
    /// <param name="time">The time at which the signature is not expired.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<NotationSignature?> FindAsync(
        IImageRepository image, Digest digest, CertificateChain chain, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var thumbprints = WriteThumbprints(chain.Thumbprints);
        var candidates = (await image.ListReferrersAsync(digest, cancellationToken)).Where(IsCandidate).Take(Limits.Attestations);
        foreach (var candidate in candidates)
        {
            if (await ReadAsync(image, digest, candidate, cancellationToken) is { } signature
                && signature.Target.Digest == digest
                && !(signature.Expiry <= time)
                && signature.IsSignedBy(chain))
                return signature;
        }

        return null;

        // Other tools write lists without the type or the annotations, and the hashes in lower case.
        bool IsCandidate(Descriptor referrer) =>
            referrer.ArtifactType is null or ArtifactType or MediaTypes.OciEmpty
            && (referrer.Annotations?.GetValueOrDefault(ThumbprintAnnotation) is not { } named
                || named.Equals(thumbprints, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<NotationSignature?> ReadAsync(
        IImageRepository image, Digest digest, Descriptor candidate, CancellationToken cancellationToken)
    {
        try
        {
            return await RequireAsync(image, digest, candidate, cancellationToken);
        }
        catch (GantryException fault) when (fault.Kind is ErrorKind.Other or ErrorKind.NotFound or ErrorKind.DigestMismatch)
        {
            return null;
        }
    }

    /// <summary>Reads a signature; null when it refers to another image. Throws <c>GAN4246</c>, and the errors of the registry.</summary>
    internal static Task<NotationSignature?> RequireAsync(
        IImageRepository image, Digest digest, Descriptor candidate, CancellationToken cancellationToken) =>
        DocumentArtifact.ReadAsync(
            image,
            candidate,
            NotationSignature.MediaType,
            digest,
            Limits.AttestationBytes,
            (bytes, origin) => NotationSignature.Read(bytes, origin),
            (origin, fault) => NotationErrors.Malformed(origin, fault),
            cancellationToken);

    private static string WriteThumbprints(IReadOnlyList<string> thumbprints) =>
        JsonSerializer.Serialize(thumbprints, NotationJson.Default.IReadOnlyListString);
}

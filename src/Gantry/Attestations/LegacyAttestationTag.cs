using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Attestations;

/// <summary>
/// Stores attestations as cosign did before it had bundles, for verifiers that read nothing else: under the tag <c>sha256-….att</c>, each
/// envelope is a layer of one manifest.
/// </summary>
/// <seealso href="https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md">cosign, signature specification</seealso>
public static class LegacyAttestationTag
{
    /// <summary>The media type of a layer with an envelope.</summary>
    public const string EnvelopeMediaType = "application/vnd.dsse.envelope.v1+json";

    private const string SignatureAnnotation = "dev.cosignproject.cosign/signature";
    private const string PredicateTypeAnnotation = "predicateType";

    // A tag cannot be written under a condition. When others write it at the same time, what they overwrite is added again.
    private const int Attempts = 5;

    /// <summary>Returns the tag for the attestations of an image.</summary>
    /// <param name="image">The image.</param>
    public static string For(Digest image) => $"{image.Algorithm}-{image.Hex}.att";

    /// <summary>
    /// Adds the envelope of a bundle. Returns false when it is there already; nothing is written then. Attestations of others, and whatever
    /// else the manifest has, stay as they are. Throws <c>GAN4202</c> when the bundle is about another image, <c>GAN4209</c> when it has no
    /// statement, <c>GAN4242</c> when what is under the tag cannot be extended, and the errors of the registry.
    /// </summary>
    /// <param name="repository">The repository of the image.</param>
    /// <param name="image">The image.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<bool> AddAsync(
        IImageRepository repository, Digest image, SigstoreBundle bundle, CancellationToken cancellationToken)
    {
        var statement = Statement.Read(bundle.Payload, $"for {image}");
        if (!statement.IsAbout(image))
            throw AttestationErrors.OtherImage($"for {image}", image);

        var envelope = bundle.WriteEnvelope();
        var layer = new Descriptor
        {
            MediaType = EnvelopeMediaType,
            Digest = Digest.Of(envelope),
            Size = envelope.Length,
            Annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [SignatureAnnotation] = "",
                [PredicateTypeAnnotation] = statement.PredicateType,
            },
        };
        var manifest = new LegacyAttestationManifest(repository, For(image));
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!await manifest.AppendAsync(layer, envelope, cancellationToken))
                return attempt > 0;
        }

        throw LegacyTagErrors.NotExtensible(manifest.Origin, "others write it at the same time");
    }
}

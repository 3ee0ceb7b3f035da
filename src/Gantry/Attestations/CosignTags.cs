using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;

namespace Gantry.Attestations;

/// <summary>
/// Reads what cosign has stored for an image under its earlier tags: signatures under <c>sha256-….sig</c>, attestations under
/// <c>sha256-….att</c>, each a layer of one manifest.
/// </summary>
/// <seealso href="https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md">cosign, signature specification</seealso>
/// <param name="repository">The repository of the image.</param>
/// <param name="image">The image.</param>
internal sealed class CosignTags(IImageRepository repository, Digest image)
{
    private const string PayloadMediaType = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const string SignatureAnnotation = "dev.cosignproject.cosign/signature";
    private const string CertificateAnnotation = "dev.sigstore.cosign/certificate";
    private const string PayloadType = "cosign container image signature";

    /// <summary>Reads both tags. Throws the errors of the registry.</summary>
    public async Task<IReadOnlyList<TaggedSignature>> ReadAsync(CancellationToken cancellationToken) =>
    [
        .. await ReadAsync($"{image.Algorithm}-{image.Hex}.sig", "a signature", ReadSignature, cancellationToken),
        .. await ReadAsync(LegacyAttestationTag.For(image), "an attestation", ReadAttestation, cancellationToken),
    ];

    private async Task<IReadOnlyList<TaggedSignature>> ReadAsync(
        string tag, string what, Func<TaggedSignature, Descriptor, byte[], TaggedSignature> read, CancellationToken cancellationToken)
    {
        if (await repository.FindManifestAsync(tag, cancellationToken) is not { } content)
            return [];
        var found = new TaggedSignature(content.Descriptor.Digest, $"{tag} in {repository.Location}", $"{what} under the tag {tag}");
        if (content.IsIndex)
            return [found with { Fault = AttestationErrors.Malformed(found.Origin, "it is an index") }];
        var layers = content.ReadManifest().Layers;
        if (layers.Count > Limits.Attestations)
            return [found with { Fault = AttestationErrors.TooMany(repository.Location, image, layers.Count) }];
        var signatures = new List<TaggedSignature>();
        for (var i = 0; i < layers.Count; i++)
        {
            var one = layers.Count == 1 ? found : found with { Text = $"{found.Text}, {i + 1} of {layers.Count}" };
            signatures.Add(await ReadAsync(one, layers[i], read, cancellationToken));
        }

        return signatures;
    }

    private async Task<TaggedSignature> ReadAsync(
        TaggedSignature found, Descriptor layer, Func<TaggedSignature, Descriptor, byte[], TaggedSignature> read,
        CancellationToken cancellationToken)
    {
        found = found with { HasCertificate = layer.Annotations?.ContainsKey(CertificateAnnotation) == true };
        if (layer.MediaType is not (PayloadMediaType or LegacyAttestationTag.EnvelopeMediaType))
            return found with { Text = $"{found.Text}: {layer.MediaType}" };
        if (layer.Size is < 0 or > Limits.AttestationBytes)
            return found with { Fault = AttestationErrors.Malformed(found.Origin, $"it has {Format.Count(layer.Size, "byte")}") };
        try
        {
            return read(found, layer, await repository.ReadBlobAsync(layer, cancellationToken));
        }
        catch (GantryException fault) when (fault.Kind is ErrorKind.Other or ErrorKind.NotFound or ErrorKind.DigestMismatch)
        {
            return found with { Fault = fault };
        }
    }

    private TaggedSignature ReadSignature(TaggedSignature found, Descriptor layer, byte[] payload)
    {
        var signature = layer.Annotations?.GetValueOrDefault(SignatureAnnotation);
        if (signature is not { Length: > 0 } || !Base64.IsValid(signature))
            throw AttestationErrors.Malformed(found.Origin, "a layer has no signature");
        if (ReadImage(payload, found.Origin) != image.ToString())
            throw AttestationErrors.OtherImage(found.Origin, image);
        var (hash, bytes) = (SHA256.HashData(payload), Convert.FromBase64String(signature));
        return found with { IsSignedBy = key => key.Verify(hash, bytes) };
    }

    private TaggedSignature ReadAttestation(TaggedSignature found, Descriptor layer, byte[] envelope)
    {
        var bundle = SigstoreBundle.ReadEnvelope(envelope, found.Origin);
        if (bundle.PayloadType != Dsse.InTotoPayload)
            throw AttestationErrors.Malformed(found.Origin, "its payload is not a statement");
        var statement = Statement.Read(bundle.Payload, found.Origin);
        return statement.IsAbout(image)
            ? found with { Text = $"{found.Text}: {statement.PredicateType}", IsSignedBy = bundle.IsSignedBy }
            : throw AttestationErrors.OtherImage(found.Origin, image);
    }

    // The payload is the one of "simple signing", whose other parts say nothing of the image.
    private static string? ReadImage(byte[] payload, string origin)
    {
        try
        {
            using var document = JsonDocument.Parse(
                payload, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Limits.JsonDepth });
            var critical = document.RootElement.GetProperty("critical");
            return critical.GetProperty("type").GetString() == PayloadType
                ? critical.GetProperty("image").GetProperty("docker-manifest-digest").GetString()
                : throw AttestationErrors.Malformed(origin, "its payload is of another type");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw AttestationErrors.Malformed(origin, "its payload is not that of cosign", exception);
        }
    }
}

/// <summary>A signature or attestation under a tag.</summary>
/// <param name="Document">The digest of the manifest under the tag.</param>
/// <param name="Origin">The name in errors.</param>
/// <param name="Text">What it is, for people.</param>
internal sealed record TaggedSignature(Digest Document, string Origin, string Text)
{
    /// <summary>Returns true when a key has signed it; null when it is of a type that cannot be verified.</summary>
    public Func<VerificationKey, bool>? IsSignedBy { get; init; }

    /// <summary>True when it names a certificate, and not a key.</summary>
    public bool HasCertificate { get; init; }

    /// <summary>Why it does not count; null when nothing is wrong.</summary>
    public GantryException? Fault { get; init; }
}

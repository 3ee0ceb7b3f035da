using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Verification;

/// <summary>
/// Stores the declaration of environments beside an image, so that a release can be seen and verified with nothing but its registry. It is
/// not signed: who can write to that registry can name other keys. Named by its own digest, it is the one that was meant.
/// </summary>
public static class PolicyReferrer
{
    /// <summary>The artifact type of the referrer, and the media type of the declaration in it.</summary>
    public const string ArtifactType = "application/vnd.gantry.environments.v1+json";

    /// <summary>Stores a declaration beside an existing image. Returns the digest of the manifest that holds it.</summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="subject">The image.</param>
    /// <param name="document">The declaration.</param>
    /// <param name="created">The present time.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<Digest> PutAsync(
        IImageRepository image, Descriptor subject, PolicyDocument document, DateTimeOffset created, CancellationToken cancellationToken)
    {
        var json = document.ToJson();
        var manifest = DocumentArtifact.Create(ArtifactType, json, subject, new(StringComparer.Ordinal)
        {
            [DocumentArtifact.CreatedAnnotation] = Format.Rfc3339(created),
        });
        await DocumentArtifact.PutAsync(image, manifest, json, cancellationToken);
        return manifest.Descriptor.Digest;
    }

    /// <summary>
    /// Finds the declaration beside an image, the one that was stored last, or the declaration with a digest itself. Throws <c>GAN4215</c>
    /// when there is none.
    /// </summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="tag">The tag of the image; null when a digest is given.</param>
    /// <param name="digest">The digest of the image, or of the declaration; null when a tag is given.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<FoundPolicy> FindAsync(
        IImageRepository image, string? tag, Digest? digest, CancellationToken cancellationToken)
    {
        var content = digest is { } wanted ? await image.FindManifestAsync(wanted, cancellationToken)
            : tag is null ? null
            : await image.FindManifestAsync(tag, cancellationToken);
        if (content is null)
            throw VerificationErrors.MalformedPolicy(image.Location, "there is no such image");

        // Named by its own digest.
        if (digest is not null && !content.IsIndex && content.ReadManifest() is { ArtifactType: ArtifactType, Subject: { } subject })
            return await ReadAsync(image, content, subject.Digest, isPinned: true, cancellationToken);
        var latest = (await image.ListReferrersAsync(content.Descriptor.Digest, cancellationToken))
            .Where(referrer => referrer.ArtifactType == ArtifactType)
            .MaxBy(
                referrer => referrer.Annotations?.GetValueOrDefault(DocumentArtifact.CreatedAnnotation) ?? "", StringComparer.Ordinal);
        return latest is not null && await image.FindManifestAsync(latest.Digest, cancellationToken) is { } manifest
            ? await ReadAsync(image, manifest, content.Descriptor.Digest, isPinned: false, cancellationToken)
            : throw VerificationErrors.MalformedPolicy(
                $"beside {content.Descriptor.Digest} in {image.Location}", "there is none");
    }

    private static async Task<FoundPolicy> ReadAsync(
        IImageRepository image, ManifestContent manifest, Digest subject, bool isPinned, CancellationToken cancellationToken)
    {
        var origin = DocumentArtifact.Origin(image, manifest.Descriptor);
        var document = await DocumentArtifact.ReadAsync(
            image, manifest, ArtifactType, subject, Limits.RecordBytes, PolicyDocument.Read,
            (_, fault) => VerificationErrors.MalformedPolicy(origin, fault), cancellationToken);
        return new FoundPolicy(
            document ?? throw VerificationErrors.MalformedPolicy(origin, "it is of another image"),
            $"{image.Location}@{manifest.Descriptor.Digest}",
            isPinned);
    }
}

/// <summary>A declaration that was found in a registry.</summary>
/// <param name="Document">The declaration.</param>
/// <param name="Pinned">The name by which it is always the same one.</param>
/// <param name="IsPinned">True when it was found by that name.</param>
public sealed record FoundPolicy(PolicyDocument Document, string Pinned, bool IsPinned);

namespace Gantry.Oci;

/// <summary>How a manifest appears in the list of what refers to its subject.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers">OCI distribution-spec 1.1.1, listing referrers</seealso>
internal static class Referrer
{
    /// <summary>The subject of a manifest or index, and its entry in the subject's list; null when it is about nothing.</summary>
    public static (Descriptor Subject, Descriptor Entry)? Of(ManifestContent content)
    {
        if (content.IsIndex)
        {
            var index = content.ReadIndex();
            return index.Subject is null
                ? null
                : (index.Subject, content.Descriptor with { ArtifactType = index.ArtifactType, Annotations = index.Annotations });
        }

        var manifest = content.ReadManifest();
        return manifest.Subject is null
            ? null
            : (manifest.Subject, content.Descriptor with { ArtifactType = manifest.ArtifactType ?? manifest.Config.MediaType, Annotations = manifest.Annotations });
    }

    /// <summary>The tag under which the list is kept where there is no referrers API.</summary>
    /// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema">OCI distribution-spec 1.1.1, referrers tag schema</seealso>
    public static string FallbackTag(Digest subject) => $"{subject.Algorithm}-{subject.Hex[..Math.Min(subject.Hex.Length, 64)]}";
}

using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Attestations;

/// <summary>
/// Creates artifacts without content that statements refer to when they are about no image: about an environment, or a repository. Their
/// digest follows from their type and annotations alone, and a tag keeps them from being deleted as untagged.
/// </summary>
internal static class AnchorArtifact
{
    /// <summary>Creates the artifact; the same type and annotations give the same bytes.</summary>
    /// <param name="artifactType">The type of the artifact.</param>
    /// <param name="annotations">The annotations; null for none.</param>
    public static ManifestContent Create(string artifactType, SortedDictionary<string, string>? annotations = null) =>
        ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            ArtifactType = artifactType,
            Config = WellKnownBlobs.Empty,
            Layers = [WellKnownBlobs.Empty],
            Annotations = annotations,
        });

    /// <summary>Stores an artifact with its tag, if it is not there.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="anchor">The artifact.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task EnsureAsync(
        IImageRepository repository, ManifestContent anchor, string tag, CancellationToken cancellationToken)
    {
        if ((await repository.FindTagAsync(tag, cancellationToken))?.Digest == anchor.Descriptor.Digest)
            return;
        await repository.PutBlobAsync(WellKnownBlobs.Empty, _ => Task.FromResult(WellKnownBlobs.OpenEmpty()), cancellationToken);
        await repository.PutTagAsync(tag, anchor, cancellationToken);
    }
}

using Gantry.Environments;
using Gantry.Images.Comparison;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Versioning;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.Building;

/// <summary>
/// The record that <c>BuildImage</c> writes for <c>PushBase</c>, which may run in another process: a release record whose repositories are
/// the locations where the images were built.
/// </summary>
internal static class BuiltImages
{
    public static Release Of(string version, SourceRevision revision, IReadOnlyList<ReleaseImage> images) => new()
    {
        Version = version,
        Commit = revision.Commit ?? "unknown",
        Branch = revision.Branch,
        Created = revision.CommitTime ?? DateTimeOffset.UnixEpoch,
        Images = images,
    };

    /// <summary>Finds an image that was built before, or throws <c>GAN7012</c> when it no longer exists.</summary>
    /// <param name="image">The image.</param>
    /// <param name="declared">The images as the build class declares them.</param>
    /// <param name="store">The repository that it was built into.</param>
    /// <param name="layers">The index of what is in which layer.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<ImageToPublish> FindAsync(
        ReleaseImage image, IReadOnlyList<ContainerImage> declared, IImageRepository store, LayerIndex layers,
        CancellationToken cancellationToken)
    {
        var root = await store.FindManifestAsync(image.Digest, cancellationToken)
            ?? throw ImageStoreErrors.NothingBuilt($"image {image.Digest} in {store.Location}");
        var baseImage = image.BaseImage is { Name: var name, Digest: { } digest } ? ImageReference.Parse(name + "@" + digest) : null;
        var built = new BuiltImage(root, image.Platforms.Select(Platform.Parse).ToList(), baseImage, image.StandIn);
        if (baseImage is null && root.IsIndex)
            built = new BuiltImage(root, built.Platforms, baseImage, image.StandIn)
            {
                // The record has the base image that all platforms share. The images themselves have those of each.
                BaseImages = await ReadBaseImagesAsync(store, image, cancellationToken),
            };
        return new ImageToPublish(image.Name, store, built)
        {
            Definition = declared.FirstOrDefault(definition => definition.Name == image.Name) is { } found
                ? new ImageDefinition
                {
                    Project = found.Project, Dockerfile = found.Dockerfile, BuildArguments = found.BuildArguments,
                    Byproducts = layers.LayersOf(image.Name, image.Digest),
                }
                : null,
        };
    }

    private static async Task<IReadOnlyList<ImageReference>> ReadBaseImagesAsync(
        IImageRepository store, ReleaseImage image, CancellationToken cancellationToken)
    {
        var inputs = await RecordedInputs.ReadAsync(new ComparedImage(store, image.Digest), cancellationToken);
        return [.. inputs.Platforms.Select(platform => platform.Reference).OfType<ImageReference>().Distinct()];
    }
}

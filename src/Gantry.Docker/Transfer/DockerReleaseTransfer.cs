using Gantry.Docker.Engine;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Docker.Transfer;

/// <summary>
/// Transfers all images of a release with an engine: pull, tag, push. All checks that are possible beforehand run first. The engine writes
/// a tag with each image, so a release of several images appears one image at a time.
/// </summary>
public sealed class DockerReleaseTransfer(DockerTransfer transfer, IRegistryClient registries)
{
    /// <summary>Transfers a release from the base registry to other registries.</summary>
    /// <param name="release">The release.</param>
    /// <param name="from">The base registry.</param>
    /// <param name="targets">The target registries.</param>
    /// <param name="moveTagReason">The reason for moving tags that exist with another digest; null refuses to move them.</param>
    /// <param name="allowOtherDigest">True to accept images with other digests at the targets.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The images that were transferred, without those that the targets already had.</returns>
    /// <exception cref="GantryException">Before anything is transferred: <c>GAN6019</c> an address that is not a registry, <c>GAN4021</c>
    /// the base tag has moved, <c>GAN4023</c> a stand-in base image, <c>GAN4035</c> a tag that exists with another digest; and the errors
    /// of <see cref="DockerTransfer.TransferAsync"/>.</exception>
    public async Task<IReadOnlyList<DockerTransferResult>> TransferAsync(
        Release release,
        RegistryAddress from,
        IReadOnlyList<RegistryAddress> targets,
        string? moveTagReason,
        bool allowOtherDigest,
        CancellationToken cancellationToken)
    {
        var missing = await ReleaseTransfer.FindMissingAsync(registries, release, from, targets, moveTagReason, cancellationToken);
        var transfers = missing
            .Select(entry => (
                Source: Reference(from, entry.Image.Name).At(entry.Image.Digest),
                Target: Reference(entry.Target, entry.Image.Name) with { Tag = release.Tag }))
            .ToList();

        var results = new List<DockerTransferResult>();
        foreach (var (source, target) in transfers)
            results.Add(await transfer.TransferAsync(source, target, allowOtherDigest, cancellationToken));
        return results;
    }

    private static ImageReference Reference(RegistryAddress address, string image) => address is HostAddress host
        ? new ImageReference { Registry = host with { Path = "" }, Repository = host.FullRepository(image) }
        : throw DockerErrors.NoRegistry(address.ToString()!);
}

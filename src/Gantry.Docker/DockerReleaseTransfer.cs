using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Docker;

/// <summary>
/// Moves all images of a release with an engine: pull, tag, push. Everything that can be known before is checked before anything moves;
/// but an engine writes a tag with each image, so that a release of several images shows piece by piece.
/// </summary>
public sealed class DockerReleaseTransfer(DockerTransfer mover, IRegistryClient repositories)
{
    /// <summary>Moves a release from the base registry to registries.</summary>
    /// <param name="release">The release.</param>
    /// <param name="from">The base registry.</param>
    /// <param name="targets">Where to.</param>
    /// <param name="moveTagReason">Why tags may be moved that exist with another digest; null refuses to.</param>
    /// <param name="allowOtherDigest">Whether images with other digests may arrive.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What arrived; nothing of images that were there.</returns>
    /// <exception cref="GantryException">
    /// Before anything moves: <c>GAN6019</c> a place that is no registry, <c>GAN4021</c> the base tag has moved, <c>GAN4023</c> a stand-in base
    /// image, <c>GAN4035</c> a tag that exists with another digest; and those of <see cref="DockerTransfer.TransferAsync"/>.
    /// </exception>
    public async Task<IReadOnlyList<DockerTransferResult>> TransferAsync(
        Release release, RegistryAddress from, IReadOnlyList<RegistryAddress> targets, string? moveTagReason, bool allowOtherDigest, CancellationToken cancellationToken)
    {
        var moves = new List<(ImageReference Source, ImageReference Target)>();
        foreach (var image in release.Images)
        {
            await BaseTags.RequireBaseTagAsync(repositories.Open(from, image.Name), release.Tag, image.Digest, cancellationToken);
            foreach (var target in targets)
            {
                if (image.StandIn)
                    StandInGuard.EnsureNotStandIn(image.Name, target);
                if (!await IsThereAsync(repositories.Open(target, image.Name), release.Tag, image.Digest, moveTagReason, cancellationToken))
                    moves.Add((Reference(from, image.Name).At(image.Digest), Reference(target, image.Name) with { Tag = release.Tag }));
            }
        }

        var moved = new List<DockerTransferResult>();
        foreach (var (source, target) in moves)
            moved.Add(await mover.TransferAsync(source, target, allowOtherDigest, cancellationToken));
        return moved;
    }

    private static async Task<bool> IsThereAsync(IImageRepository target, string tag, Digest digest, string? moveTagReason, CancellationToken cancellationToken)
    {
        var tagged = await target.FindTagAsync(tag, cancellationToken);
        if (tagged is not null && tagged.Digest != digest && moveTagReason is null)
            throw CopyErrors.TagTaken(target.Location, tag, tagged.Digest, digest);
        return tagged?.Digest == digest;
    }

    private static ImageReference Reference(RegistryAddress address, string image) => address is HostAddress host
        ? new ImageReference { Registry = host with { Path = "" }, Repository = host.FullRepository(image) }
        : throw DockerErrors.NoRegistry(address.ToString()!);
}

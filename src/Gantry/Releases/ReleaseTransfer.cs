using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>Checks a release before other tools than the promoter transfer its images.</summary>
public static class ReleaseTransfer
{
    /// <summary>Finds the images of a release that the target registries do not have yet.</summary>
    /// <param name="registries">The client for all of these registries.</param>
    /// <param name="release">The release.</param>
    /// <param name="from">The base registry.</param>
    /// <param name="targets">The target registries.</param>
    /// <param name="moveTagReason">The reason for moving tags that exist with another digest; null refuses to move them.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN4021</c> the base tag has moved, <c>GAN4023</c> a stand-in base image, <c>GAN4035</c> a tag
    /// that exists with another digest.</exception>
    public static async Task<IReadOnlyList<(ReleaseImage Image, RegistryAddress Target)>> FindMissingAsync(
        IRegistryClient registries,
        Release release,
        RegistryAddress from,
        IReadOnlyList<RegistryAddress> targets,
        string? moveTagReason,
        CancellationToken cancellationToken)
    {
        var missing = new List<(ReleaseImage Image, RegistryAddress Target)>();
        foreach (var image in release.Images)
        {
            await BaseTags.EnsureUnmovedAsync(registries.Open(from, image.Name), release.Tag, image.Digest, cancellationToken);
            foreach (var target in targets)
            {
                if (image.StandIn)
                    StandInGuard.EnsureNotStandIn(image.Name, target);

                var to = new CopyTarget(registries.Open(target, image.Name), release.Tag) { MoveTagReason = moveTagReason };
                if ((await to.FindTagAsync(image.Digest, cancellationToken))?.Digest != image.Digest)
                    missing.Add((image, target));
            }
        }

        return missing;
    }
}

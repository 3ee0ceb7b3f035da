using Gantry.Environments;
using Gantry.Images;
using Gantry.Images.Dockerfiles;

namespace Gantry.Nuke.BaseImages;

/// <summary>Finds the registries that the Dockerfiles of a build name for base images.</summary>
internal static class DeclaredBaseImages
{
    /// <summary>Returns the hosts; throws <c>GAN3001</c> when a Dockerfile is missing.</summary>
    /// <param name="root">The root of the repository.</param>
    /// <param name="images">The images.</param>
    /// <param name="others">The hosts that the declaration names besides.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<IReadOnlyCollection<string>> FindHostsAsync(
        AbsolutePath root, IReadOnlyList<ContainerImage> images, IReadOnlyList<string> others, CancellationToken cancellationToken)
    {
        var hosts = new SortedSet<string>(others, StringComparer.OrdinalIgnoreCase);
        foreach (var image in images)
        {
            var request = new ImageBuildRequest
            {
                Dockerfile = root / image.Dockerfile,
                Context = root / image.Context,
                Platforms = image.Platforms,
                BuildArguments = image.BuildArguments,
                SourceDate = DateTimeOffset.UnixEpoch,
            };
            foreach (var baseImage in await DockerfileRequirements.FindBaseImagesAsync(request, cancellationToken))
                hosts.Add(baseImage.Registry.Host);
        }

        return hosts;
    }
}

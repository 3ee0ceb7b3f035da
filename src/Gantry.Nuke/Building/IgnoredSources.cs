using Gantry.Environments;
using Gantry.Images;
using Gantry.Images.Context;

namespace Gantry.Nuke.Building;

/// <summary>Compares the declared images with <c>.dockerignore</c>, before anything is compiled for them.</summary>
internal static class IgnoredSources
{
    /// <summary>Throws <c>GAN7097</c> when the Dockerfile of an image copies what <c>.dockerignore</c> excludes.</summary>
    public static async Task CheckAsync(
        IEnumerable<ContainerImage> images, AbsolutePath root, AbsolutePath artifacts, CancellationToken cancellationToken)
    {
        foreach (var image in images)
        {
            var context = root / image.Context;
            var published = Path.GetRelativePath(context, artifacts / image.Name).Replace('\\', '/');
            foreach (var ignored in await FindAsync(image, root, cancellationToken))
            {
                var isPublished = $"{ignored.Path}/".StartsWith(published + "/", StringComparison.Ordinal);

                // That a path is nowhere is what the builder reports.
                if (isPublished || Path.Exists(context / ignored.Path))
                    throw IgnoredSourceErrors.Ignored(image, ignored, isPublished ? published : ignored.Path);
            }
        }
    }

    private static async Task<IReadOnlyList<IgnoredSource>> FindAsync(
        ContainerImage image, AbsolutePath root, CancellationToken cancellationToken)
    {
        var request = new ImageBuildRequest
        {
            Dockerfile = root / image.Dockerfile,
            Context = root / image.Context,
            Platforms = image.Platforms,
            BuildArguments = image.BuildArguments,
            SourceDate = ImageBuildRequest.FixedTime,
        };
        try
        {
            return await IgnoredSource.FindAsync(request, cancellationToken);
        }
        catch (GantryException)
        {
            // The builder reports what is wrong with the files.
            return [];
        }
    }
}

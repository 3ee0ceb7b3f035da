using System.Security.Cryptography;
using System.Text;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Images;
using Gantry.Images.Applications;
using Gantry.Images.Dockerfiles;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// The folder of an image's application as its Dockerfile copies it: as a whole, or the folder of each layer by itself.
/// </summary>
/// <param name="Path">The folder from the root of the build context, with slashes.</param>
/// <param name="AreLayers">True when the Dockerfile copies the folders of all layers.</param>
/// <param name="IsCopied">True when the Dockerfile copies the folder, or something in it.</param>
internal sealed record LayerFolders(string Path, bool AreLayers, bool IsCopied)
{
    /// <summary>Gets the folders of the context whose files have a time that does not depend on the commit.</summary>
    public IReadOnlyList<string> FixedTimeFolders =>
        AreLayers ? [.. ApplicationLayout.FixedTimeFolders.Select(name => $"{Path}/{name}")] : [];

    /// <summary>
    /// Reads how the Dockerfile of an image copies its application. Throws <c>GAN3025</c> when it copies some layers and not others, and
    /// <c>GAN3026</c> when it copies the layers twice.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="root">The root of the repository.</param>
    /// <param name="artifacts">The folder of artifacts.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<LayerFolders> FindAsync(
        ContainerImage image, AbsolutePath root, AbsolutePath artifacts, CancellationToken cancellationToken)
    {
        var path = System.IO.Path.GetRelativePath(root / image.Context, artifacts / image.Name)
            .Replace(System.IO.Path.DirectorySeparatorChar, '/');
        var copied = await FindCopiedAsync(image, root, cancellationToken);
        var inFolder = copied.Where(source => source == path || source.StartsWith(path + "/", StringComparison.Ordinal)).ToList();
        var missing = ApplicationLayout.Folders.Where(name => !copied.Contains($"{path}/{name}")).ToList();
        if (missing.Count == 0 && copied.Contains(path))
            throw PublishErrors.LayersTwice(image.Dockerfile, path);

        // With other sources, these can be folders of the application itself.
        var named = ApplicationLayout.Folders.Count - missing.Count;
        if (missing.Count > 0 && named > 0 && named == inFolder.Count)
            throw PublishErrors.LayerMissing(image.Dockerfile, path, missing.Select(name => $"{path}/{name}"));
        return new LayerFolders(path, missing.Count == 0, inFolder.Count > 0);
    }

    /// <summary>Describes the folders of layers that are not empty: their digests and the files in them.</summary>
    /// <param name="folder">The folder of the application.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<ResourceDescriptor>> DescribeAsync(string folder, CancellationToken cancellationToken)
    {
        var layers = new List<ResourceDescriptor>();
        foreach (var name in AreLayers ? ApplicationLayout.Folders : [])
        {
            var layer = System.IO.Path.Combine(folder, name);
            var files = ListFiles(layer);
            if (files.Count > 0)
                layers.Add(new ResourceDescriptor
                {
                    Name = $"{Path}/{name}",
                    Digest = new Dictionary<string, string> { ["dirHash"] = await HashAsync(layer, files, cancellationToken) },
                    Annotations = new ResourceAnnotations { Files = files },
                });
        }

        return layers;
    }

    private static async Task<HashSet<string>> FindCopiedAsync(
        ContainerImage image, AbsolutePath root, CancellationToken cancellationToken)
    {
        var dockerfile = root / image.Dockerfile;
        if (!dockerfile.FileExists())
            return [];
        var request = new ImageBuildRequest
        {
            Dockerfile = dockerfile,
            Context = root / image.Context,
            Platforms = image.Platforms,
            BuildArguments = image.BuildArguments,
            SourceDate = ImageBuildRequest.FixedTime,
        };
        try
        {
            return [.. await DockerfileRequirements.FindCopiedPathsAsync(request, cancellationToken)];
        }
        catch (GantryException)
        {
            // The builder reports what is wrong with it.
            return [];
        }
    }

    private static List<string> ListFiles(string layer) => Directory
        .EnumerateFiles(layer, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Select(file => System.IO.Path.GetRelativePath(layer, file).Replace(System.IO.Path.DirectorySeparatorChar, '/'))
        .Order(StringComparer.Ordinal)
        .ToList();

    // https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md, dirHash: as sha256sum lists the files.
    private static async Task<string> HashAsync(string layer, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var list = new StringBuilder();
        foreach (var file in files)
        {
            try
            {
                await using var content = RegularFile.OpenRead(System.IO.Path.Combine(layer, file));
                list.Append(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw ResourceLimits.Find(exception, file) ?? PublishErrors.Unreadable(file, exception);
            }

            list.Append("  ").Append(file).Append('\n');
        }

        return Digest.Of(Encoding.UTF8.GetBytes(list.ToString())).Hex;
    }
}

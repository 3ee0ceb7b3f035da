using Gantry.Oci;

namespace Gantry.Environments;

/// <summary>An image that the build creates and promotes, as declared in the build: <c>new("app") { Project = "src/App" }</c>.</summary>
/// <param name="Name">The name: the repository in every registry, after the path of the address. In lower case, like repositories.</param>
public sealed record ContainerImage(string Name)
{
    /// <summary>The Dockerfile; a relative path is resolved against the root of the repository.</summary>
    public string Dockerfile { get; init; } = "Dockerfile";

    /// <summary>The folder that the Dockerfile copies from; a relative path is resolved against the root of the repository.</summary>
    public string Context { get; init; } = ".";

    /// <summary>
    /// The project to publish before the image is built, as a file or its folder; null when the image needs none. A relative path is
    /// resolved against the root of the repository.
    /// </summary>
    public string? Project { get; init; }

    /// <summary>The platforms of the image; more than one creates an index.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [Platform.LinuxAmd64];

    /// <summary>
    /// The compression of the layers that the build creates. With <see cref="LayerCompression.Zstd"/>, every deployment that runs the image
    /// must read it (<see cref="Deployment.ReadsZstd"/>).
    /// </summary>
    public LayerCompression Compression { get; init; }

    /// <summary>Values for the ARG instructions of the Dockerfile.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels in addition to those of the Dockerfile and the build.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Validates declared images. Throws <c>GAN4001</c> for none or a duplicate name, <c>GAN1008</c> for an invalid repository name,
    /// <c>GAN4002</c> for no platform.
    /// </summary>
    public static IReadOnlyList<ContainerImage> Validate(IReadOnlyList<ContainerImage> images)
    {
        if (images.Count == 0)
            throw EnvironmentErrors.NoImages();

        var names = new HashSet<string>();
        foreach (var image in images)
        {
            Names.Repository(image.Name);
            if (!names.Add(image.Name))
                throw EnvironmentErrors.DuplicateImage(image.Name);
            if (image.Platforms.Count == 0)
                throw EnvironmentErrors.ImageWithoutPlatform(image.Name);
        }

        return images;
    }

    /// <summary>
    /// Validates declared images for the environments that they are promoted to. Throws <c>GAN4069</c> for a compression that a deployment
    /// does not read, <c>GAN4099</c> for more slices than images, and what <see cref="Validate(IReadOnlyList{ContainerImage})"/> throws.
    /// </summary>
    public static IReadOnlyList<ContainerImage> Validate(
        IReadOnlyList<ContainerImage> images, IEnumerable<PromotionEnvironment> environments)
    {
        Validate(images);
        var compressed = images.Where(image => image.Compression == LayerCompression.Zstd).ToArray();
        foreach (var environment in environments)
        {
            if (environment.Slices > images.Count)
                throw EnvironmentErrors.TooManySlices(environment.Name, environment.Slices, images.Count);
            foreach (var deployment in environment.Deployments.Where(deployment => !deployment.ReadsZstd))
            {
                if (Array.Find(compressed, image => deployment.Image is null || deployment.Image == image.Name) is { } image)
                    throw EnvironmentErrors.UnreadableCompression(image.Name, deployment.Description, environment.Name);
            }
        }

        return images;
    }
}

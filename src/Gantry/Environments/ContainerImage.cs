using Gantry.Oci;

namespace Gantry.Environments;

/// <summary>One image that the build makes and promotes, as declared in the build: <c>new("app") { Project = "src/App" }</c>.</summary>
/// <param name="Name">The name: the repository in every registry, after the address's path. Lower case, as repositories are.</param>
public sealed record ContainerImage(string Name)
{
    /// <summary>The Dockerfile; a relative path is taken from the root of the repository.</summary>
    public string Dockerfile { get; init; } = "Dockerfile";

    /// <summary>The folder that the Dockerfile copies from; a relative path is taken from the root of the repository.</summary>
    public string Context { get; init; } = ".";

    /// <summary>
    /// The project that is published before the image is built, as a file or the folder of one, or null when the image needs none; a relative
    /// path is taken from the root of the repository.
    /// </summary>
    public string? Project { get; init; }

    /// <summary>What the image runs on; more than one makes an index.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [Platform.LinuxAmd64];

    /// <summary>Values for the ARG instructions of the Dockerfile.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels beside those that the Dockerfile and the build set.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Checks declared images: <c>GAN4001</c> none or a name twice, <c>GAN1008</c> a name that is no repository, <c>GAN4002</c> no platform.</summary>
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
}

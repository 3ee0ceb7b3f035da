namespace Gantry.Images.Dockerfiles;

/// <summary>An image that a Dockerfile uses and does not build itself.</summary>
public sealed class DockerfileImage
{
    internal DockerfileImage(string name, string? platform)
    {
        Name = name;
        Platform = platform;
    }

    /// <summary>The name as written in the Dockerfile, with variables resolved.</summary>
    public string Name { get; }

    /// <summary>The platform that the Dockerfile fixes, or null for the platform of the build.</summary>
    public string? Platform { get; }
}

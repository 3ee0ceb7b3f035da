namespace Gantry.Images.Checking;

/// <summary>The options of <see cref="BaseImageChecker"/>.</summary>
public sealed record CheckOptions
{
    /// <summary>
    /// The hosts of the registries that may be asked for base images: those that the Dockerfiles of the declaration name. What an image
    /// records is text that anyone with write access to a registry can have put there. Null asks every registry.
    /// </summary>
    public IReadOnlyCollection<string>? Registries { get; init; }

    /// <summary>True to compare the packages of a base image that has moved, which reads its layers once: true by default.</summary>
    public bool ComparePackages { get; init; } = true;

    /// <summary>The folder of <see cref="OciImageBuilderOptions.CacheFolder"/>; null disables the cache.</summary>
    public string? CacheFolder { get; init; }
}

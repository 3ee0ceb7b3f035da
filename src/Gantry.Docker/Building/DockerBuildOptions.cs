namespace Gantry.Docker.Building;

/// <summary>Options for a build with a Docker engine, in addition to the request.</summary>
public sealed class DockerBuildOptions
{
    /// <summary>The builder of the engine to use.</summary>
    public DockerBuilderKind Builder { get; init; } = DockerBuilderKind.Auto;

    /// <summary>The network of RUN instructions: <c>none</c>, <c>host</c>, a network's name; null for the engine's default.</summary>
    public string? NetworkMode { get; init; }

    /// <summary>
    /// A folder for compressed content, so that layers which have not changed are not compressed again: that of
    /// <see cref="Gantry.Images.OciImageBuilderOptions.CacheFolder"/>. It can be deleted at any time. Null disables the cache.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>The stage to build; null for the last one.</summary>
    public string? Target { get; init; }

    /// <summary>True to pull base images from their registry even when the engine has them.</summary>
    public bool AlwaysPull { get; init; }

    /// <summary>True to run every step again even when the engine has its result in the cache.</summary>
    public bool NoCache { get; init; }
}

/// <summary>The builders of a Docker engine.</summary>
public enum DockerBuilderKind
{
    /// <summary>BuildKit where the Dockerfile needs it, otherwise the classic builder.</summary>
    Auto,

    /// <summary>The builder that every engine has: one platform, step by step.</summary>
    Classic,

    /// <summary>BuildKit: cache mounts, here-documents, <c>COPY --chmod</c> and <c>--link</c>, platform arguments.</summary>
    BuildKit,
}

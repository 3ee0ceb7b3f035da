namespace Gantry.Images.Dockerfiles;

/// <summary>
/// The result of checking whether a Dockerfile only copies and configures, so that it can be built without a Docker engine.
/// </summary>
public sealed class DockerfileAnalysis
{
    private DockerfileAnalysis()
    {
    }

    /// <summary>True when <see cref="OciImageBuilder"/> can build it.</summary>
    public bool CanBuildInProcess => EngineReason is null;

    /// <summary>
    /// The reason why a Docker engine is needed, with file and line: <c>Dockerfile:4: a Docker engine is needed, because RUN executes a
    /// program in the image</c>. Null when none is needed.
    /// </summary>
    public string? EngineReason { get; private init; }

    /// <summary>
    /// Analyzes the Dockerfile of a request, and nothing else. Throws <c>GAN3001</c>, <c>GAN3002</c>, <c>GAN3004</c> or <c>GAN3005</c> when
    /// there is no Dockerfile that a builder would accept.
    /// </summary>
    public static async Task<DockerfileAnalysis> ReadAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var document = await DockerfileReader.ReadAsync(request, cancellationToken);
        return new DockerfileAnalysis { EngineReason = EngineCheck.Find(document, request)?.Problem };
    }
}

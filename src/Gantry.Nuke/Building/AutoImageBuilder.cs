using Gantry.Images;
using Gantry.Images.Dockerfiles;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.Building;

/// <summary>
/// Builds in process when the Dockerfile only copies, so that a laptop with a Docker engine and an agent without one produce the same
/// image. All other Dockerfiles are built by the engine.
/// </summary>
internal sealed class AutoImageBuilder(IImageBuilder inProcess, IImageBuilder engine, IBuildLog log) : IImageBuilder
{
    public async Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
    {
        var analysis = await DockerfileAnalysis.ReadAsync(request, cancellationToken);
        var reason = analysis.EngineReason;
        try
        {
            if (analysis.CanBuildInProcess)
                return await inProcess.BuildAsync(request, target, cancellationToken);
        }
        catch (GantryException error) when (error.Kind == ErrorKind.EngineRequired)
        {
            // Some base images need an engine. This is known before anything is written.
            reason = error.Problem;
        }

        log.Information(reason!);
        return await engine.BuildAsync(request, target, cancellationToken);
    }
}

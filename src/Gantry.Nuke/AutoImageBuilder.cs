using Gantry.Images;
using Gantry.Registries;

namespace Gantry.Nuke;

/// <summary>
/// Builds in process whatever only copies, so that a laptop with a Docker engine and an agent without one make the same image; and leaves
/// the rest to the engine.
/// </summary>
internal sealed class AutoImageBuilder(IImageBuilder inProcess, IImageBuilder engine, IBuildLog log) : IImageBuilder
{
    public async Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
    {
        var analysis = await DockerfileAnalysis.ReadAsync(request, cancellationToken);
        if (analysis.CanBuildInProcess)
            return await inProcess.BuildAsync(request, target, cancellationToken);

        log.Information(analysis.EngineReason!);
        return await engine.BuildAsync(request, target, cancellationToken);
    }
}

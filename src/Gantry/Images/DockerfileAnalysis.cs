using Gantry.Images.Dockerfiles;
using Gantry.Oci;

namespace Gantry.Images;

/// <summary>Whether a Dockerfile only copies and configures, so that it can be built without a Docker engine.</summary>
public sealed record DockerfileAnalysis
{
    private DockerfileAnalysis()
    {
    }

    /// <summary>Whether <see cref="OciImageBuilder"/> can build it.</summary>
    public bool CanBuildInProcess => EngineReason is null;

    /// <summary>
    /// Why an engine is needed, with file and line: <c>Dockerfile:4: a Docker engine is needed, because RUN executes a program in the image</c>.
    /// Null when none is.
    /// </summary>
    public string? EngineReason { get; private init; }

    /// <summary>
    /// Looks at the Dockerfile of a request, and at nothing else. Throws <c>GAN3001</c>, <c>GAN3002</c>, <c>GAN3004</c> or <c>GAN3005</c> when there is
    /// no Dockerfile that any builder would accept.
    /// </summary>
    public static async Task<DockerfileAnalysis> ReadAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var document = await DockerfileReader.ReadAsync(request, cancellationToken);
        var reason = document.EngineRequirement is { } requirement
            ? ImageErrors.NeedsEngine(requirement.Location, requirement.Reason).Problem
            : request.Platforms.Select(platform => Evaluate(document, platform, request)).FirstOrDefault(found => found is not null);
        return new DockerfileAnalysis { EngineReason = reason };
    }

    // Some variables and substitutions need an engine as well, and only show when they are resolved.
    private static string? Evaluate(DockerfileDocument document, Platform platform, ImageBuildRequest request)
    {
        try
        {
            var stage = DockerfileStage.Begin(document, platform, request.BuildArguments);
            StageEvaluator.Evaluate(document.Instructions, new ContainerConfig(), stage.Scope);
            return null;
        }
        catch (GantryException exception)
        {
            // Everything else is for the builder to say: it knows the environment of the base image.
            return ImageErrors.IsNeedsEngine(exception) ? exception.Problem : null;
        }
    }
}

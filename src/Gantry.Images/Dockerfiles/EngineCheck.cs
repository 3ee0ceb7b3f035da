using Gantry.Images.Configuration;
using Gantry.Oci;

namespace Gantry.Images.Dockerfiles;

/// <summary>Checks whether a Dockerfile needs a Docker engine, before any request to a registry.</summary>
internal static class EngineCheck
{
    /// <summary>Returns the error <c>GAN3003</c> with the reason, or null.</summary>
    public static GantryException? Find(DockerfileDocument document, ImageBuildRequest request) =>
        document.EngineRequirement is { } requirement
            ? DockerfileErrors.NeedsEngine(requirement.Location, requirement.Reason)
            : request.Platforms.Select(platform => Evaluate(document, platform, request)).FirstOrDefault(found => found is not null);

    // Some variables and substitutions need a Docker engine as well, which shows only when they are resolved.
    private static GantryException? Evaluate(DockerfileDocument document, Platform platform, ImageBuildRequest request)
    {
        try
        {
            var stage = DockerfileStage.Begin(document, platform, request.BuildArguments);
            StageEvaluator.Evaluate(document.Instructions, new ContainerConfig(), stage.Scope);
            return null;
        }
        catch (GantryException exception)
        {
            // All other errors are reported later, when the environment of the base image is known.
            return DockerfileErrors.IsNeedsEngine(exception) ? exception : null;
        }
    }
}

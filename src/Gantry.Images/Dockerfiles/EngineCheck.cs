using Gantry.Oci;

namespace Gantry.Images.Dockerfiles;

/// <summary>Finds out whether a Dockerfile needs an engine, before any registry is asked for anything.</summary>
internal static class EngineCheck
{
    /// <summary>The error <c>GAN3003</c> that says why, or null.</summary>
    public static GantryException? Find(DockerfileDocument document, ImageBuildRequest request) =>
        document.EngineRequirement is { } requirement
            ? ImageErrors.NeedsEngine(requirement.Location, requirement.Reason)
            : request.Platforms.Select(platform => Evaluate(document, platform, request)).FirstOrDefault(found => found is not null);

    // Some variables and substitutions need an engine as well, and only show when they are resolved.
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
            // Everything else is judged when the environment of the base image is known.
            return ImageErrors.IsNeedsEngine(exception) ? exception : null;
        }
    }
}

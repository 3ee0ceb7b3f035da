using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// The stage that pushes the images of the build stage to the base registry and records the release. It is a stage of its own because the
/// service asks the checks of a service connection before the stage that uses it: pull requests have no such stage.
/// </summary>
internal static class PublishStage
{
    public const string Name = "Publish";
    public const string Job = "Publish";

    /// <summary>The step that publishes; its outputs are the version and the digests.</summary>
    public const string ReleaseStep = "release";

    private const string BuiltAttempt = "BuiltAttempt";

    public static Stage Create(PipelineDeclaration declaration) => new(Name)
    {
        DisplayName = "Publish",
        DependsOn = [BuildStage.Name],
        Condition = Conditions.AllOf(Conditions.NotCanceled, Conditions.StageSucceeded(BuildStage.Name)),
        When = Conditions.IsNotPullRequest.ToString(),
        Jobs =
        [
            new Job(Job)
            {
                DisplayName = "Publish " + string.Join(", ", declaration.Images.Select(image => image.Name)),
                Pool = declaration.BuildPool,
                Container = declaration.BuildContainer,
                TimeoutInMinutes = declaration.BuildTimeoutInMinutes,
                Variables = [RunArtifacts.ReadAttempt(BuiltAttempt, BuildStage.Name, BuildStage.Job)],
                Steps = JobLogins.Of(RegistryUse.OfPublication(declaration)).AddTo(
                [
                    .. BuildSteps.Prepare(declaration.Tools, fullHistory: false),
                    BuildSteps.Download(
                        "Download the built images",
                        RunArtifacts.OfAttemptIn(BuiltAttempt, RunArtifacts.Built),
                        declaration.Commands.BuiltImagesFolder,
                        build: null),
                    .. Push(declaration),
                    .. Keep(declaration),
                ]),
            },
        ],
    };

    private static IEnumerable<Step> Push(PipelineDeclaration declaration)
    {
        var commands = declaration.Commands;
        var target = commands.PublishTarget;

        // The folder comes first: the final record names the location in the registry.
        if (declaration.Transport == ImageTransport.Both)
        {
            var toFolder = BuildSteps.Call(
                commands, $"{target} --skip {Conditions.ImagesArgument(declaration)}", connection: null, commands.PublishSecrets);
            yield return toFolder with
            {
                Environment = BuildSteps.WithToken(toFolder),
                DisplayName = $"{target} into an artifact",
                Origin = "Transport",
            };
        }

        var connection = declaration.Transport == ImageTransport.Artifact ? null : declaration.BaseRegistry.ServiceConnection;
        var call = BuildSteps.Call(commands, $"{target} --skip", connection, commands.PublishSecrets);
        yield return call with
        {
            Environment = BuildSteps.WithToken(call),
            Name = ReleaseStep,
            NeedsLogin = true,
            DisplayName = target,
            Origin = "Commands.PublishTarget",
        };
    }

    // The record comes last: where it is, everything is.
    private static IEnumerable<Step> Keep(PipelineDeclaration declaration)
    {
        yield return RunArtifacts.ReportAttempt(declaration.Commands);
        if (declaration.Transport != ImageTransport.BaseRegistry)
            yield return BuildSteps.Publish(
                "Keep the images", declaration.Commands.ImagesFolder, RunArtifacts.OfThisAttempt(RunArtifacts.Images));
        yield return BuildSteps.PublishRelease(declaration);
    }
}

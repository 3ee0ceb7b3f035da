using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Reporting;
using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>
/// The job that publishes what the build made and tested. It builds nothing: the digests come with the artifact. Pull requests skip it, and
/// so does everything after it.
/// </summary>
internal static class PublishJob
{
    private static readonly string[] Outputs = ["version", "tag", "commit", "digest"];

    public static WorkflowJob Create(WorkflowDeclaration declaration)
    {
        var pipeline = declaration.Pipeline;
        var signIns = SignIns.OfBase(declaration);
        return new(JobIds.Publish)
        {
            Name = "Publish",
            Needs = [JobIds.Build],
            Condition = Expression.All(
                Conditions.NotCancelled, Conditions.JobSucceeded(JobIds.Build), Conditions.IsOfRepository),
            RunsOn = declaration.RunsOn,
            Environment = declaration.PublishEnvironment,
            Permissions = new()
            {
                ReadActions = true,
                ReadDeployments = declaration.PublishEnvironment is not null,
                SignsIn = signIns.Azure is not null,
                ReadPackages = signIns.ReadsPackages,
                WritePackages = signIns.WritesPackages,
            },
            TimeoutInMinutes = 60,
            Outputs = ReleaseOutputs(pipeline),
            Steps =
            [
                .. JobSteps.Prepare(declaration, fullHistory: true),
                JobSteps.Download(declaration, JobIds.BuiltImages, pipeline.Commands.BuiltImagesFolder) with
                {
                    Name = "Download the images",
                },
                .. signIns.Steps(),
                .. OwnSteps.Before(declaration, JobIds.Publish),
                .. Calls(declaration, signIns),
                .. OwnSteps.After(declaration, JobIds.Publish),
                .. Uploads(declaration),
                .. OwnSteps.OnFailure(declaration, JobIds.Publish),
            ],
            Origin = "Pipeline.BaseRegistry",
        };
    }

    /// <summary>The outputs of a job with a step that publishes or finds the release.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ReleaseOutputs(PipelineDeclaration pipeline) =>
    [
        .. Outputs
            .Concat(pipeline.Images.Count == 1 ? [] : pipeline.Images.Select(image => ReleaseCommands.OutputOf(image.Name)))
            .Select(name => KeyValuePair.Create(name, Expression.Of("steps", JobIds.ReleaseStep, "outputs", name).Wrapped)),
    ];

    /// <summary>Uploads the record of the release.</summary>
    public static WorkflowStep UploadRelease(WorkflowDeclaration declaration) =>
        JobSteps.Upload(declaration, JobIds.Release, declaration.Pipeline.Commands.ReleaseFile) with { Name = "Upload the release record" };

    // The folder comes first: the final record names the location in the registry.
    private static IEnumerable<WorkflowStep> Calls(WorkflowDeclaration declaration, SignIns signIns)
    {
        var pipeline = declaration.Pipeline;
        var target = $"{pipeline.Commands.PublishTarget} --skip";
        if (pipeline.Transport == ImageTransport.Both)
            yield return JobSteps.WithToken(
                JobSteps.Call(pipeline.Commands, target + RunVariables.ImagesArgument(pipeline)), declaration.PublishEnvironment) with
            {
                Name = $"{pipeline.Commands.PublishTarget} into an artifact",
                Secrets = pipeline.Commands.PublishSecrets,
            };
        yield return JobSteps.WithToken(signIns.Under(JobSteps.Call(pipeline.Commands, target)), declaration.PublishEnvironment) with
        {
            Id = JobIds.ReleaseStep,
            Name = pipeline.Commands.PublishTarget,
            Secrets = pipeline.Commands.PublishSecrets,
        };
    }

    private static IEnumerable<WorkflowStep> Uploads(WorkflowDeclaration declaration)
    {
        if (declaration.Pipeline.Transport != ImageTransport.BaseRegistry)
            yield return JobSteps.Upload(declaration, JobIds.Images, declaration.Pipeline.Commands.ImagesFolder) with
            {
                Name = "Upload the published images",
            };
        yield return UploadRelease(declaration);
    }
}

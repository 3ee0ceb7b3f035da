using Gantry.AzurePipelines;
using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>The job that builds and tests. It also runs for pull requests, so it has no credential and writes nothing outside.</summary>
internal static class BuildJob
{
    public static WorkflowJob Create(WorkflowDeclaration declaration)
    {
        var pipeline = declaration.Pipeline;
        return new(JobIds.Build)
        {
            Name = "Build " + string.Join(", ", pipeline.Images.Select(image => image.Name)),
            RunsOn = declaration.RunsOn,
            Container = declaration.ContainerImage(pipeline.BuildContainer),
            TimeoutInMinutes = pipeline.BuildTimeoutInMinutes ?? 60,
            Steps =
            [
                .. JobSteps.Prepare(declaration, fullHistory: true),
                .. OwnSteps.Before(declaration, JobIds.Build),
                .. pipeline.Commands.Steps.Select((step, i) => Call(pipeline.Commands, step, i)),
                .. OwnSteps.After(declaration, JobIds.Build),
                .. Results(declaration),
                JobSteps.Upload(declaration, JobIds.BuiltImages, pipeline.Commands.BuiltImagesFolder) with
                {
                    Name = "Upload the images",
                    Condition = Conditions.IsNotPullRequest.ToString(),
                },
                .. OwnSteps.OnFailure(declaration, JobIds.Build),
            ],
            Origin = "Pipeline.Commands",
        };
    }

    private static WorkflowStep Call(BuildCommands commands, BuildStep step, int index) =>
        JobSteps.Call(commands, string.Join(' ', step.Targets) + (index == 0 ? "" : " --skip")) with
        {
            Name = step.DisplayName ?? string.Join(", ", step.Targets),
            Secrets = step.Secrets,
            ContinueOnError = step.ContinueOnError,
            TimeoutInMinutes = step.TimeoutInMinutes,
            Origin = $"Pipeline.Commands.Steps[{index}]",
        };

    private static IEnumerable<WorkflowStep> Results(WorkflowDeclaration declaration)
    {
        string[] patterns =
            [.. declaration.Pipeline.Commands.Steps.SelectMany(step => new[] { step.TestResults, step.Coverage }).OfType<string>()];
        if (patterns.Length == 0)
            yield break;
        var upload = JobSteps.Upload(declaration, JobIds.TestResults, patterns);
        yield return upload with
        {
            Name = "Upload test results",
            Condition = Conditions.NotCancelled.ToString(),
            Inputs = [.. upload.Inputs.Select(input => input.Key == "if-no-files-found" ? new(input.Key, "warn") : input)],
        };
    }
}

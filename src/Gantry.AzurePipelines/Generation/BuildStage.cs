using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The stage that builds and tests, for pull requests, too. It uses no right to publish.</summary>
internal static class BuildStage
{
    public const string Name = "Build";
    public const string Job = "Build";

    public static Stage Create(PipelineDeclaration declaration) => new(Name)
    {
        DisplayName = "Build",
        DependsOn = [],
        Jobs =
        [
            new Job(Job)
            {
                DisplayName = "Build " + string.Join(", ", declaration.Images.Select(image => image.Name)),
                Pool = declaration.BuildPool,
                Container = declaration.BuildContainer,
                TimeoutInMinutes = declaration.BuildTimeoutInMinutes,
                Steps = Reading(declaration).AddTo(
                [
                    .. BuildSteps.Prepare(declaration.Tools, fullHistory: true),
                    .. Calls(declaration, declaration.Commands, "Commands.Steps"),
                    .. Keep(declaration),
                ]),
            },
            .. declaration.BuildJobs.Select((job, i) => Create(declaration, job, $"BuildJobs[{i}]")),
        ],
    };

    private static Job Create(PipelineDeclaration declaration, BuildJob job, string path)
    {
        var commands = declaration.Commands with
        {
            Steps = job.Steps,
            Shell = job.Shell ?? declaration.Commands.Shell,
            Script = job.Script ?? (job.Shell is null ? declaration.Commands.Script : null),
        };
        return new(job.Name)
        {
            DisplayName = job.DisplayName ?? job.Name,
            DependsOn = job.DependsOn,
            Condition = job.Condition,
            ContinueOnError = job.ContinueOnError,
            Pool = job.Pool ?? declaration.BuildPool,
            Container = job.Container,
            Services = job.Services,
            TimeoutInMinutes = job.TimeoutInMinutes,
            Variables = job.Variables,
            Steps = Reading(declaration).AddTo(
            [
                .. BuildSteps.Prepare(declaration.Tools, fullHistory: true),
                .. OwnSteps.At(job.StepsBefore, path + ".StepsBefore"),
                .. Calls(declaration, commands, path + ".Steps"),
                .. OwnSteps.At(job.StepsAfter, path + ".StepsAfter"),
                .. OwnSteps.AfterFailure(job.OnFailure, path + ".OnFailure"),
            ]),
            Origin = path,
            IsBeside = true,
        };
    }

    // Pull requests run this stage: it reads the base registry, and does not sign in to push.
    private static JobLogins Reading(PipelineDeclaration declaration) =>
        declaration.Transport == ImageTransport.Artifact ? new() : JobLogins.Of(RegistryUse.OfSearch(declaration));

    private static IEnumerable<Step> Calls(PipelineDeclaration declaration, BuildCommands commands, string path) =>
        commands.Steps.SelectMany((step, i) => Call(declaration, commands, step, i, $"{path}[{i}]"));

    private static IEnumerable<Step> Call(
        PipelineDeclaration declaration, BuildCommands commands, BuildStep step, int number, string origin)
    {
        var arguments = string.Join(' ', step.Targets) + (number == 0 ? "" : " --skip");
        var connection = step.UsesBaseRegistry ? step.ServiceConnection : null;
        yield return BuildSteps.Call(commands, arguments, connection, step.Secrets) with
        {
            DisplayName = step.DisplayName ?? string.Join(", ", step.Targets),
            NeedsLogin = step.UsesBaseRegistry,
            Condition = step.Condition,
            ContinueOnError = step.ContinueOnError,
            TimeoutInMinutes = step.TimeoutInMinutes,
            Origin = origin,
        };

        if (step.TestResults is { } results)
        {
            yield return new TaskStep("PublishTestResults@2")
            {
                DisplayName = "Publish test results",
                Condition = Expression.Call("succeededOrFailed").ToString(),
                Inputs =
                [
                    BuildSteps.Input("testResultsFormat", "VSTest"),
                    BuildSteps.Input("testResultsFiles", results),
                    BuildSteps.Input("searchFolder", BuildSteps.Sources),
                    BuildSteps.Input("failTaskOnFailedTests", true),
                ],
                Origin = origin,
                IsOfBuild = true,
            };
        }

        if (step.Coverage is { } coverage)
        {
            yield return new TaskStep("PublishCodeCoverageResults@2")
            {
                DisplayName = "Publish code coverage",
                Condition = Expression.Call("succeededOrFailed").ToString(),
                Inputs = [BuildSteps.Input("summaryFileLocation", $"{BuildSteps.Sources}/{coverage}")],
                Origin = origin,
                IsOfBuild = true,
            };
        }
    }

    // The stage that publishes takes these images. Nothing of a pull request is published.
    private static IEnumerable<Step> Keep(PipelineDeclaration declaration)
    {
        var condition = Expression.And(Conditions.Succeeded, Conditions.IsNotPullRequest).ToString();
        yield return RunArtifacts.ReportAttempt(declaration.Commands) with { Condition = condition };
        yield return BuildSteps.Publish(
            "Keep the built images", declaration.Commands.BuiltImagesFolder, RunArtifacts.OfThisAttempt(RunArtifacts.Built)) with
        {
            Condition = condition,
        };
    }
}

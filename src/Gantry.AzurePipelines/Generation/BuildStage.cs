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
                Steps = JobLogins.Of(RegistryUse.OfPublication(declaration)).AddTo(
                [
                    .. BuildSteps.Prepare(declaration.Tools, fullHistory: true),
                    .. declaration.Commands.Steps.SelectMany((step, i) => Build(declaration, step, i)),
                    .. Keep(declaration),
                ]),
            },
        ],
    };

    private static IEnumerable<Step> Build(PipelineDeclaration declaration, BuildStep step, int number)
    {
        var origin = $"Commands.Steps[{number}]";
        var arguments = string.Join(' ', step.Targets) + (number == 0 ? "" : " --skip");
        var connection = step.UsesBaseRegistry ? declaration.BaseRegistry.ServiceConnection : null;
        yield return BuildSteps.Call(declaration.Commands, arguments, connection, step.Secrets) with
        {
            DisplayName = step.DisplayName ?? string.Join(", ", step.Targets),
            NeedsLogin = step.UsesBaseRegistry,
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

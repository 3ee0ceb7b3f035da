using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The stage that builds, tests and publishes the release once, for all later promotions.</summary>
internal static class BuildStage
{
    public const string Name = "Build";

    /// <summary>The step that publishes; its outputs are the version and the digests.</summary>
    public const string ReleaseStep = "release";

    public static Stage Create(PipelineDeclaration declaration) => new(Name)
    {
        DisplayName = "Build",
        DependsOn = [],
        Jobs =
        [
            new Job("Build")
            {
                DisplayName = "Build " + string.Join(", ", declaration.Images.Select(image => image.Name)),
                Pool = declaration.BuildPool,
                Container = declaration.BuildContainer,
                TimeoutInMinutes = declaration.BuildTimeoutInMinutes,
                Steps = [.. BuildSteps.Prepare(declaration.Tools, fullHistory: true), .. Build(declaration), .. Publish(declaration)],
            },
        ],
    };

    private static IEnumerable<Step> Build(PipelineDeclaration declaration)
    {
        for (var i = 0; i < declaration.Commands.Steps.Count; i++)
        {
            var step = declaration.Commands.Steps[i];
            var origin = $"Commands.Steps[{i}]";
            var arguments = string.Join(' ', step.Targets) + (i == 0 ? "" : " --skip");
            var connection = step.UsesBaseRegistry ? declaration.BaseRegistry.ServiceConnection : null;
            yield return BuildSteps.Call(declaration.Commands, arguments, connection, declaration.Secrets) with
            {
                DisplayName = step.DisplayName ?? string.Join(", ", step.Targets),
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
    }

    // Pull requests are built and tested; their images are not published.
    private static IEnumerable<Step> Publish(PipelineDeclaration declaration)
    {
        var condition = Expression.And(Expression.Call("succeeded"), Conditions.IsNotPullRequest).ToString();
        var target = declaration.Commands.PublishTarget;

        // The folder comes first: the final record names the location in the registry.
        if (declaration.Transport == ImageTransport.Both)
        {
            var toFolder = BuildSteps.Call(
                declaration.Commands,
                $"{target} --skip {Conditions.ImagesArgument(declaration)}",
                connection: null,
                declaration.Secrets);
            yield return toFolder with
            {
                Environment = BuildSteps.WithToken(toFolder),
                IsOfBuild = false,
                DisplayName = $"{target} into an artifact",
                Condition = condition,
                Origin = "Transport",
            };
        }

        var connection = declaration.Transport == ImageTransport.Artifact ? null : declaration.BaseRegistry.ServiceConnection;
        var call = BuildSteps.Call(declaration.Commands, $"{target} --skip", connection, declaration.Secrets);
        yield return call with
        {
            Environment = BuildSteps.WithToken(call),
            IsOfBuild = false,
            Name = ReleaseStep,
            DisplayName = target,
            Condition = condition,
            Origin = "Commands.PublishTarget",
        };

        // The record comes last: artifacts of a run cannot be replaced, and a stage whose upload of images was interrupted can then be run
        // again.
        if (declaration.Transport != ImageTransport.BaseRegistry)
            yield return BuildSteps.PublishImages(declaration) with { Condition = condition };
        yield return BuildSteps.PublishRelease(declaration) with { Condition = condition };
    }
}

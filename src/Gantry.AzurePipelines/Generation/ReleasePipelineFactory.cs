using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// The pipeline that promotes existing releases, like the release pipelines of Azure DevOps: started by an image, by a build, or manually.
/// </summary>
internal static class ReleasePipelineFactory
{
    /// <summary>The stage that finds the release and fixes its digests for all later stages.</summary>
    private const string FindStage = "FindRelease";

    /// <summary>The variables that specify the release for the build.</summary>
    public static IReadOnlyList<string> ReleaseVariables { get; } = ["Release", "ReleaseDigest"];

    private const string ImageAlias = "image";
    private const string BuildAlias = "build";

    public static Pipeline Create(PipelineDeclaration declaration, ReleasePipeline release, EnvironmentSet environments)
    {
        var followsBuild = release.Trigger == ReleaseTrigger.BuildCompletion;
        var route = followsBuild
            ? new ReleaseRoute(
                declaration,
                start: null,
                BuildAlias,
                Conditions.MatchesFilter($"resources.pipeline.{BuildAlias}.sourceBranch", release.BuildBranches))
            : new ReleaseRoute(declaration, FindStage, build: null, isPromoted: null);
        List<PipelineParameter> parameters = [RunParameters.Environment(environments.Select(environment => environment.Name))];
        if (!followsBuild)
            parameters.Insert(0, RunParameters.Release(isOptional: release.Trigger == ReleaseTrigger.ImagePush));

        return new Pipeline
        {
            Parameters = parameters,
            Trigger = PushTrigger.None,
            PullRequests = PullRequestTrigger.None,
            Schedules = PipelineParts.Schedules(release.Schedules, "ReleasePipeline.Schedules"),
            Resources = Resources(declaration, release),
            Variables = PipelineParts.Variables(declaration),
            Pool = declaration.Pool,
            Stages =
            [
                .. followsBuild ? Array.Empty<Stage>() : [Find(declaration, release)],
                .. PipelineParts.Ordered(declaration, environments)
                    .SelectMany(environment => PromotionStages.Create(declaration, environment, route)),
            ],
            Origin = "ReleasePipeline",
        };
    }

    private static PipelineResources? Resources(PipelineDeclaration declaration, ReleasePipeline release)
    {
        var containers = PipelineParts.Containers(declaration);
        return release.Trigger switch
        {
            ReleaseTrigger.ImagePush => new PipelineResources { Containers = containers, Registries = [Image(declaration, release)] },
            ReleaseTrigger.BuildCompletion => new PipelineResources
            {
                Pipelines =
                [
                    new PipelineResource(BuildAlias, release.BuildPipeline!)
                    {
                        Project = release.BuildProject,
                        Branch = OnlyBranch(release.BuildBranches),
                        Trigger = new PipelineCompletionTrigger { Branches = release.BuildBranches },
                        Origin = "ReleasePipeline.BuildPipeline",
                    },
                ],
                Containers = containers,
            },
            _ => containers.Count == 0 ? null : new PipelineResources { Containers = containers },
        };
    }

    // The trigger filters only runs that a build starts. Manual and scheduled runs would use the latest build of any branch; where the
    // filter is not a single branch, conditions of the stages check it.
    private static string? OnlyBranch(Filter branches) =>
        branches is { Include: [var only], Exclude.Count: 0 }
        && !only.Contains('*', StringComparison.Ordinal)
        && !only.StartsWith("refs/", StringComparison.Ordinal)
            ? only
            : null;

    // A release is tagged one image at a time, in the order of declaration: when the last tag exists, all images exist.
    private static AcrContainerResource Image(PipelineDeclaration declaration, ReleasePipeline release)
    {
        var registry = declaration.BaseRegistry;
        var address = (HostAddress)RegistryAddress.Parse(registry.Address!);
        return new AcrContainerResource
        {
            Alias = ImageAlias,
            AzureSubscription = registry.ServiceConnection!,
            ResourceGroup = registry.ResourceGroup!,
            Registry = AcrHost.FindName(address.Host)!,
            Repository = address.FullRepository(declaration.Images[^1].Name),
            Tags = release.Tags,
            Origin = "ReleasePipeline.Trigger",
        };
    }

    private static Stage Find(PipelineDeclaration declaration, ReleasePipeline release)
    {
        var call = BuildSteps.Call(
            declaration.Commands, declaration.Commands.FindReleaseTarget, declaration.BaseRegistry.ServiceConnection, declaration.Secrets);
        return new(FindStage)
        {
            DisplayName = "Find the release",
            DependsOn = [],
            Jobs =
            [
                new Job("Find")
                {
                    DisplayName = "Find the release",
                    Pool = declaration.BuildPool,
                    Container = declaration.BuildContainer,
                    Steps =
                    [
                        .. BuildSteps.Prepare(declaration.Tools, fullHistory: false),
                        call with
                        {
                            Name = BuildStage.ReleaseStep,
                            DisplayName = declaration.Commands.FindReleaseTarget,
                            Environment = [.. call.Environment, .. Which(release)],
                        },
                        BuildSteps.PublishRelease(declaration),
                    ],
                    Origin = "ReleasePipeline",
                },
            ],
            Origin = "ReleasePipeline",
        };
    }

    // A value that a person typed reaches the build as an environment variable, because a shell would interpret it on a command line. A
    // release named by a person has no digest to verify against; a pushed image has one. The agent would put the value of a variable or a
    // secret where a person typed '$(…)', and the build would print it, so that is taken apart first.
    private static IEnumerable<KeyValuePair<string, string>> Which(ReleasePipeline release)
    {
        var parameter = new PropertyExpression(new NamedValueExpression("parameters"), RunParameters.ReleaseName);
        var typed = Expression.Call("replace", parameter, Expression.Text("$("), Expression.Text("$ ("));
        if (release.Trigger != ReleaseTrigger.ImagePush)
            return [new(ReleaseVariables[0], $"${{{{ {typed} }}}}")];

        var tag = Expression.Call("coalesce", typed, Expression.Text($"$(resources.container.{ImageAlias}.tag)"));
        var digest = Expression.Call(
            "iif",
            Expression.Call("eq", parameter, Expression.Text("")),
            Expression.Text($"$(resources.container.{ImageAlias}.digest)"),
            Expression.Text(""));
        return [new(ReleaseVariables[0], $"${{{{ {tag} }}}}"), new(ReleaseVariables[1], $"${{{{ {digest} }}}}")];
    }
}

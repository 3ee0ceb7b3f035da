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
    public const string ImageAlias = "image";
    public const string BuildAlias = "build";

    public static Pipeline Create(PipelineDeclaration declaration, ReleasePipeline release, EnvironmentSet environments)
    {
        var followsBuild = release.Trigger == ReleaseTrigger.BuildCompletion;
        var route = new ReleaseRoute(
            declaration,
            (FindReleaseStage.Name, FindReleaseStage.Job),
            followsBuild ? BuildAlias : null,
            followsBuild ? Conditions.MatchesFilter($"resources.pipeline.{BuildAlias}.sourceBranch", release.BuildBranches) : null);
        return new Pipeline
        {
            Parameters =
            [
                RunParameters.Release(release.Trigger switch
                {
                    ReleaseTrigger.ImagePush => "an image",
                    ReleaseTrigger.BuildCompletion => "a build",
                    _ => null,
                }),
                RunParameters.Environment(environments.Select(environment => environment.Name)),
                RunParameters.GoBack,
            ],
            Trigger = PushTrigger.None,
            PullRequests = PullRequestTrigger.None,
            Schedules = PipelineParts.Schedules(release.Schedules, "ReleasePipeline.Schedules"),
            Resources = Resources(declaration, release),
            Variables = PipelineParts.Variables(declaration),
            Pool = declaration.Pool,
            Stages =
            [
                FindReleaseStage.Create(declaration, release.Trigger),
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
                        // The end of the whole run would be that of its promotions, with all approvals.
                        Trigger = new PipelineCompletionTrigger { Branches = release.BuildBranches, Stages = [PublishStage.Name] },
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
}

using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The pipeline that builds once and promotes through all environments.</summary>
internal static class BuildPipeline
{
    public static Pipeline Create(PipelineDeclaration declaration, EnvironmentSet environments)
    {
        var promotes = declaration.PromoteAfterBuild;
        var triggers = declaration.Triggers;
        var route = new BuildRoute(declaration, environments);
        return new Pipeline
        {
            Parameters = promotes && triggers.ChooseEnvironment
                ? [RunParameters.PromoteTo(environments.Select(environment => environment.Name))]
                : [],
            Trigger = triggers.Branches.Count == 0 && triggers.Tags.IsEmpty
                ? PushTrigger.None
                : new PushTrigger
                {
                    Branches = new() { Include = triggers.Branches, Exclude = triggers.ExcludedBranches },
                    Tags = triggers.Tags,
                    Paths = triggers.Paths,
                    Batch = triggers.Batch,
                    Origin = "Triggers",
                },
            PullRequests = PipelineParts.PullRequests(triggers),
            Schedules = PipelineParts.Schedules(triggers.Schedules, "Triggers.Schedules"),
            Resources = declaration.Containers.Count == 0
                ? null
                : new PipelineResources { Containers = PipelineParts.Containers(declaration) },
            Variables = PipelineParts.Variables(declaration),
            Pool = declaration.Pool,
            Stages =
            [
                BuildStage.Create(declaration),
                PublishStage.Create(declaration),
                .. promotes
                    ? PipelineParts.Ordered(declaration, environments)
                        .SelectMany(environment => PromotionStages.Create(declaration, environment, route))
                    : [],
            ],
            Origin = DeclarationPath.Declaration,
        };
    }
}

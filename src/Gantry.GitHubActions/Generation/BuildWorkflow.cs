using Gantry.Environments;
using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>The workflow that builds once, publishes, and promotes through all environments.</summary>
internal static class BuildWorkflow
{
    public static Workflow Create(WorkflowDeclaration declaration, EnvironmentSet environments)
    {
        var pipeline = declaration.Pipeline;
        return new Workflow(declaration.Name)
        {
            Triggers = RunTriggers.Of(declaration, environments),
            Environment = RunVariables.Of(pipeline),
            Jobs =
            [
                BuildJob.Create(declaration),
                PublishJob.Create(declaration),
                .. pipeline.PromoteAfterBuild
                    ? environments.SelectMany(environment => Promotions(declaration, environments, environment))
                    : [],
            ],
        };
    }

    private static IEnumerable<WorkflowJob> Promotions(
        WorkflowDeclaration declaration, EnvironmentSet environments, PromotionEnvironment environment)
    {
        var pipeline = declaration.Pipeline;
        var declared = pipeline.Environments.First(known => known.Environment == environment);
        var before = environment.After is { } after
            ? PromotionJobs.Of(pipeline.Environments.First(known => known.Environment == after))
            : [];

        // The environments that a person may have chosen for this one to be promoted to: itself and those after it.
        string[] reached =
            [RunInputs.All, environment.Name, .. environments.Where(known => IsAfter(known, environment)).Select(known => known.Name)];
        List<Expression> conditions =
        [
            Conditions.NotCancelled,
            Conditions.JobSucceeded(JobIds.Publish),
            .. before.Select(Conditions.JobSucceeded),
            Conditions.IsPromoted(pipeline.Triggers),
        ];
        if (declaration.ManualRuns && pipeline.Triggers.ChooseEnvironment)
            conditions.Add(Conditions.ReachesTo(reached));
        return PromotionJobs.Create(declaration, declared, JobIds.Publish, before, Expression.All(conditions));
    }

    private static bool IsAfter(PromotionEnvironment environment, PromotionEnvironment before)
    {
        for (var step = environment.After; step is not null; step = step.After)
        {
            if (step == before)
                return true;
        }

        return false;
    }
}

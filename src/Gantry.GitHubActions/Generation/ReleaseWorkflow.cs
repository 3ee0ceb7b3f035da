using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>
/// The workflow that promotes an existing release, by its version: to all environments in their order, or to one alone. Then the promotion
/// itself finds whether the release is in the previous environment.
/// </summary>
internal static class ReleaseWorkflow
{
    public static Workflow Create(WorkflowDeclaration declaration, EnvironmentSet environments) => new($"{declaration.Name} (release)")
    {
        RunName = $"Release {Expression.Of("inputs", JobIds.ReleaseInput).Wrapped}",
        Triggers = new() { Inputs = RunInputs.Release(environments) },
        Environment = RunVariables.Of(declaration.Pipeline),
        Jobs = [Find(declaration), .. environments.SelectMany(environment => Promotions(declaration, environment))],
    };

    private static WorkflowJob Find(WorkflowDeclaration declaration)
    {
        var pipeline = declaration.Pipeline;
        var signIns = SignIns.OfBase(declaration, publishes: false);
        var call = JobSteps.WithToken(signIns.Under(JobSteps.Call(pipeline.Commands, pipeline.Commands.FindReleaseTarget)));
        return new(JobIds.FindRelease)
        {
            Name = "Find the release",
            Condition = Conditions.IsPromoted(pipeline.Triggers),
            RunsOn = declaration.RunsOn,
            Permissions = new() { ReadActions = true, SignsIn = signIns.Azure is not null, ReadPackages = signIns.ReadsPackages },
            TimeoutInMinutes = 60,
            Outputs = PublishJob.ReleaseOutputs(pipeline),
            Steps =
            [
                .. JobSteps.Prepare(declaration, fullHistory: false),
                .. signIns.Steps(),
                .. OwnSteps.Before(declaration, JobIds.FindRelease),
                call with
                {
                    Id = JobIds.ReleaseStep,
                    Name = pipeline.Commands.FindReleaseTarget,
                    Secrets = pipeline.Commands.PublishSecrets,

                    // What a person types reaches the build only as a variable of its process.
                    Environment =
                    [
                        KeyValuePair.Create("Release", Expression.Of("inputs", JobIds.ReleaseInput).Wrapped),
                        KeyValuePair.Create("ReleaseDigest", Expression.Of("inputs", JobIds.DigestInput).Wrapped),
                        .. call.Environment,
                    ],
                },
                .. OwnSteps.After(declaration, JobIds.FindRelease),
                PublishJob.UploadRelease(declaration),
                .. OwnSteps.OnFailure(declaration, JobIds.FindRelease),
            ],
            Origin = "ReleaseWorkflow",
        };
    }

    private static IEnumerable<WorkflowJob> Promotions(WorkflowDeclaration declaration, PromotionEnvironment environment)
    {
        var declared = declaration.Pipeline.Environments.First(known => known.Environment == environment);
        var before = environment.After is { } after
            ? PromotionJobs.Of(declaration.Pipeline.Environments.First(known => known.Environment == after))
            : [];
        var isOnly = Expression.Equal(Expression.Of("inputs", JobIds.EnvironmentInput), Expression.Text(environment.Name));
        List<Expression> conditions =
        [
            Conditions.NotCancelled,
            Conditions.JobSucceeded(JobIds.FindRelease),
            Conditions.InputIsAny(JobIds.EnvironmentInput, [RunInputs.All, environment.Name]),
        ];

        // Alone, it comes after no other promotion.
        if (before.Count > 0)
            conditions.Add(Expression.Any(isOnly, Expression.All([.. before.Select(Conditions.JobSucceeded)])));
        return PromotionJobs.Create(declaration, declared, JobIds.FindRelease, before, Expression.All(conditions));
    }
}

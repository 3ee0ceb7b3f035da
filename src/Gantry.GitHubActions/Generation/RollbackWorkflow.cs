using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>
/// The workflow in which a person goes back to an earlier release, holds an environment, or ends its hold. Its jobs deploy to the same
/// environments of GitHub as promotions do, so the same rules protect them.
/// </summary>
internal static class RollbackWorkflow
{
    public static Workflow Create(WorkflowDeclaration declaration, EnvironmentSet environments)
    {
        var returning = environments
            .Where(environment => declaration.Pipeline.Rollbacks.ContainsKey(environment.Name))
            .Select(environment => declaration.Pipeline.Environments.First(known => known.Environment == environment))
            .ToList();
        var (action, environment) = (Expression.Of("inputs", JobIds.ActionInput), Expression.Of("inputs", JobIds.EnvironmentInput));
        return new($"{declaration.Name} (rollback)")
        {
            RunName = $"{environment.Wrapped}: {action.Wrapped}",
            Triggers = new() { Inputs = RunInputs.Rollback([.. returning.Select(each => each.Environment.Name)]) },
            Environment = RunVariables.Of(declaration.Pipeline),
            Jobs = [.. returning.SelectMany(each => PromotionJobs.RegionsOf(each).Select(region => Create(declaration, each, region)))],
        };
    }

    private static WorkflowJob Create(WorkflowDeclaration declaration, PipelineEnvironment environment, string? region)
    {
        var settings = declaration.SettingsOf(environment.Environment);
        var signIns = SignIns.Of(declaration, environment, region);
        var id = JobIds.Rollback(environment.Environment, region);
        var place = region is null ? environment.Environment.DisplayName : $"{environment.Environment.DisplayName}, {region}";
        return new(id)
        {
            Name = $"Go back in {place}",
            Condition = Expression.All(
                Conditions.IsPromoted(declaration.Pipeline.Triggers), InputIs(JobIds.EnvironmentInput, environment.Environment.Name)),
            RunsOn = settings.RunsOn ?? declaration.RunsOn,
            Container = declaration.ContainerImage(environment.Container),
            Environment = settings.GitHubEnvironment,
            Concurrency = PromotionJobs.LockOf(environment, settings.GitHubEnvironment, region),
            Permissions = PromotionJobs.PermissionsOf(signIns),
            TimeoutInMinutes = environment.TimeoutInMinutes ?? PromotionJobs.DefaultTimeoutInMinutes,
            Steps =
            [
                .. JobSteps.Prepare(declaration, fullHistory: false),
                .. signIns.Steps(),
                .. OwnSteps.Before(declaration, id),
                .. Calls(declaration, environment, region, signIns, place),
                .. OwnSteps.After(declaration, id),
                .. OwnSteps.OnFailure(declaration, id),
            ],
            Origin = $"Pipeline.Environments[\"{environment.Environment.Name}\"]",
        };
    }

    private static IEnumerable<WorkflowStep> Calls(
        WorkflowDeclaration declaration, PipelineEnvironment environment, string? region, SignIns signIns, string place)
    {
        var (commands, name) = (declaration.Pipeline.Commands, environment.Environment.Name);
        yield return Call(RunInputs.GoBack, declaration.Pipeline.Rollbacks[name], $"Go back in {place}");
        yield return Call(RunInputs.Hold, $"{commands.HoldTarget} --environment {name}", $"Hold {place}");
        yield return Call(RunInputs.ReleaseHold, $"{commands.ReleaseHoldTarget} --environment {name}", $"End the hold of {place}");

        WorkflowStep Call(string action, string target, string what)
        {
            var arguments = region is null ? target : $"{target} --region {region}";
            var call = JobSteps.WithToken(
                signIns.Under(JobSteps.Call(commands, arguments)), declaration.SettingsOf(environment.Environment).GitHubEnvironment);
            return call with
            {
                Name = what,
                Condition = InputIs(JobIds.ActionInput, action).ToString(),
                Environment = [.. Texts(action), .. call.Environment],
                Secrets = PromotionJobs.SecretsOf(environment),
            };
        }
    }

    // What a person types reaches the build only as a variable of its process.
    private static IEnumerable<KeyValuePair<string, string>> Texts(string action)
    {
        if (action == RunInputs.GoBack)
            yield return KeyValuePair.Create("To", Expression.Of("inputs", JobIds.ReleaseInput).Wrapped);
        yield return KeyValuePair.Create("Reason", Expression.Of("inputs", JobIds.ReasonInput).Wrapped);
    }

    private static Expression InputIs(string input, string value) =>
        Expression.Equal(Expression.Of("inputs", input), Expression.Text(value));
}

using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// The pipeline in which a person goes back to an earlier release, holds an environment, or ends its hold. Its jobs deploy to the same
/// environments of Azure DevOps as promotions do, so the same checks protect them.
/// </summary>
internal static class RollbackPipelineFactory
{
    public static Pipeline Create(PipelineDeclaration declaration, EnvironmentSet environments)
    {
        var returning = PipelineParts.Ordered(declaration, environments)
            .Where(environment => declaration.Rollbacks.ContainsKey(environment.Environment.Name))
            .ToList();
        var containers = PipelineParts.Containers(declaration);
        return new Pipeline
        {
            Parameters = RunParameters.Rollback([.. returning.Select(environment => environment.Environment.Name)]),
            Trigger = PushTrigger.None,
            PullRequests = PullRequestTrigger.None,
            Resources = containers.Count == 0 ? null : new PipelineResources { Containers = containers },
            Variables = PipelineParts.Variables(declaration),
            Pool = declaration.Pool,
            Stages = [.. returning.Select(environment => Create(declaration, environment))],
            Origin = "Rollbacks",
        };
    }

    private static Stage Create(PipelineDeclaration declaration, PipelineEnvironment environment) =>
        new(declaration.Rollbacks[environment.Environment.Name])
        {
            DisplayName = $"Go back in {environment.Environment.DisplayName}",
            DependsOn = [],
            Condition = Conditions.AllOf(
                Conditions.NotCanceled, RunParameters.Is(RunParameters.EnvironmentName, environment.Environment.Name)),
            LockBehavior = environment.EffectiveGates.OfType<ExclusiveLockGate>().FirstOrDefault()?.Behavior,
            Variables = [.. environment.VariableGroups.Select(group => new VariableGroup(group))],
            Jobs = [.. Jobs(declaration, environment)],
            Origin = DeclarationPath.For(environment),
        };

    private static IEnumerable<Job> Jobs(PipelineDeclaration declaration, PipelineEnvironment environment)
    {
        if (!environment.JobPerRegion || environment.Environment.Regions.Count == 0)
            return [CreateJob(declaration, environment, region: null, environment.ServiceConnection)];
        return environment.Environment.Regions.Select((region, i) =>
            CreateJob(declaration, environment, region, environment.Registries[i].ServiceConnection ?? environment.ServiceConnection));
    }

    private static Job CreateJob(
        PipelineDeclaration declaration, PipelineEnvironment environment, string? region, string? connection)
    {
        var name = environment.Environment.Name;
        var commands = declaration.Commands;
        var place = region is null ? environment.Environment.DisplayName : $"{environment.Environment.DisplayName}, {region}";
        var logins = JobLogins.Of(RegistryUse.OfPromotion(declaration, environment, region, readsBase: true))
            .And(HostLogins.Of(commands, environment, region, connection));
        return new("Rollback" + (region is null ? "" : new PromotionEnvironment(region).Identifier))
        {
            DisplayName = $"Go back in {place}",
            Environment = environment.AzureEnvironment,
            Pool = environment.Pool,
            Container = environment.Container,
            TimeoutInMinutes = environment.TimeoutInMinutes,
            Repositories = GitOpsRepositories.Of(declaration, HostLogins.Deployments(environment, region)),
            Steps = logins.AddTo(
            [
                BuildSteps.NoArtifacts,
                .. BuildSteps.Prepare(declaration.Tools, fullHistory: false),
                Call(RunParameters.GoBackAction, declaration.Rollbacks[name], $"Go back in {place}"),
                Call(RunParameters.HoldAction, $"{commands.HoldTarget} --environment {name}", $"Hold {place}"),
                Call(RunParameters.ReleaseHoldAction, $"{commands.ReleaseHoldTarget} --environment {name}", $"End the hold of {place}"),
            ]),
            Origin = DeclarationPath.For(environment),
        };

        Step Call(string action, string target, string displayName)
        {
            var arguments = region is null ? target : $"{target} --region {region}";
            var call = BuildSteps.Call(commands, arguments, connection, environment.AllSecrets);
            return call with
            {
                DisplayName = displayName,
                Condition = Conditions.AllOf(Conditions.Succeeded, RunParameters.Is(RunParameters.ActionName, action)),
                Environment = [.. BuildSteps.WithToken(call), .. Texts(action)],
                NeedsLogin = true,
            };
        }
    }

    // What a person typed reaches the build as an environment variable, because a shell would interpret it on a command line.
    private static IEnumerable<KeyValuePair<string, string>> Texts(string action)
    {
        if (action == RunParameters.GoBackAction)
            yield return new("To", RunParameters.Template(RunParameters.Typed(RunParameters.ReleaseName)));
        yield return new("Reason", RunParameters.Template(RunParameters.Typed(RunParameters.ReasonName)));
    }
}

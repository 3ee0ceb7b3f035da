using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// The jobs that promote to an environment: one, or one for each region or wave of regions. Those of a wave follow those of the wave before
/// and the pause, in which no agent is used.
/// </summary>
internal static class PromotionJobs
{
    /// <summary>Creates the jobs.</summary>
    public static IReadOnlyList<Job> Create(PipelineDeclaration declaration, PipelineEnvironment environment, PromotionRoute route)
    {
        // Nothing is tagged in any region before all slices are in place in all of them.
        List<Job> jobs = environment.Environment.Slices == 1
            ? []
            : [.. environment.JobRegions.Select(region =>
                SliceJobs.Create(declaration, environment, route, region, ConnectionOf(environment, region)))];
        IReadOnlyList<string> before = [.. jobs.Select(job => job.Name)];
        var isFirst = true;
        foreach (var wave in WavesOf(environment))
        {
            if (!isFirst && environment.PauseMinutes > 0)
            {
                var number = environment.Environment.WaveOf(wave[0].Region) ?? wave[0].Wave;
                jobs.Add(PromotionStages.Waiting(FormattableString.Invariant($"WaitBeforeWave{number}"), environment.PauseMinutes) with
                {
                    DependsOn = before,
                    IsBeside = true,
                    Origin = DeclarationPath.For(environment) + ".PauseBetweenWaves",
                });
                before = [jobs[^1].Name];
            }

            isFirst = false;
            var together = wave.Select(scope => Deployment(declaration, environment, route, scope) with { DependsOn = before }).ToList();
            jobs.AddRange(together);
            before = [.. together.Select(job => job.Name)];
        }

        return jobs;
    }

    private sealed record JobScope(string? Region, int? Wave)
    {
        public string Name => "Promote"
            + (Region is null ? "" : new PromotionEnvironment(Region).Identifier)
            + (Wave is null ? "" : FormattableString.Invariant($"Wave{Wave}"));
    }

    // Without a pause, the promotion itself goes from wave to wave in one job.
    private static IReadOnlyList<IReadOnlyList<JobScope>> WavesOf(PipelineEnvironment environment)
    {
        var waves = environment.Environment.Waves;
        if (environment.JobPerRegion && waves.Count > 0)
            return [.. waves.Select(wave => (IReadOnlyList<JobScope>)[.. wave.Select(region => new JobScope(region, Wave: null))])];
        return environment.PauseMinutes > 0
            ? [.. waves.Select((_, number) => (IReadOnlyList<JobScope>)[new JobScope(Region: null, number + 1)])]
            : [[.. environment.JobRegions.Select(region => new JobScope(region, Wave: null))]];
    }

    private static string? ConnectionOf(PipelineEnvironment environment, string? region)
    {
        if (!environment.JobPerRegion)
            return null;
        var number = region is null ? 0 : environment.Environment.Regions.ToList().IndexOf(region);
        return environment.Registries[number].ServiceConnection;
    }

    private static Job Deployment(
        PipelineDeclaration declaration, PipelineEnvironment environment, PromotionRoute route, JobScope scope)
    {
        var (region, wave) = (scope.Region, scope.Wave);
        var goal = environment.Environment.DisplayName
            + (region is null ? "" : $", {region}")
            + (wave is null ? "" : FormattableString.Invariant($", wave {wave}"));
        var arguments = $"{environment.Target} --skip"
            + (region is null ? "" : $" --region {region}")
            + (wave is null ? "" : FormattableString.Invariant($" --wave {wave}"))
            + (declaration.Transport == ImageTransport.Both && route.CarriesImages ? " " + Conditions.ImagesArgument(declaration) : "");
        var connection = ConnectionOf(environment, region) ?? environment.ServiceConnection;
        var call = BuildSteps.Call(declaration.Commands, arguments, connection, environment.AllSecrets);
        var logins = JobLogins.Of(RegistryUse.OfPromotion(declaration, environment, region, readsBase: !route.CarriesImages))
            .And(HostLogins.Of(declaration.Commands, environment, region, connection));
        return new(scope.Name)
        {
            DisplayName = $"Promote to {goal}",
            Environment = environment.AzureEnvironment,
            Pool = environment.Pool,
            Container = environment.Container,
            TimeoutInMinutes = environment.TimeoutInMinutes,
            Variables = [.. PromotionStages.Attempts(route)],
            Repositories = GitOpsRepositories.Of(declaration, HostLogins.Deployments(environment, region)),
            Steps = logins.AddTo(
            [
                BuildSteps.NoArtifacts,
                .. BuildSteps.Prepare(declaration.Tools, fullHistory: false),
                .. BuildSteps.Fetch(declaration, route),
                call with
                {
                    DisplayName = $"Promote to {goal}",
                    Environment = [.. BuildSteps.WithToken(call), .. route.Variables],
                    NeedsLogin = true,
                },
            ]),
            Origin = DeclarationPath.For(environment),
        };
    }
}

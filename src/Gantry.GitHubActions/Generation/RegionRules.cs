using Gantry.AzurePipelines;

namespace Gantry.GitHubActions.Generation;

/// <summary>
/// Checks the identities of regions, whose jobs have only what the region may do, and the pauses between waves, in which a job runs.
/// </summary>
internal static class RegionRules
{
    public static IEnumerable<Diagnostic> Check(WorkflowDeclaration declaration)
    {
        foreach (var environment in declaration.Pipeline.Environments)
        {
            if (CheckPauses(environment) is { } pauses)
                yield return pauses;
            var settings = declaration.SettingsOf(environment.Environment);
            var path = $"Environments[\"{environment.Environment.Name}\"].RegionAzure";
            string[] regions = [.. PromotionJobs.RegionsOf(environment).OfType<string>()];
            foreach (var region in settings.RegionAzure.Keys.Where(region => !regions.Contains(region)))
                yield return DeclarationErrors.UnknownRegion(path, environment.Environment.Name, region, regions);

            // Identities that Azure DevOps separates are one in GitHub unless they are named.
            string[] shared = [.. regions.Where(region => !settings.RegionAzure.ContainsKey(region))];
            var connections = shared.Select(region => ConnectionOf(environment, Array.IndexOf(regions, region)));
            if (connections.Distinct().Count() > 1)
                yield return DeclarationErrors.OnlyInAzureDevOps(
                    path, $"the service connections of the regions {Format.List(shared)} of '{environment.Environment.Name}'");
        }
    }

    // A job for each region waits once; the one for all regions waits between any two waves.
    private static Diagnostic? CheckPauses(PipelineEnvironment environment)
    {
        var (waves, pause) = (environment.Environment.Waves.Count, environment.Environment.PauseBetweenWaves);
        var total = waves < 2 ? TimeSpan.Zero : pause * (environment.JobPerRegion ? 1 : waves - 1);
        var limit = TimeSpan.FromMinutes(environment.TimeoutInMinutes ?? PromotionJobs.DefaultTimeoutInMinutes);
        return total > TimeSpan.Zero && total >= limit
            ? DeclarationErrors.PausesTooLong(
                $"Pipeline.Environments[\"{environment.Environment.Name}\"].TimeoutInMinutes", environment.Environment.Name, total, limit)
            : null;
    }

    private static string? ConnectionOf(PipelineEnvironment environment, int region) =>
        environment.Registries.ElementAtOrDefault(region)?.ServiceConnection ?? environment.ServiceConnection;
}

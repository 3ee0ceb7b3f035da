using Gantry.AzurePipelines;

namespace Gantry.GitHubActions.Generation;

/// <summary>Checks the identities of regions: a job of a region has only what the region may do.</summary>
internal static class RegionRules
{
    public static IEnumerable<Diagnostic> Check(WorkflowDeclaration declaration)
    {
        foreach (var environment in declaration.Pipeline.Environments)
        {
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

    private static string? ConnectionOf(PipelineEnvironment environment, int region) =>
        environment.Registries.ElementAtOrDefault(region)?.ServiceConnection ?? environment.ServiceConnection;
}

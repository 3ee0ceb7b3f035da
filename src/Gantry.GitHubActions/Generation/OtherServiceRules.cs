using Gantry.AzurePipelines;
using Gantry.Environments;

namespace Gantry.GitHubActions.Generation;

/// <summary>
/// Reports the parts of a declaration that Azure Pipelines alone has: a scan that is declared there must not be missed here.
/// </summary>
internal static class OtherServiceRules
{
    public static IEnumerable<Diagnostic> Check(PipelineDeclaration pipeline)
    {
        if (pipeline.Additions.Count > 0)
            yield return DeclarationErrors.OnlyInAzureDevOps(
                "Pipeline.Additions", $"the additions to {Format.List(pipeline.Additions.Select(additions => additions.Stage))}");
        (string Path, string What, IEnumerable<string> Names)[] lists =
        [
            ("Pipeline.BuildJobs", "the jobs", pipeline.BuildJobs.Select(job => job.Name)),
            ("Pipeline.Stages", "the stages", pipeline.Stages.Select(stage => stage.Name)),
            ("Pipeline.Parameters", "the parameters", pipeline.Parameters.Select(parameter => parameter.Name)),
            ("Pipeline.KeyVaults", "the key vaults", pipeline.KeyVaults.Select(vault => vault.Name)),
        ];
        foreach (var (path, what, names) in lists.Where(list => list.Names.Any()))
            yield return DeclarationErrors.OnlyInAzureDevOps(path, $"{what} {Format.List(names)}");
        if (pipeline.VariableTemplates.Count > 0)
            yield return DeclarationErrors.OnlyInAzureDevOps("Pipeline.VariableTemplates", "the templates of variables");
        if (pipeline.Commands.Steps.Any(step => step.Condition is not null))
            yield return DeclarationErrors.OnlyInAzureDevOps("Pipeline.Commands.Steps", "the conditions of calls");
        string[] groups =
            [.. pipeline.VariableGroups.Concat(pipeline.Environments.SelectMany(environment => environment.VariableGroups)).Distinct()];
        if (groups.Length > 0)
            yield return DeclarationErrors.OnlyInAzureDevOps("Pipeline.VariableGroups", $"the variable groups {Format.List(groups)}");
        if (pipeline.Tools.AuthenticateNuGet)
            yield return DeclarationErrors.OnlyInAzureDevOps(
                "Pipeline.Tools.AuthenticateNuGet", "the sign-in to feeds of the organization");
        foreach (var (isDeclared, path, what) in Calls(pipeline).Concat(Jobs(pipeline)))
        {
            if (isDeclared)
                yield return DeclarationErrors.OnlyInAzureDevOps(path, what);
        }

        foreach (var environment in pipeline.Environments)
        {
            // Such a promotion would push the images, and then fail at the host.
            string[] hosts =
            [
                .. environment.Environment.Deployments
                    .Where(deployment => deployment.Login is not null && deployment.Login != HostLogin.None)
                    .Select(deployment => deployment.Description),
            ];
            if (hosts.Length > 0)
                yield return DeclarationErrors.OnlyInAzureDevOps(
                    $"Pipeline.Environments[\"{environment.Environment.Name}\"].Deployments", $"the logins to {Format.List(hosts)}");
        }
    }

    private static IEnumerable<(bool IsDeclared, string Path, string What)> Calls(PipelineDeclaration pipeline) =>
    [
        (pipeline.Commands.Steps.Any(step => step.UsesBaseRegistry),
            "Pipeline.Commands.Steps", "the access of calls to the base registry, as its job 'build' has no credential"),
        (pipeline.Tools.Caches.Count > 0,
            "Pipeline.Tools.Caches", $"the caches of {Format.List(pipeline.Tools.Caches.Select(cache => cache.Path))}"),
        (pipeline.Tools.RetryCount > 0, "Pipeline.Tools.RetryCount", "the retries of steps"),
    ];

    private static IEnumerable<(bool IsDeclared, string Path, string What)> Jobs(PipelineDeclaration pipeline) =>
    [
        (pipeline.RunName is not null, "Pipeline.RunName", "the names of runs"),
        (pipeline.CancelTimeoutInMinutes is not null, "Pipeline.CancelTimeoutInMinutes", "the time that a cancelled job has"),
        (pipeline.Sources.PersistCredentials, "Pipeline.Sources.PersistCredentials", "the token in the clone"),
        (pipeline.Sources.Path is not null, "Pipeline.Sources.Path", "the folder of the sources"),
        (pipeline.Sources.CleanWorkspace is not null, "Pipeline.Sources.CleanWorkspace", "the cleaning of agents"),
    ];
}

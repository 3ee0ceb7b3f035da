using Gantry.AzurePipelines;

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
    }
}

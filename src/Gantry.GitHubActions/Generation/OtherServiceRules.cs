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
        string[] groups =
            [.. pipeline.VariableGroups.Concat(pipeline.Environments.SelectMany(environment => environment.VariableGroups)).Distinct()];
        if (groups.Length > 0)
            yield return DeclarationErrors.OnlyInAzureDevOps("Pipeline.VariableGroups", $"the variable groups {Format.List(groups)}");
        if (pipeline.Tools.AuthenticateNuGet)
            yield return DeclarationErrors.OnlyInAzureDevOps(
                "Pipeline.Tools.AuthenticateNuGet", "the sign-in to feeds of the organization");
    }
}

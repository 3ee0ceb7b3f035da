using Gantry.AzurePipelines;
using Gantry.GitHubActions.Expressions;

namespace Gantry.GitHubActions.Generation;

/// <summary>The variables of a workflow: addresses of registries under the names of the build's parameters, and declared ones.</summary>
internal static class RunVariables
{
    /// <summary>Returns the variables of all steps. An address that is not declared comes from a variable of the repository.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(PipelineDeclaration declaration)
    {
        var source = declaration.BaseRegistry with
        {
            Address = declaration.Transport == ImageTransport.Artifact ? ImagesAddress(declaration) : declaration.BaseRegistry.Address,
        };
        return
        [
            .. declaration.Environments
                .SelectMany(environment => environment.Registries)
                .Prepend(source)
                .DistinctBy(registry => registry.Parameter)
                .Select(registry => KeyValuePair.Create(
                    registry.Parameter, registry.Address ?? Expression.Of("vars", VariableOf(registry.Parameter)).Wrapped)),
            .. declaration.Variables,
            .. declaration.ReadOnlyVariables,
        ];
    }

    /// <summary>The variable of GitHub for the address of a registry: its names are shown in upper case.</summary>
    public static string VariableOf(string parameter) => Format.Dashed(parameter).Replace('-', '_').ToUpperInvariant();

    /// <summary>The folder of the images, as the address of a base registry.</summary>
    public static string ImagesAddress(PipelineDeclaration declaration) => "oci:" + declaration.Commands.ImagesFolder;

    /// <summary>The argument that names that folder, when the variable names a registry.</summary>
    public static string ImagesArgument(PipelineDeclaration declaration) =>
        $" --{Format.Dashed(declaration.BaseRegistry.Parameter)} {ImagesAddress(declaration)}";
}

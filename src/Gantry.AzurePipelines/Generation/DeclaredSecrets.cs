namespace Gantry.AzurePipelines.Generation;

/// <summary>A secret variable, and the place in the declaration that names it.</summary>
internal sealed record DeclaredSecret(string Name, string Path);

/// <summary>Lists the secret variables that the steps of a declaration name.</summary>
internal static class DeclaredSecrets
{
    public static IEnumerable<DeclaredSecret> Of(PipelineDeclaration declaration) =>
        [
            .. declaration.Commands.Steps.SelectMany((step, i) => Of(step.Secrets, $"Commands.Steps[{i}].Secrets")),
            .. Of(declaration.Commands.PublishSecrets, "Commands.PublishSecrets"),
            .. declaration.Environments.SelectMany(environment =>
                Of(environment.AllSecrets, DeclarationPath.For(environment) + ".Secrets")),
        ];

    private static IEnumerable<DeclaredSecret> Of(IEnumerable<string> names, string path) =>
        names.Select(name => new DeclaredSecret(name, path));
}

namespace Gantry.AzurePipelines.Generation;

/// <summary>Checks that jobs which sign with a key in Azure Key Vault sign in to Azure.</summary>
internal static class SigningRules
{
    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration)
    {
        if (!declaration.SignsWithKeyVault)
            yield break;

        // An artifact holds a folder, and what is in a folder is signed with the key of the machine.
        if (declaration.Transport != ImageTransport.Artifact && declaration.BaseRegistry.ServiceConnection is null)
            yield return LoginErrors.NoKeyVaultLogin(RegistryUse.BasePath, "the job that publishes");
        foreach (var environment in declaration.Environments.Where(IsWithoutLogin))
            yield return LoginErrors.NoKeyVaultLogin(
                DeclarationPath.For(environment), $"the promotion to '{environment.Environment.Name}'");
    }

    private static bool IsWithoutLogin(PipelineEnvironment environment) => environment.ServiceConnection is null
        && (!environment.JobPerRegion || environment.Registries.Any(registry => registry.ServiceConnection is null));
}

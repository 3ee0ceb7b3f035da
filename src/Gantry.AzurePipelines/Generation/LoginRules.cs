using Gantry.AzurePipelines.Validation;
using Gantry.Oci;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Checks that jobs have a credential for each registry that they use, and that declared logins are complete.</summary>
internal static class LoginRules
{
    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration) =>
    [
        .. CheckLogins(declaration),
        .. CheckPublication(declaration),
        .. declaration.Environments.SelectMany(environment => CheckPromotion(declaration, environment)),
    ];

    /// <summary>Returns the secret variables of all logins.</summary>
    public static IEnumerable<string> SecretsOf(PipelineDeclaration declaration) => All(declaration).SelectMany(registry =>
        Logins(registry.Registry).OfType<PasswordRegistryLogin>().Select(login => login.PasswordVariableOf(registry.Registry)));

    /// <summary>Returns the reason why the name of a service connection cannot be used; null when it can.</summary>
    public static string? ValidateConnection(string name) =>
        string.IsNullOrWhiteSpace(name) ? "its service connection has no name"
        : StepRules.HasVariable(name) ? "the service looks up its service connection before any variable has a value"
        : null;

    private static IEnumerable<Diagnostic> CheckLogins(PipelineDeclaration declaration)
    {
        foreach (var (registry, path) in All(declaration))
        {
            foreach (var reason in Logins(registry).Select(Validate).OfType<string>().Distinct())
                yield return LoginErrors.UnusableLogin(path, $"the registry '{registry.Parameter}'", reason, "complete it");
        }
    }

    private static IEnumerable<Diagnostic> CheckPublication(PipelineDeclaration declaration)
    {
        foreach (var use in RegistryUse.OfPublication(declaration).Where(use => IsMissing(use, declaration.BaseRegistry.ServiceConnection)))
            yield return Missing(use.Path, use, "the job");
    }

    private static IEnumerable<Diagnostic> CheckPromotion(PipelineDeclaration declaration, PipelineEnvironment environment)
    {
        var missing =
            from region in environment.JobRegions
            let uses = RegistryUse.OfPromotion(declaration, environment, region, ReadsBase(declaration))
            let own = environment.JobPerRegion ? uses.FirstOrDefault(use => use.Pushes)?.Registry.ServiceConnection : null
            from use in uses
            where IsMissing(use, own ?? environment.ServiceConnection) && !IsReported(use, declaration)
            select use;
        return missing.Distinct().Select(use => Missing(
            use.Pushes ? use.Path : DeclarationPath.For(environment), use, $"the promotion to '{environment.Environment.Name}'"));
    }

    // A registry that nothing signs in to is reported once, where it is declared.
    private static bool IsReported(RegistryUse use, PipelineDeclaration declaration) =>
        !use.Pushes && use.Path == RegistryUse.BasePath && declaration.Transport != ImageTransport.Artifact
        && IsMissing(use with { Pushes = true }, declaration.BaseRegistry.ServiceConnection);

    private static bool ReadsBase(PipelineDeclaration declaration) => declaration.Transport switch
    {
        ImageTransport.Artifact => false,
        ImageTransport.BaseRegistry => true,
        _ => declaration.ReleasePipeline is { Trigger: not ReleaseTrigger.BuildCompletion },
    };

    private static bool IsMissing(RegistryUse use, string? connection) =>
        use.Login is null
        && use.Host is { IsLoopback: false } host
        && (connection is null || AcrHost.FindDomain(host.Host) is null);

    private static Diagnostic Missing(string path, RegistryUse use, string who) =>
        LoginErrors.UnauthorizedRegistry(
            path, use.Registry, $"{who} {(use.Pushes ? "that pushes to" : "that reads")}", AcrHost.FindDomain(use.Host!.Host) is not null);

    private static IEnumerable<(PipelineRegistry Registry, string Path)> All(PipelineDeclaration declaration) =>
        declaration.Environments
            .SelectMany(environment => environment.Registries.Select((registry, i) =>
                (registry, DeclarationPath.ForRegistry(environment, i))))
            .Prepend((declaration.BaseRegistry, RegistryUse.BasePath));

    private static IEnumerable<RegistryLogin> Logins(PipelineRegistry registry) =>
        new[] { registry.Login, registry.ReadLogin }.OfType<RegistryLogin>();

    private static string? Validate(RegistryLogin login) => login switch
    {
        DockerRegistryLogin docker => ValidateConnection(docker.ServiceConnection),
        PasswordRegistryLogin { User: { } user } when string.IsNullOrWhiteSpace(user) => "its user has no name",
        PasswordRegistryLogin { PasswordVariable: { } variable } when !IsVariable(variable) =>
            $"'{variable}' is not the name of a secret variable",
        OwnRegistryLogin { LogIn.Count: 0 } => "it has no steps",
        _ => null,
    };

    private static bool IsVariable(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}

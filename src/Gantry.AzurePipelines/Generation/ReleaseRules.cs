using Gantry.AzurePipelines.Validation;
using Gantry.Oci;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Checks that the release pipeline can start as intended.</summary>
internal static class ReleaseRules
{
    private const string Path = "ReleasePipeline.Trigger";
    private const string SchedulesPath = "ReleasePipeline.Schedules";

    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration)
    {
        if (declaration.ReleasePipeline is not { } release)
            yield break;
        if (Validate(declaration, release) is { } error)
        {
            var trigger = release.Trigger switch
            {
                ReleaseTrigger.ImagePush => "the push of an image",
                ReleaseTrigger.BuildCompletion => "the end of a build",
                _ => "hand",
            };
            yield return DeclarationErrors.UnusableReleaseTrigger(Path, trigger, error);
        }

        foreach (var diagnostic in CheckSchedules(release).Concat(CheckSecrets(declaration, release)))
            yield return diagnostic;
    }

    // A scheduled run has no person who specifies the release. The service then uses the newest tag of an image that it knows, regardless
    // of the trigger's filter.
    private static IEnumerable<Diagnostic> CheckSchedules(ReleasePipeline release) => release switch
    {
        { Schedules.Count: 0 } => [],
        { Trigger: ReleaseTrigger.Manual } =>
            [DeclarationErrors.UnusableReleaseTrigger(SchedulesPath, "a schedule", "a person has to name the release")],
        { Trigger: ReleaseTrigger.ImagePush } => [DeclarationErrors.ScheduledImage(SchedulesPath)],
        _ => [],
    };

    private static IEnumerable<Diagnostic> CheckSecrets(PipelineDeclaration declaration, ReleasePipeline release) =>
        (from secret in release.Trigger == ReleaseTrigger.BuildCompletion ? [] : declaration.Secrets
         where ReleasePipelineFactory.ReleaseVariables.Contains(secret, StringComparer.OrdinalIgnoreCase)
         select PipelineErrors.ReservedName("Secrets", "secret", secret, "the release pipeline uses it to pass the release to the build"))
        .Concat(
            from secret in declaration.Environments.SelectMany(environment => environment.AllSecrets).Concat(declaration.Secrets)
            where secret.Equals(ReleaseRoute.RequirePrevious, StringComparison.OrdinalIgnoreCase)
            select PipelineErrors.ReservedName(
                "Secrets", "secret", secret, "the release pipeline uses it to make the build check the environment before"))
        .Distinct();

    private static string? Validate(PipelineDeclaration declaration, ReleasePipeline release) => release.Trigger switch
    {
        ReleaseTrigger.BuildCompletion =>
            string.IsNullOrWhiteSpace(release.BuildPipeline) ? "the name of the pipeline that builds is not given" : null,
        _ when declaration.Transport == ImageTransport.Artifact =>
            "images travel as artifacts of the build, so there is no base registry to find them in",
        ReleaseTrigger.ImagePush => Validate(declaration.BaseRegistry),
        _ => null,
    };

    private static string? Validate(PipelineRegistry registry) => registry switch
    {
        { Address: null } => "the address of the base registry is not given",
        { ServiceConnection: null } => "the base registry has no service connection",
        { ResourceGroup: null } => "the resource group of the base registry is not given",
        { Address: var address } when !IsAcr(address) => $"the base registry '{address}' is not an Azure Container Registry",
        _ => null,
    };

    private static bool IsAcr(string address)
    {
        try
        {
            return RegistryAddress.Parse(address) is HostAddress host && AcrHost.FindDomain(host.Host) is not null;
        }
        catch (GantryException)
        {
            // Reported where the address itself is checked.
            return true;
        }
    }
}

using Gantry.Registries;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Whether the release pipeline can start as it should.</summary>
internal static class ReleaseRules
{
    private const string Path = "ReleasePipeline.Trigger";

    public static IEnumerable<Finding> Check(PipelineDeclaration declaration)
    {
        if (declaration.ReleasePipeline is not { } release || FindFault(declaration, release) is not { } fault)
            return [];
        var trigger = release.Trigger switch
        {
            ReleaseTrigger.ImagePush => "the push of an image",
            ReleaseTrigger.BuildCompletion => "the end of a build",
            _ => "hand",
        };
        return [DeclarationErrors.UnusableReleaseTrigger(Path, trigger, fault)];
    }

    private static string? FindFault(PipelineDeclaration declaration, ReleasePipeline release) => release.Trigger switch
    {
        ReleaseTrigger.BuildCompletion => string.IsNullOrWhiteSpace(release.BuildPipeline) ? "the name of the pipeline that builds is not given" : null,
        _ when declaration.Transport == ImageTransport.Artifact => "images travel as artifacts of the build, so there is no base registry to find them in",
        ReleaseTrigger.ImagePush => FindFault(declaration.BaseRegistry),
        _ => null,
    };

    private static string? FindFault(PipelineRegistry registry) =>
        registry.Address is null ? "the address of the base registry is not given"
        : registry.ServiceConnection is null ? "the base registry has no service connection"
        : registry.ResourceGroup is null ? "the resource group of the base registry is not given"
        : !IsAcr(registry.Address) ? $"the base registry '{registry.Address}' is not an Azure Container Registry"
        : null;

    private static bool IsAcr(string address)
    {
        try
        {
            return RegistryAddress.Parse(address) is HostAddress host && AcrName.Of(host) is not null;
        }
        catch (GantryException)
        {
            // Reported where the address itself is checked.
            return true;
        }
    }
}

using Gantry.AzurePipelines.Service;

namespace Gantry.Nuke.AzureDevOps;

/// <summary>GAN9042, GAN9068: requirements for a connection to Azure DevOps that a build does not meet.</summary>
internal static class AzureDevOpsErrors
{
    public static GantryException NotSignedIn(AzureDevOpsProject project, string reason, Exception? inner = null) => new(
        "GAN9042",
        $"not signed in to Azure DevOps, so {project} cannot be accessed: {reason}",
        "map SYSTEM_ACCESSTOKEN: $(System.AccessToken) under env: in a pipeline; elsewhere run 'az login', or put a personal access token "
            + "into AZURE_DEVOPS_EXT_PAT",
        inner);

    public static GantryException NoPipelines(string build) =>
        new("GAN9068", $"the build class '{build}' declares no pipelines", "put [PromotionPipeline] on it");
}

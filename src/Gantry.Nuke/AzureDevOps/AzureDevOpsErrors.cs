using Gantry.AzurePipelines.Service;

namespace Gantry.Nuke.AzureDevOps;

/// <summary>GAN9042, GAN9068: what a build lacks to ask Azure DevOps.</summary>
internal static class AzureDevOpsErrors
{
    public static GantryException NotSignedIn(AzureDevOpsProject project, string reason, Exception? inner = null) => new(
        "GAN9042",
        $"nobody is signed in to Azure DevOps here, so that {project} cannot be asked: {reason}",
        "map SYSTEM_ACCESSTOKEN: $(System.AccessToken) under env: in a pipeline; elsewhere run 'az login', or put a personal access token into AZURE_DEVOPS_EXT_PAT",
        inner);

    public static GantryException NoPipelines(string build) =>
        new("GAN9068", $"the build class '{build}' declares no pipelines", "put [PromotionPipeline] on it");
}

namespace Gantry.AzurePipelines.Service;

/// <summary>GAN4061 and GAN4062: a run that the service does not confirm.</summary>
internal static class RunErrors
{
    public static GantryException NotConfirmed(ClaimedRun claim, AzureDevOpsProject project, string reason) =>
        new(
            "GAN4061",
            $"this process claims to be run {Format.Refused(claim.Id)} of Azure Pipelines, and {project} does not confirm it: {reason}",
            "promote in the run of a generated pipeline; elsewhere remove TF_BUILD and BUILD_BUILDID from the environment");

    public static GantryException NoDeployment(ClaimedRun claim, AzureDevOpsProject project, string environment) =>
        new(
            "GAN4062",
            $"run {claim.Id} of {project} does not deploy to the environment '{environment}' now, which this process claims",
            "promote in a deployment job on that environment, as generated pipelines do");
}

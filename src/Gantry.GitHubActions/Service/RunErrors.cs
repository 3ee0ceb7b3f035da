namespace Gantry.GitHubActions.Service;

/// <summary>GAN9120 and GAN9121: a run that GitHub does not confirm.</summary>
internal static class RunErrors
{
    public static GantryException NotConfirmed(ClaimedRun claim, GitHubRepository repository, string reason) => new(
        "GAN9120",
        $"this process claims to be run {Format.Refused(claim.Id)} of GitHub Actions, and {repository} does not confirm it: {reason}",
        "promote in the run of a generated workflow; elsewhere remove GITHUB_ACTIONS and GITHUB_RUN_ID from the environment");

    public static GantryException NoDeployment(ClaimedRun claim, GitHubRepository repository, string environment) => new(
        "GAN9121",
        $"run {claim.Id} of {repository} does not deploy to the environment '{environment}' now, which this process claims",
        "promote in a job with that environment, as generated workflows do");
}

namespace Gantry.Azure.Deployments;

/// <summary>GAN9070 to GAN9079: deployments to App Service and Container Apps.</summary>
internal static class AzureDeploymentErrors
{
    public static GantryException NoContainerSite(string site, string? setTo) =>
        new("GAN9070",
            string.Equals(setTo, "sitecontainers", StringComparison.OrdinalIgnoreCase)
                ? $"the {site} runs several containers (sitecontainers), whose images are not settings of the site"
                : $"the {site} is set to {(string.IsNullOrEmpty(setTo) ? "no Linux container" : $"'{setTo}'")}, not to a container",
            "name a site that runs one Linux container (linuxFxVersion DOCKER|…), or create it as such");

    public static GantryException ImageNotApplied(string host, string wanted, string? there) =>
        new(
            "GAN9071",
            $"the {host} accepted {wanted}, but is set to {there ?? "nothing"}",
            "look at its activity log: a policy or another deployment may have changed it, then run it again");

    public static GantryException ContainerAmbiguous(string app, IReadOnlyCollection<string> containers) =>
        new(
            "GAN9072",
            $"the {app} has the containers {string.Join(", ", containers)}, and the deployment names none of them",
            "set its Container");

    public static GantryException ContainerNotFound(string app, string container, IReadOnlyCollection<string> containers) =>
        new("GAN9072", $"the {app} has no container '{container}'", Format.Choice(containers, "give it a container first"));

    public static GantryException TooManyRevisions(string app, int count) =>
        new(
            "GAN9078",
            $"the {app} has more than {Format.Count(count, "revision")}, and not all of them were read",
            "lower the number of inactive revisions that it keeps ('az containerapp update --max-inactive-revisions')");

    public static GantryException RevisionFailed(string app, string revision, string reason) =>
        new(
            "GAN9073",
            $"the revision {revision} of the {app} failed: {reason}",
            "look at its log ('az containerapp logs show --type system') and correct the cause, then run it again, "
                + "which makes a new revision; the previous one keeps serving");

    public static GantryException RevisionNotReady(string app, string revision, TimeSpan waited, string state) =>
        new(
            "GAN9074",
            $"the revision {revision} of the {app} was not healthy within {Format.Duration(waited)} ({state})",
            "look at its log ('az containerapp logs show --type system') and its probes; the image is set, so another run only waits");
}

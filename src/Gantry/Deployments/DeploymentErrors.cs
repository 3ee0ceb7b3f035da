using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>
/// Errors of deployments and health checks: GAN4072 to GAN4094, without GAN4079. No message contains the value of a variable.
/// </summary>
internal static class DeploymentErrors
{
    public const string NotHealthyCode = "GAN4078";

    public static GantryException ImageNotSpecified(string deployment, IEnumerable<string> images) =>
        new(
            "GAN4072",
            $"the deployment '{deployment}' does not say which of the release's images it is for",
            Format.Choice(images, "publish a release with an image", "set its Image to"));

    public static GantryException ImageNotInRelease(string deployment, string image, Release release) =>
        new(
            "GAN4072",
            $"the deployment '{deployment}' is for the image '{image}', which the release {release.Version} does not have",
            Format.Choice(release.Images.Select(known => known.Name), "publish a release with an image", "set its Image to"));

    public static GantryException NoDeployer(string deployment) =>
        new(
            "GAN4075",
            $"no deployer of this program accepts the deployment '{deployment}'",
            "add the deployer of its kind: those for Azure are in Gantry.Azure");

    public static GantryException Unreachable(string what, string reason, Exception? inner) =>
        new(
            "GAN4076",
            $"{what} cannot be reached ({reason}, in every attempt)",
            "check its address and the network, then run it again: it continues with the deployment",
            inner);

    public static GantryException WebhookRefused(string what, int status, bool transient) =>
        new("GAN4077", $"the {what} answers with status {status}{(transient ? ", in every attempt" : "")}", transient
            ? "check the receiver's health, then run it again: it continues with the deployment"
            : "check its address, its credential and what the receiver says in its log");

    public static GantryException NotHealthy(string check, string expected, TimeSpan waited, string seen) =>
        new(
            NotHealthyCode,
            $"the {check} did not answer with {expected} within {Format.Duration(waited)}; the last result was {seen}",
            "look at the log of the host; the images are in place, so running the same again continues with the deployment");

    public static GantryException RepositoryUnreachable(string repository, string reason) =>
        new(
            "GAN4080",
            $"the git repository {repository} cannot be reached: {reason}",
            "check its address and the network, then run it again");

    public static GantryException RepositoryRefused(string repository, string reason) =>
        new(
            "GAN4081",
            $"the git repository {repository} refuses access: {reason}",
            "check that it exists, and give the identity that promotes the right to read and contribute (in Azure Repos: "
                + "Contribute, for the build service or the owner of the token)");

    public static GantryException BranchMissing(string repository, string branch) =>
        new(
            "GAN4082",
            $"the git repository {repository} has no branch '{branch}'",
            "correct Branch in the declaration, or push the branch");

    public static GantryException FileMissing(string repository, string branch, string path, string expected) =>
        new("GAN4083", $"the branch '{branch}' of {repository} has no {expected} at '{path}'", "correct the path in the declaration");

    public static GantryException UnreadableYaml(string path, string reason, Exception? inner = null) =>
        new("GAN4084", $"{path} cannot be read as YAML: {reason}", "correct the file", inner);

    public static GantryException ImageNotInKustomization(string path, string image, IReadOnlyCollection<string> known) =>
        new("GAN4085", $"{path} has no entry for the image '{image}'", Format.Choice(
            known, $"add one to its images: - name: {image}", "add one to its images, or set Entry to"));

    public static GantryException ValueMissing(string path, string key, string missing) =>
        new(
            "GAN4086",
            $"{path} has no value '{key}': there is no '{missing}'",
            "correct the key in the declaration, or add the value to the file");

    public static GantryException ValueNotEditable(string path, string key, string reason) =>
        new("GAN4087", $"the value '{key}' of {path} cannot be set in place: {reason}", "write it as a plain value of its own");

    public static GantryException PushRejected(string repository, string branch, string reason) =>
        new(
            "GAN4088",
            $"the git repository {repository} rejects the commit to '{branch}': {reason}",
            "allow the identity that promotes to push to this branch (branch policies, protected branches), or commit to another one");

    public static GantryException PushRaced(string repository, string branch, int attempts) =>
        new(
            "GAN4089",
            $"others pushed to '{branch}' of {repository} before each of {Format.Count(attempts, "attempt")}",
            "run it again: it continues with the deployment");

    public static GantryException KubectlFailed(string what, string reason) =>
        new(
            "GAN4090",
            $"{what} failed: {reason}",
            "check the context of the kubeconfig and that the cluster can be reached, then run it again");

    public static GantryException KubectlDenied(string what, string reason) =>
        new(
            "GAN4091",
            $"{what} is not allowed: {reason}",
            "give the account of the context a role in the namespace with the verbs get, list, watch and patch on the workload");

    public static GantryException WorkloadNotFound(string what, string reason) =>
        new(
            "GAN4092",
            $"{what} is not there: {reason}",
            "correct context, namespace and name in the declaration, or create the workload first");

    public static GantryException ContainerNotFound(string what, string container, IEnumerable<string> known) =>
        new("GAN4093", $"{what} has no container '{container}'", Format.Choice(known, "name a workload that has containers"));

    public static GantryException RolloutNotFinished(string what, TimeSpan limit, string reason) =>
        new(
            "GAN4094",
            $"{what} was not rolled out within {Format.Duration(limit)}: {reason}",
            "look at the workload's pods (kubectl describe, kubectl logs); its image is set");
}

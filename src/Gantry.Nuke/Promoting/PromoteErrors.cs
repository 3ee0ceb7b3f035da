using Gantry.Environments;
using Gantry.Nuke.Execution;
using Gantry.Oci;
using Gantry.Promotion;

namespace Gantry.Nuke.Promoting;

/// <summary>
/// GAN404x, GAN4053, GAN4060, GAN4063, GAN4507, GAN4613, GAN4614, GAN4812, GAN50xx, GAN6020, GAN7065, GAN7066 and GAN9122 to GAN9126:
/// parameters of promotions, comparisons, returns and reports of drift, and approvals by services.
/// </summary>
internal static class PromoteErrors
{
    public static GantryException NothingToCompare(string parameter) =>
        new(
            "GAN4812",
            $"nothing is named with --{Format.Dashed(parameter)} to be compared",
            "name environments, versions or digests: --from test --to prod");

    public static GantryException NoToken(string claims, string environment) =>
        new(
            "GAN4060",
            $"this process claims {claims}, and has no token to ask the service, so the gates of {environment} are not known to hold",
            "map SYSTEM_ACCESSTOKEN: $(System.AccessToken) under env: of the step, as generated pipelines do; "
                + "or say why the release may pass with --approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException NoGitHubToken(string claims, string environment) =>
        new(
            "GAN9122",
            $"this process claims {claims}, and has no token to ask GitHub, so the gates of {environment} are not known to hold",
            "map GITHUB_TOKEN: ${{ github.token }} under env: of the step, as generated workflows do; "
                + "or say why the release may pass with --approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException UnprotectedEnvironment(ConfirmedRun run, string gate, string gap) =>
        new(
            "GAN9123",
            $"{run} does not hold the gate '{gate}': {gap}",
            "run ProvisionEnvironments, which protects the environment as declared; "
                + "or say why the release may pass with --approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException GateWithoutHolder(ConfirmedRun run, PlannedGate gate) =>
        new(
            "GAN9126",
            $"{run} has no gate like '{gate.Gate.Description}', and the promotion cannot evaluate it: "
                + (gate.Finding ?? "it has no evaluator"),
            "declare it so that the promotion can evaluate it, or say why the release may pass with --approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException ClaimedGitHubEnvironment(string run, string environment) =>
        new(
            "GAN9124",
            $"GitHub confirmed run {run}, and not that it deploys to the environment '{environment}', which the job claims",
            "give the job the permission deployments: read, as generated workflows do");

    public static GantryException ClaimedEnvironment(string run, string environment) =>
        new(
            "GAN4063",
            $"Azure Pipelines confirmed run {run}, and not that it deploys to the environment '{environment}', which the job claims",
            $"give the project's Build Service the role Reader of the environment '{environment}' (its page > Security)");

    public static GantryException NoRecords(string folder) =>
        new(
            "GAN7065",
            $"the folder '{folder}' has no release record of a build",
            "choose a run of the build pipeline whose stage Publish has succeeded");

    public static GantryException OtherVersion(string version, string found) =>
        new(
            "GAN7066",
            $"the release {Format.Refused(version)} was asked for, and the chosen run of the build made '{found}'",
            "choose the run that made that version, under Resources, when the pipeline is started");

    public static GantryException NoAzureEnvironment(string run, string environment) =>
        new(
            "GAN5008",
            $"this job of the run {run} does not deploy to an environment of Azure DevOps, so no check protects the promotion to "
                + environment,
            "make it a deployment job on that environment, as generated pipelines do, or say why the release may pass with "
                + "--approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException NoGitHubEnvironment(string run, string environment) =>
        new(
            "GAN9125",
            $"this job of the run {run} has no environment of GitHub, so no rule protects the promotion to {environment}",
            "give it that environment, as generated workflows do, or say why the release may pass with --approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException OtherGitHubEnvironment(string run, string there, string expected, string environment) =>
        new(
            "GAN9125",
            $"the run {run} deploys to the environment '{there}' of GitHub, and the gates of {environment} are those of '{expected}'",
            $"give the job the environment '{expected}', as generated workflows do, or say why the release may pass with "
                + "--approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException OtherAzureEnvironment(string run, string there, string expected, string environment) =>
        new(
            "GAN5010",
            $"the run {run} deploys to the environment '{there}' of Azure DevOps, and the gates of {environment} are those of '{expected}'",
            $"make it a deployment job on '{expected}', as generated pipelines do, or say why the release may pass with "
                + "--approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException NoServerSideCopy(RegistryAddress from, RegistryAddress to, string reason) => new(
        "GAN4053",
        $"{to} cannot fetch images from {from}: {reason}",
        "promote with --transfer copy, or with auto, which copies what a registry cannot fetch");

    public static GantryException NoReason(string environment) =>
        new(
            "GAN4613",
            $"{environment} cannot go back without a reason: it has no approval that would allow it",
            "say why, with --reason \"reason\"");

    public static GantryException NoEnvironmentToHold(IEnumerable<PromotionEnvironment> environments) =>
        new(
            "GAN4614",
            "no environment is named",
            Format.Choice(environments.Select(environment => environment.Name), "declare one", "name it with --environment:"));

    public static GantryException GatedEnvironment(string environment) =>
        new(
            "GAN6020",
            $"the environment '{environment}' has gates, which a transfer with a Docker engine does not evaluate",
            "promote to it, or choose an environment without gates");

    public static GantryException NoDriftAlert(string build) =>
        new(
            "GAN4507",
            $"drift is not reported, because the build class '{build}' does not say where to",
            "declare DriftAlert: a work item, as DriftAlert.WorkItem(\"Bug\"), or a webhook, as DriftAlert.Webhook(\"$(DRIFT_WEBHOOK)\")");

    public static GantryException SeveralProblems(GantryException first, int others) =>
        new(first.Code, $"{first.Problem} (and {Format.Count(others, "more problem")}, see above)", first.Remedy)
        {
            Kind = first.Kind,
            Actions = first.Actions,
        };

    public static GantryException UnusableReportParameter(string name, int value, string expected) =>
        new("GAN4431", $"--report-{name} {value} cannot be used", $"use {expected}");

    public static GantryException NotANumber(string parameter, string text, int least, int most) =>
        new(
            "GAN4714",
            $"--{Format.Dashed(parameter)} has {Format.Refused(text)}, which is no number from {least} to {most}",
            "write a number in this range");

    public static GantryException UnknownImage(string name, IReadOnlyList<string> images) =>
        new("GAN4404", $"the build has no image '{name}'", Format.Choice(images, "declare it in Images"));

    public static GantryException NothingToShow() =>
        new(
            "GAN4406",
            "neither an environment nor a release is named",
            "add --environment ENVIRONMENT for its history, or --release VERSION for the way of that release");
}

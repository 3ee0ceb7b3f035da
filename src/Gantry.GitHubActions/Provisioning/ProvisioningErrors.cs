namespace Gantry.GitHubActions.Provisioning;

/// <summary>GAN9110 to GAN9112: environments of GitHub that are brought to what is declared.</summary>
internal static class ProvisioningErrors
{
    public static GantryException Weakened(IReadOnlyList<string> weakenings) => new(
        "GAN9110",
        $"the protection of environments in GitHub would get weaker: {string.Join("; ", weakenings)}",
        "correct the declaration, or say why with --weaken-checks \"reason\"");

    public static GantryException UnknownReviewer(string name) => new(
        "GAN9111",
        $"there is no {(name.Contains('/', StringComparison.Ordinal) ? "team" : "user")} {name} in GitHub",
        "correct its name among the Approvers, and let the token see it");

    public static GantryException Changed(string environment) => new(
        "GAN9112",
        $"the environment '{environment}' changed in GitHub after it was read",
        "run it again to see the new plan");
}

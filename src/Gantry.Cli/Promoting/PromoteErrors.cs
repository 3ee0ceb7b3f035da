namespace Gantry.Cli.Promoting;

/// <summary>GAN4130, GAN4133 to GAN4135: promotions from a declaration file that cannot be made.</summary>
internal static class PromoteErrors
{
    public static GantryException NoRules(string file) =>
        new(
            "GAN4130",
            $"the declaration {file} has no gates and hosts, so that nothing can be promoted with it: an earlier version has written it",
            "write it again with the target ExportEnvironments of the build");

    public static GantryException NobodyToAsk(string version, string environment) =>
        new(
            "GAN4133",
            $"'{version}' would be promoted to {environment}, and there is no terminal to ask at",
            "add --yes when the plan may be applied as it is shown, or run it at a terminal")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException SaidNo(string version, string environment) =>
        new(
            "GAN4134",
            $"'{version}' was not promoted to {environment}: the answer was not 'yes'; nothing was written there",
            "run it again and answer 'yes', or add --yes")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException NoCertificate(string environment) =>
        new(
            "GAN4135",
            $"promotions to {environment} are also signed with a certificate, which is not in the declaration",
            "name its file with --notation-certificate, with {environment} for the name");
}

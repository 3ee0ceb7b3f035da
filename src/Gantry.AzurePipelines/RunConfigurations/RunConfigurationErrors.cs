namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>GAN8055 and GAN8064: targets that have no run configuration.</summary>
internal static class RunConfigurationErrors
{
    public static Diagnostic UnusableTarget(string path, string target, string reason) =>
        new(
            "GAN8055",
            DiagnosticSeverity.Error,
            $"the target '{target}' cannot have a run configuration: {reason}",
            "correct it in the build class",
            path);

    public static GantryException UnknownTarget(string name, IEnumerable<string> known) =>
        new("GAN8064", $"there is no target '{name}' whose run configuration could be changed", Format.Choice(known, "declare it first"));
}

namespace Gantry.AzurePipelines.Generation;

/// <summary>GAN804x to GAN806x, GAN4616 and GAN4617: errors of a declaration.</summary>
internal static class DeclarationErrors
{
    public static Diagnostic UnsupportedGate(string path, string gate, string environment, string reason) =>
        Error(
            "GAN8040",
            $"the gate '{gate}' of the environment '{environment}' cannot be expressed in Azure DevOps: {reason}",
            "change the gate",
            path);

    public static Diagnostic UnknownRollback(string path, string environment) =>
        Error(
            "GAN4616",
            $"there is a target that goes back for the environment '{environment}', which is not declared",
            "declare the environment, or leave the target out",
            path);

    public static Diagnostic NothingToGoBackTo(string path) =>
        Error(
            "GAN4617",
            "a pipeline that goes back finds no earlier release where images are artifacts of the run that built them",
            "use a base registry (ImageTransport.BaseRegistry or Both), or generate no such pipeline",
            path);

    public static Diagnostic SoakTooLong(string path, string environment, int days) =>
        Warning(
            "GAN8041",
            $"the soak time of the environment '{environment}' is longer than the {Format.Count(days, "day")} that a pipeline can wait",
            "run the stage again when it is over: it fails until then",
            path);

    public static Diagnostic SeveralTemplates(string path, string template, string other) =>
        Error(
            "GAN8042",
            $"a gate requires the template '{template}' and another '{other}', but a pipeline extends only one",
            "require the same template everywhere",
            path);

    public static Diagnostic TemplateWithoutEndpoint(string path, string repository, string type) =>
        Error(
            "GAN8043",
            $"the required template is in the {type} repository '{repository}', which needs a service connection",
            "name it as TemplateEndpoint",
            path);

    /// <param name="path">The place of the first registry.</param>
    /// <param name="parameters">The parameters of all registries without an address.</param>
    public static Diagnostic UnknownAddresses(string path, IReadOnlyList<string> parameters) =>
        Warning(
            "GAN8044",
            $"the pipeline has no address for {string.Join(", ", parameters)}",
            "give the addresses or a variable group that has them, or set them as variables of the pipeline in Azure DevOps",
            path);

    public static Diagnostic FolderAddress(string path, string parameter, string address) =>
        Warning(
            "GAN8045",
            $"the registry '{parameter}' is the folder '{address}', which is gone when its job ends",
            "name a registry that all jobs reach",
            path);

    public static Diagnostic RegistriesMismatch(string path, string environment, IEnumerable<string> expected, IEnumerable<string> given) =>
        Error(
            "GAN8047",
            $"the environment '{environment}' needs the registries {Format.List(expected)}, not {Format.List(given)}",
            "give one registry for each region, in their order",
            path);

    public static Diagnostic ConnectionOfRegion(string path, string environment, string parameter) =>
        Error(
            "GAN8048",
            $"the registry '{parameter}' has a service connection of its own, but one job promotes to all regions of '{environment}'",
            "set JobPerRegion, or name one service connection for the environment",
            path);

    public static Diagnostic UnusableReleaseTrigger(string path, string trigger, string reason) =>
        Error(
            "GAN8049",
            $"the release pipeline cannot start by {trigger}: {reason}",
            "add what is missing, or choose another trigger",
            path);

    public static Diagnostic NothingPromotes(string path) =>
        Warning(
            "GAN8052",
            "neither the build pipeline nor a release pipeline promotes",
            "set PromoteAfterBuild or declare a release pipeline",
            path);

    public static Diagnostic UnusableShell(string path, string shell) =>
        Error("GAN8053", $"'{shell}' cannot run the build on every system", "use Bash or Pwsh", path);

    public static Diagnostic UnusableAzureEnvironment(string path, string name, string reason) =>
        Error(
            "GAN8035",
            $"'{name}' cannot be the name of an environment in Azure DevOps: {reason}",
            "use letters, digits, '-', '_' and spaces within it, or leave AzureEnvironment out",
            path);

    public static Diagnostic ReservedEnvironment(string path, string name) =>
        Error("GAN8054", $"the environment '{name}' has the name of a choice of people who start a run by hand", "rename it", path);

    public static Diagnostic PathsWithoutBranches(string path) =>
        Error(
            "GAN8065",
            "changed files start a run only together with branches, and no branch does",
            "name the branches, or leave the files out",
            path);

    public static Diagnostic PublishingConnection(string path, string connection) =>
        Error(
            "GAN8070",
            $"a step of the build, which pull requests run, reads the base registry with '{connection}', the service connection "
                + "that publishes",
            "name a service connection that only reads it",
            path);

    public static Diagnostic UnnamedReader(string path) =>
        Error(
            "GAN8070",
            "a step of the build, which pull requests run, reads the base registry, and no service connection for that is named",
            "set ServiceConnection of the step to one that only reads it, not to the one that publishes",
            path);

    public static Diagnostic PromotedTwice(string path, string trigger) =>
        Error(
            "GAN8068",
            $"the build pipeline promotes what it builds, and {trigger} starts the release pipeline with the same release",
            "set PromoteAfterBuild = false, or let the release pipeline start by other tags or branches",
            path);

    public static Diagnostic SharedEnvironment(string path, string azureEnvironment, IEnumerable<string> environments) => Error(
        "GAN9067",
        $"the environments {string.Join(" and ", environments.Select(name => $"'{name}'"))} have the same environment "
            + $"'{azureEnvironment}' in "
            + "Azure DevOps, whose checks cannot be those of both",
        "give each an AzureEnvironment of its own",
        path);

    public static Diagnostic UnknownStage(string path, string stage, IEnumerable<string> known) => Error(
        "GAN8056", $"no pipeline has the stage '{stage}' that something is added to", Format.Choice(known, "declare it first"), path);

    public static Diagnostic UnknownJob(string path, string stage, string job, IEnumerable<string> known) => Error(
        "GAN8057",
        $"the stage '{stage}' has no job '{job}' that something could be added to",
        Format.Choice(known, "declare it first"),
        path);

    public static Diagnostic StageWithoutPlace(string path, string stage) =>
        Error("GAN8093", $"the stage '{stage}' has no place among the others", "name the stage that it comes After, or Before", path);

    public static Diagnostic UnknownNeighbor(string path, string stage, string neighbor, IEnumerable<string> known) =>
        Error(
            "GAN8093",
            $"the stage '{stage}' comes before or after '{neighbor}', which no pipeline has",
            Format.Choice(known, "declare it first"),
            path);

    public static Diagnostic NeighborsApart(string path, string stage, IEnumerable<string> named) =>
        Error(
            "GAN8093",
            $"the stage '{stage}' names {Format.List(named)}, which no pipeline has together",
            "name stages of one pipeline",
            path);

    /// <summary>Converts an error about environments and images that has its own code.</summary>
    public static Diagnostic FromEngine(string path, GantryException exception) =>
        Error(exception.Code, exception.Problem, exception.Remedy, path);

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);

    private static Diagnostic Warning(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Warning, problem, remedy, path);
}

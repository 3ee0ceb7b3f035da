using Gantry.AzurePipelines;

namespace Gantry.GitHubActions.Generation;

/// <summary>GAN4616, GAN4617, GAN4625, GAN8200, GAN8204 to GAN8216 and GAN8234: errors of a declaration.</summary>
internal static class DeclarationErrors
{
    public static Diagnostic UnusableFile(string path, string file, string reason) =>
        Error(
            "GAN8200",
            $"'{file}' cannot be a workflow: {reason}",
            "write .github/workflows/ and the name of a file that ends in .yml",
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
            "a rollback workflow finds no earlier release if images are artifacts of the run that built them",
            "use a base registry (ImageTransport.BaseRegistry or Both), or generate no such workflow",
            path);

    /// <param name="path">The place of the first registry.</param>
    /// <param name="parameters">The parameters of all registries without an address.</param>
    /// <param name="variables">The variables in GitHub that can have the addresses.</param>
    public static Diagnostic UnknownAddresses(string path, IReadOnlyList<string> parameters, IEnumerable<string> variables) =>
        Warning(
            "GAN8204",
            $"the workflow has no address for {string.Join(", ", parameters)}",
            $"give the addresses, or set them as variables of the repository in GitHub: {string.Join(", ", variables)}",
            path);

    public static Diagnostic FolderAddress(string path, string parameter, string address) =>
        Warning(
            "GAN8205",
            $"the registry '{parameter}' is '{address}', which is gone when its job ends",
            "name a registry that all jobs reach",
            path);

    public static Diagnostic NoCredential(string path, string host, string job) =>
        Warning(
            "GAN8206",
            $"the job '{job}' has no credential for the registry '{host}'",
            "name its variable and secret as Logins, or sign in by a step of your own (StepsBefore)",
            path);

    public static Diagnostic OnlyInAzureDevOps(string path, string what) =>
        Warning(
            "GAN8207",
            $"the workflow does not have {what} of the declaration, which Azure Pipelines alone has",
            "declare it for GitHub, too, or remove it from the declaration of the workflow",
            path);

    public static Diagnostic ReservedEnvironment(string path, string environment) =>
        Error("GAN8208", $"'{environment}' is what a person chooses for all or no environments", "rename the environment", path);

    public static Diagnostic SharedEnvironment(string path, string name, IEnumerable<string> environments) =>
        Error(
            "GAN8209",
            $"the environments {Format.List(environments)} are one environment '{name}' in GitHub, with the same protection",
            "give each a GitHubEnvironment of its own",
            path);

    public static Diagnostic UnknownJob(string path, string job, IEnumerable<string> known) =>
        Error("GAN8210", $"no workflow has the job '{job}'", Format.Choice(known, "leave it out"), path);

    public static Diagnostic NothingPromotes(string path) =>
        Warning(
            "GAN8211",
            "nothing promotes what the workflow builds",
            "set PromoteAfterBuild, or generate the release workflow",
            path);

    public static Diagnostic NothingToFind(string path) =>
        Error(
            "GAN8211",
            "the release workflow finds releases in the base registry, but images are artifacts of their run",
            "use another transport, or leave the release workflow out",
            path);

    public static Diagnostic NoPromotedBranches(string path) =>
        Error("GAN8212", "no branch is promoted, because none is named", "name the branches; '*' alone means all", path);

    public static Diagnostic UnusableBranch(string path, string branch, string reason) =>
        Error("GAN8213", $"the branch '{branch}' cannot be matched: {reason}", "write main or release/*", path);

    public static Diagnostic UnusableName(string path, string kind, string name) =>
        Error(
            "GAN8214",
            $"'{name}' cannot be the name of a {kind} in GitHub",
            "use letters, digits and '_', not starting with a digit or GITHUB_",
            path);

    public static Diagnostic MalformedSchedule(string path, string cron, string reason) =>
        Error(
            "GAN8215",
            $"'{cron}' is not a schedule: {reason}",
            "write minute, hour, day, month and day of the week in UTC, for example 0 3 * * Mon-Fri",
            path);

    public static Diagnostic RegistriesMismatch(string path, string environment, IEnumerable<string> expected, IEnumerable<string> given) =>
        Error(
            "GAN8216",
            $"the environment '{environment}' needs the registries {Format.List(expected)}, not {Format.List(given)}",
            "give one registry for each region, in their order",
            path);

    public static Diagnostic UnknownRegion(string path, string environment, string region, IEnumerable<string> known) =>
        Error(
            "GAN8234",
            $"the environment '{environment}' has no job of the region '{region}'",
            Format.Choice(known, "set JobPerRegion"),
            path);

    public static Diagnostic PausesTooLong(string path, string environment, TimeSpan pauses, TimeSpan limit) =>
        Error(
            "GAN4625",
            $"a job of the environment '{environment}' waits {Format.Duration(pauses)} between waves of regions, and ends after "
                + Format.Duration(limit),
            "set TimeoutInMinutes to more, or PauseBetweenWaves to less",
            path);

    public static Diagnostic FromEngine(string path, GantryException error) => Error(error.Code, error.Problem, error.Remedy, path);

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);

    private static Diagnostic Warning(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Warning, problem, remedy, path);
}

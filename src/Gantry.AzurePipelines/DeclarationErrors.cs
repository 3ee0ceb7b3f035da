namespace Gantry.AzurePipelines;

/// <summary>GAN804x to GAN806x: what is wrong with a declaration, and with generated files.</summary>
internal static class DeclarationErrors
{
    public static Finding InexpressibleGate(string path, string gate, string environment, string reason) =>
        Error("GAN8040", $"the gate '{gate}' of the environment '{environment}' cannot be expressed in Azure DevOps: {reason}", "change the gate", path);

    public static Finding LateSoak(string path, string environment, int days) =>
        Warning("GAN8041", $"the soak time of the environment '{environment}' is longer than the {days} days that a pipeline can wait", "run the stage again when it is over: it fails until then", path);

    public static Finding SeveralTemplates(string path, string template, string other) =>
        Error("GAN8042", $"a gate requires the template '{template}' and another '{other}', but a pipeline extends only one", "require the same template everywhere", path);

    public static Finding TemplateWithoutEndpoint(string path, string repository, string type) =>
        Error("GAN8043", $"the required template stands in the {type} repository '{repository}', which needs a service connection", "name it as TemplateEndpoint", path);

    public static Finding UnknownAddress(string path, string parameter) =>
        Warning("GAN8044", $"the pipeline does not know the registry '{parameter}'", "give its address or a variable group that has it, or set it as a variable of the pipeline in Azure DevOps", path);

    public static Finding FolderAddress(string path, string parameter, string address) =>
        Warning("GAN8045", $"the registry '{parameter}' is the folder '{address}', which is gone when its job ends", "name a registry that all jobs reach", path);

    public static Finding UnauthorizedRegistry(string path, string parameter, string address) =>
        Warning("GAN8046", $"the registry '{parameter}' is '{address}', but the pipeline has no service connection that may use it", "name an Azure Resource Manager service connection, or give credentials as secrets", path);

    public static Finding RegistriesMismatch(string path, string environment, IEnumerable<string> expected, IEnumerable<string> given) =>
        Error("GAN8047", $"the environment '{environment}' needs the registries {string.Join(", ", expected)}, not {string.Join(", ", given)}", "give one registry for each region, in their order", path);

    public static Finding ConnectionOfRegion(string path, string environment, string parameter) =>
        Error("GAN8048", $"the registry '{parameter}' has a service connection of its own, but one job promotes to all regions of '{environment}'", "set JobPerRegion, or name one service connection for the environment", path);

    public static Finding UnusableReleaseTrigger(string path, string trigger, string reason) =>
        Error("GAN8049", $"the release pipeline cannot start by {trigger}: {reason}", "add what is missing, or choose another trigger", path);

    public static Finding UnusableFile(string path, string file, string reason) =>
        Error("GAN8050", $"'{file}' cannot be a file to generate: {reason}", "write a path relative to the root of the repository, with '/' between folders", path);

    public static Finding DuplicateFile(string path, string file) =>
        Error("GAN8050", $"'{file}' would be written more than once", "give each file a name of its own", path);

    public static Finding UnusableBranch(string path, string branch) =>
        Error("GAN8051", $"'{branch}' cannot be a promoted branch", "write a branch, with '*' only at its end", path);

    public static Finding NothingPromotes(string path) =>
        Warning("GAN8052", "neither the build pipeline nor a release pipeline promotes", "set PromoteAfterBuild or declare a release pipeline", path);

    public static Finding UnusableShell(string path, string shell) =>
        Error("GAN8053", $"'{shell}' cannot run the build on every system", "use Bash or Pwsh", path);

    public static Finding ReservedEnvironment(string path, string name) =>
        Error("GAN8054", $"the environment '{name}' cannot be told from a choice of the same name when a run is started by hand", "rename it", path);

    public static Finding UnusableTarget(string path, string target, string reason) =>
        Error("GAN8055", $"the target '{target}' cannot have a run configuration: {reason}", "correct it in the build class", path);

    public static GantryException UnreadableFile(string path, Exception inner) =>
        new("GAN8060", $"the generated file '{path}' cannot be read: {inner.Message.TrimEnd('.')}", "check its permissions", inner);

    public static GantryException StaleFiles(IReadOnlyList<FileDifference> files) => new(
        "GAN8061",
        files is [var only]
            ? $"the generated file '{only.Path}' {Describe(only.State)}"
            : $"{files.Count} generated files are not what the declaration says: {string.Join(", ", files.Select(file => file.State == FileState.Stale ? file.Path : $"{file.Path} ({Describe(file.State)})"))}",
        "run the build on your machine, which generates again, and commit it");

    public static GantryException UnmergeableFile(string path, string reason, Exception? inner = null) =>
        new("GAN8062", $"what you wrote into '{path}' would be lost when it is generated again: {reason}", "remove what cannot be kept, or leave that editor out of the run configurations", inner);

    public static GantryException UnwritableFile(string path, Exception inner) =>
        new("GAN8063", $"the generated file '{path}' cannot be written: {inner.Message.TrimEnd('.')}", "check its permissions", inner);

    public static GantryException UnknownTarget(string name, IEnumerable<string> known) =>
        new("GAN8064", $"there is no target '{name}' whose run configuration could be changed", $"use one of {string.Join(", ", known)}");

    public static Finding PathsWithoutBranches(string path) =>
        Error("GAN8065", "changed files start a run only together with branches, and no branch does", "name the branches, or leave the files out", path);

    public static Finding NoPromotedBranches(string path) =>
        Error("GAN8066", "the build pipeline promotes, but no branch or tag is named that it promotes", "name the promoted branches, or '*' for all", path);

    public static Finding ScheduledImage(string path) =>
        Warning("GAN8067", "by the clock the release pipeline promotes the newest image that Azure DevOps knows, whatever its tag", "let images or the end of a build start it instead, unless that is meant", path);

    /// <summary>What the engine says of environments and images, with its own code.</summary>
    public static Finding OfEngine(string path, GantryException exception) => Error(exception.Code, exception.Problem, exception.Remedy, path);

    public static GantryException Invalid(IReadOnlyList<Finding> errors) =>
        errors is [var only] ? only.ToException()
        : new(errors[0].Code, $"{errors[0].Problem} ({errors[0].DeclarationPath}), and {errors.Count - 1} more {(errors.Count == 2 ? "error" : "errors")}", errors[0].Remedy);

    private static string Describe(FileState state) => state switch
    {
        FileState.Missing => "is missing",
        FileState.Leftover => "is left of something that is gone",
        _ => "is not what the declaration says",
    };

    private static Finding Error(string code, string problem, string remedy, string path) => new(code, FindingSeverity.Error, problem, remedy, path);

    private static Finding Warning(string code, string problem, string remedy, string path) => new(code, FindingSeverity.Warning, problem, remedy, path);
}

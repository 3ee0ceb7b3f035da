using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>GAN80xx: errors in a pipeline, generated or not.</summary>
internal static class PipelineErrors
{
    public static Diagnostic InvalidName(
        string path, string kind, string name, string rule = "letters, digits and '_', not starting with a digit") =>
        Error("GAN8001", $"'{name}' cannot be the name of a {kind}", $"use {rule}", path);

    public static Diagnostic DuplicateName(string path, string kind, string name, string where) =>
        Error("GAN8002", $"the {kind} '{name}' appears more than once in {where}", "give each a name of its own", path);

    public static Diagnostic ReservedName(string path, string kind, string name, string reason) =>
        Error("GAN8003", $"'{name}' cannot be the name of a {kind}: {reason}", "use another name", path);

    public static Diagnostic UnknownDependency(string path, string kind, string name, string dependency) =>
        Error(
            "GAN8004",
            $"the {kind} '{name}' depends on the {kind} '{dependency}', which does not exist",
            $"name a {kind} that exists",
            path);

    public static Diagnostic CyclicDependency(string path, string kind, string name, IEnumerable<string> way) =>
        Error("GAN8005", $"the {kind} '{name}' depends on itself: {string.Join(" after ", way)}", "break the cycle", path);

    public static Diagnostic NothingToStartWith(string path, string owner, string kind) =>
        Error("GAN8006", $"{owner} has no {kind} without dependencies", $"let one {kind} depend on nothing", path);

    public static Diagnostic ManualStageWithDependencies(string path, string name) =>
        Error(
            "GAN8007",
            $"the stage '{name}' is started manually and has dependencies",
            "remove one of the two: the service refuses them together",
            path);

    public static Diagnostic MissingEnvironment(string path, string name) =>
        Error(
            "GAN8008",
            $"the deployment job '{name}' has no environment",
            "name the environment of Azure DevOps that it deploys to",
            path);

    public static Diagnostic NothingInside(string path, string owner, string what) =>
        Error("GAN8009", $"{owner} has no {what}", $"add {what} or remove it", path);

    public static Diagnostic MissingPool(string path, string owner) =>
        Error("GAN8010", $"{owner} has no pool to run in", "name a pool or a hosted image for the job, its stage or the pipeline", path);

    public static Diagnostic ExpressionSyntax(string path, string what, string expression, string reason, int position) =>
        Error(
            "GAN8011",
            $"{what} '{expression}' is not an expression: {reason} (at character {position + 1})",
            "correct the expression",
            path);

    public static Diagnostic ExpressionMeaning(string path, string what, string expression, string reason) =>
        Error("GAN8012", $"{what} '{expression}' cannot be evaluated: {reason}", "use a name or function that is available there", path);

    public static Diagnostic OutOfReach(string path, string what, string reference, string reason) =>
        Error("GAN8013", $"{what} refers to '{reference}': {reason}", "add a dependency on it", path);

    public static Diagnostic UnknownOutput(string path, string what, string reference, string reason) =>
        Error("GAN8014", $"{what} refers to '{reference}': {reason}", "name a step that exists, in the form that its job needs", path);

    public static Diagnostic WrongMachine(string path, string step, string reason) =>
        Error("GAN8015", $"{step} cannot run there: {reason}", "move it to a job of the other kind", path);

    public static Diagnostic TimeoutTooShort(string path, string job, int jobMinutes, int neededMinutes) =>
        Error(
            "GAN8016",
            $"the job '{job}' ends after {Format.Count(jobMinutes, "minute")}, before its step that waits up to {neededMinutes}",
            "give the job a longer timeout",
            path);

    public static Diagnostic TimeoutTooLong(string path, string job, int minutes, int limit) =>
        Error(
            "GAN8016",
            $"the job '{job}' waits {Format.Count(minutes, "minute")}, but the service waits at most {limit}",
            "wait for a shorter time",
            path);

    public static Diagnostic NotLiteral(string path, string what, string value) => string.IsNullOrWhiteSpace(value)
        ? Error("GAN8009", $"{what} is empty", "write the name that it has, or leave it out", path)
        : Error(
            "GAN8017",
            $"{what} is '{value}', which is known only during the run",
            "write the name itself: the service looks it up before the run",
            path);

    public static Diagnostic DuplicateArtifact(string path, string artifact) =>
        Error(
            "GAN8018",
            $"the artifact '{artifact}' is published more than once",
            "give each a name of its own: artifacts of a run cannot be replaced",
            path);

    public static Diagnostic UnknownArtifact(string path, string artifact, string reason) =>
        Error("GAN8018", $"the artifact '{artifact}' cannot be downloaded: {reason}", "publish it in a job that runs before", path);

    public static Diagnostic UnknownResource(string path, string kind, string alias) =>
        Error("GAN8019", $"there is no {kind} resource '{alias}'", "declare it among the resources of the pipeline", path);

    public static Diagnostic MalformedSchedule(string path, string cron, string reason) =>
        Error(
            "GAN8020",
            $"'{cron}' is not a schedule: {reason}",
            "write minute, hour, day, month and day of the week in UTC, for example 0 3 * * Mon-Fri",
            path);

    public static Diagnostic ReservedVariable(string path, string name, string reason) =>
        Error("GAN8021", $"the variable '{name}' cannot be set: {reason}", "use another name", path);

    public static Diagnostic SecretInText(string path, string secret, string where) =>
        Error(
            "GAN8022",
            $"the secret '{secret}' is in {where}, where it ends up in logs and process lists",
            "pass it through the environment of the step",
            path);

    public static Diagnostic UnwritableText(string path, string text, char character) =>
        Error("GAN8023", $"the text '{text}' has the character U+{(int)character:X4}, which pipelines cannot contain", "remove it", path);

    public static Diagnostic MalformedTask(string path, string task) =>
        Error("GAN8024", $"'{task}' is not a task", "write its name and major version, for example AzureCLI@2", path);

    public static Diagnostic UnknownParameter(string path, string what, string name) =>
        Error(
            "GAN8025",
            $"{what} uses the parameter '{name}', which is not declared",
            "declare it among the parameters of the pipeline",
            path);

    public static Diagnostic UnusableDefault(string path, string name, string value) =>
        Error("GAN8025", $"the parameter '{name}' has the default '{value}', which is none of its values", "use one of its values", path);

    public static Diagnostic UnusableSecret(string path, string secret, string reason) =>
        Error("GAN8069", $"the secret '{secret}' cannot be a variable of a process: {reason}", "rename it", path);

    public static Diagnostic StagesAndTemplate(string path, string owner) =>
        Error("GAN8026", $"{owner} has stages of its own and extends a template", "pass the stages to the template", path);

    public static Diagnostic OutOfRange(string path, string what, int value, int minimum, int maximum) =>
        Error("GAN8090", $"{what} is {value}", $"use a number from {minimum} to {maximum}", path);

    public static Diagnostic UnreadableYaml(string path, string what, UnreadableYaml error) =>
        Error(
            "GAN8091",
            $"the YAML of {what} cannot be read: {error.Reason}{(error.Line > 0 ? $" (line {error.Line})" : "")}",
            "correct the text",
            path);

    public static Diagnostic UnreachableService(string path, string service, string container, string job) =>
        Error(
            "GAN8092",
            $"{job} cannot reach its service '{service}': it runs in no container, and the container '{container}' has no ports",
            "give the container Ports, or let the job run in a container",
            path);

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);
}

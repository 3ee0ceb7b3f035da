using Gantry.AzurePipelines;

namespace Gantry.GitHubActions.Validation;

/// <summary>GAN8220 to GAN8228: errors in a workflow, generated or not.</summary>
internal static class WorkflowErrors
{
    public static Diagnostic InvalidId(string path, string kind, string id) =>
        Error("GAN8220", $"'{id}' cannot be the id of a {kind}", "use letters, digits, '-' and '_', starting with a letter or '_'", path);

    public static Diagnostic DuplicateId(string path, string kind, string id) =>
        Error("GAN8220", $"the {kind} '{id}' appears more than once", "give each an id of its own", path);

    public static Diagnostic UnknownNeed(string path, string job, string need) =>
        Error("GAN8221", $"the job '{job}' needs the job '{need}', which does not exist", "name a job that exists", path);

    public static Diagnostic CyclicNeeds(string path, string job, IEnumerable<string> way) =>
        Error("GAN8221", $"the job '{job}' needs itself: {string.Join(" after ", way)}", "break the cycle", path);

    public static Diagnostic ExpressionSyntax(string path, string what, string expression, string reason, int position) =>
        Error(
            "GAN8222",
            $"{what} '{expression}' is not an expression: {reason} (at character {position + 1})",
            "correct the expression",
            path);

    public static Diagnostic ExpressionMeaning(string path, string what, string expression, string reason) =>
        Error("GAN8223", $"{what} '{expression}' cannot be evaluated: {reason}", "use what is available there", path);

    public static Diagnostic ExpressionInScript(string path, string step, string expression) =>
        Error(
            "GAN8224",
            $"the script of {step} contains the expression '{expression}', whose value would become a part of the script",
            "pass it as a variable of the step (Environment), and read that in the script",
            path);

    public static Diagnostic MalformedAction(string path, string action, string reason) =>
        Error("GAN8225", $"'{action}' is not an action to use: {reason}", "write owner/name@version, ./folder or docker://image:tag", path);

    public static Diagnostic UnknownArtifact(string path, string job, string artifact) =>
        Error(
            "GAN8226",
            $"the job '{job}' downloads the artifact '{artifact}', which no job before it uploads",
            "upload it in a job that it needs",
            path);

    public static Diagnostic NothingInside(string path, string owner, string what) =>
        Error("GAN8227", $"{owner} has no {what}", $"add {what} or remove it", path);

    public static Diagnostic UnwritableText(string path, string text, char character) =>
        Error("GAN8228", $"the text '{text}' has the character U+{(int)character:X4}, which workflows cannot contain", "remove it", path);

    public static Diagnostic UnusableVariable(string path, string kind, string name) =>
        Error(
            "GAN8229",
            $"'{name}' cannot be the name of a {kind}",
            "use letters, digits and '_', not starting with a digit or GITHUB_",
            path);

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);
}

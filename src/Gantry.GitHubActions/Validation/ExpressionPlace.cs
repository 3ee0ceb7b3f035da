namespace Gantry.GitHubActions.Validation;

/// <summary>The contexts and functions that expressions may use in a place of a workflow.</summary>
/// <param name="Contexts">The contexts.</param>
/// <param name="Functions">The functions beside those that are available everywhere.</param>
/// <seealso href="https://docs.github.com/actions/reference/workflows-and-actions/contexts#context-availability">
/// GitHub Actions, context availability
/// </seealso>
internal sealed record ExpressionPlace(IReadOnlyList<string> Contexts, IReadOnlyList<string> Functions)
{
    private static readonly string[] OfSteps =
        ["github", "needs", "strategy", "matrix", "job", "runner", "env", "vars", "steps", "inputs"];

    private static readonly string[] Status = ["success", "always", "cancelled", "failure"];

    private static readonly Dictionary<string, (int Least, int Most)> Everywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        ["contains"] = (2, 2),
        ["startsWith"] = (2, 2),
        ["endsWith"] = (2, 2),
        ["format"] = (1, int.MaxValue),
        ["join"] = (1, 2),
        ["toJSON"] = (1, 1),
        ["fromJSON"] = (1, 1),
    };

    public static ExpressionPlace RunName { get; } = new(["github", "inputs", "vars"], []);

    public static ExpressionPlace WorkflowVariables { get; } = new(["github", "secrets", "inputs", "vars"], []);

    public static ExpressionPlace JobCondition { get; } = new(["github", "needs", "vars", "inputs"], Status);

    public static ExpressionPlace JobSetting { get; } = new(["github", "needs", "strategy", "matrix", "vars", "inputs"], []);

    public static ExpressionPlace JobOutput { get; } = new([.. OfSteps, "secrets"], []);

    public static ExpressionPlace StepCondition { get; } = new(OfSteps, [.. Status, "hashFiles"]);

    public static ExpressionPlace StepValue { get; } = new([.. OfSteps, "secrets"], ["hashFiles"]);

    /// <summary>Returns why a call cannot be made here, as the rest of a sentence; null when it can.</summary>
    public string? FindError(string function, int arguments)
    {
        if (Functions.Contains(function, StringComparer.OrdinalIgnoreCase))
        {
            return function.Equals("hashFiles", StringComparison.OrdinalIgnoreCase)
                ? arguments == 0 ? "hashFiles() names no files" : null
                : arguments > 0 ? $"{function}() takes nothing" : null;
        }

        if (!Everywhere.TryGetValue(function, out var takes))
            return $"there is no function {function}() here";
        return arguments < takes.Least || arguments > takes.Most
            ? $"{function}() does not take {Format.Count(arguments, "argument")}"
            : null;
    }
}

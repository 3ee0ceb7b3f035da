namespace Gantry.AzurePipelines.Expressions;

/// <summary>The place of an expression, which determines the available names and functions.</summary>
internal sealed class ExpressionScope
{
    private static readonly Dictionary<string, (int Minimum, int Maximum)> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        ["and"] = (2, int.MaxValue),
        ["coalesce"] = (2, int.MaxValue),
        ["contains"] = (2, 2),
        ["containsValue"] = (2, 2),
        ["endsWith"] = (2, 2),
        ["eq"] = (2, 2),
        ["format"] = (1, int.MaxValue),
        ["ge"] = (2, 2),
        ["gt"] = (2, 2),
        ["iif"] = (3, 3),
        ["in"] = (2, int.MaxValue),
        ["join"] = (2, 2),
        ["le"] = (2, 2),
        ["length"] = (1, 1),
        ["lower"] = (1, 1),
        ["lt"] = (2, 2),
        ["ne"] = (2, 2),
        ["not"] = (1, 1),
        ["notIn"] = (2, int.MaxValue),
        ["or"] = (2, int.MaxValue),
        ["replace"] = (3, 3),
        ["split"] = (2, 2),
        ["startsWith"] = (2, 2),
        ["trim"] = (1, 1),
        ["upper"] = (1, 1),
        ["xor"] = (2, 2),
    };

    private readonly Dictionary<string, (int Minimum, int Maximum)> _functions;
    private readonly HashSet<string> _names;

    private ExpressionScope(string description, IEnumerable<string> names, params (string Name, int Minimum, int Maximum)[] functions)
    {
        Description = description;
        _names = new(names, StringComparer.OrdinalIgnoreCase);
        _functions = new(Common, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, minimum, maximum) in functions)
            _functions[name] = (minimum, maximum);
    }

    /// <summary>The condition of a stage, job or step.</summary>
    public static ExpressionScope Condition { get; } = new(
        "a condition",
        ["variables", "dependencies", "stageDependencies", "pipeline", "resources"],
        ("always", 0, 0),
        ("canceled", 0, 0),
        ("failed", 0, int.MaxValue),
        ("succeeded", 0, int.MaxValue),
        ("succeededOrFailed", 0, int.MaxValue));

    /// <summary>A variable that is evaluated at run time, <c>$[ ]</c>.</summary>
    public static ExpressionScope RuntimeValue { get; } = new(
        "a runtime expression", ["variables", "dependencies", "stageDependencies", "pipeline", "resources"], ("counter", 0, 2));

    /// <summary>A template expression that is replaced before the run, <c>${{ }}</c>.</summary>
    public static ExpressionScope Template { get; } = new(
        "a template expression", ["parameters", "variables", "resources", "environment"], ("convertToJson", 1, 1));

    /// <summary>The success criteria of a check, evaluated on the response of a service, which is called <c>root</c>.</summary>
    public static ExpressionScope ServiceResponse { get; } = new(
        "the success criteria of a check", ["root", "variables"], ("count", 1, 1), ("jsonpath", 1, 1));

    /// <summary>The name of the scope in a sentence.</summary>
    public string Description { get; }

    /// <summary>
    /// Returns why an expression cannot be used here: an unknown name or function, a wrong number of arguments; null when it can.
    /// </summary>
    public string? Validate(Expression expression)
    {
        switch (expression)
        {
            case NamedValueExpression named when _names.Contains(named.Name):
                return null;
            case NamedValueExpression named when _functions.ContainsKey(named.Name):
                return $"the function '{named.Name}' is not called: its parentheses are missing";
            case NamedValueExpression named:
                return $"'{named.Name}' is not known in {Description}";
            case PropertyExpression property:
                return Validate(property.Target);
            case WildcardExpression wildcard:
                return Validate(wildcard.Target);
            case IndexExpression index:
                return Validate(index.Target) ?? Validate(index.Index);
            case FunctionExpression function:
                return Validate(function);
            default:
                return null;
        }
    }

    private string? Validate(FunctionExpression function)
    {
        if (!_functions.TryGetValue(function.Name, out var arity))
            return $"there is no function '{function.Name}' in {Description}";
        var count = function.Arguments.Count;
        if (count < arity.Minimum || count > arity.Maximum)
            return $"'{function.Name}' takes {Describe(arity)}, not {count}";
        return function.Arguments.Select(Validate).FirstOrDefault(error => error is not null);
    }

    private static string Describe((int Minimum, int Maximum) arity) => arity switch
    {
        (1, 1) => "1 argument",
        (var minimum, int.MaxValue) => $"at least {minimum} arguments",
        var (minimum, maximum) when minimum == maximum => $"{minimum} arguments",
        var (minimum, maximum) => $"{minimum} to {maximum} arguments",
    };
}

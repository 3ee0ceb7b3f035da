using System.Globalization;
using System.Text.Json;
using Gantry.GitHubActions.Expressions;

namespace Gantry.WorkflowRunner;

/// <summary>
/// Evaluates expressions. Values are null, booleans, numbers, texts, lists and objects with names in any case; what is not there is null.
/// </summary>
/// <seealso href="https://docs.github.com/actions/reference/workflows-and-actions/expressions">GitHub Actions, expressions</seealso>
internal sealed class Evaluator(IReadOnlyDictionary<string, object?> contexts)
{
    /// <summary>The functions that depend on the place: <c>success</c>, <c>hashFiles</c>.</summary>
    public IReadOnlyDictionary<string, Func<IReadOnlyList<object?>, object?>> Functions { get; init; } =
        new Dictionary<string, Func<IReadOnlyList<object?>, object?>>();

    /// <summary>Replaces the expressions in a value.</summary>
    public string Expand(string value) => string.Concat(TemplateText.Split(value).Select(part =>
        part.IsExpression ? ToText(Evaluate(part.Text.Trim())) : part.Text));

    /// <summary>Evaluates a condition, with or without <c>${{ }}</c>.</summary>
    public bool IsTrue(string condition) => IsTruthy(Evaluate(Inner(condition)));

    public static string Inner(string condition) =>
        TemplateText.Split(condition) is [{ IsExpression: true, Text: var text }] ? text : condition;

    /// <summary>True when a condition itself asks how the jobs or steps before it ended.</summary>
    public static bool AsksForStatus(string condition) => ExpressionParser.Parse(Inner(condition)).Nodes().OfType<CallExpression>()
        .Any(call => call.Function.ToLowerInvariant() is "success" or "failure" or "always" or "cancelled");

    public object? Evaluate(string text)
    {
        try
        {
            return Evaluate(ExpressionParser.Parse(text));
        }
        catch (ExpressionSyntaxException exception)
        {
            throw new WorkflowException($"'{text}' is not an expression: {exception.Message}");
        }
    }

    private object? Evaluate(Expression expression) => expression switch
    {
        LiteralExpression literal => literal.Value,
        ContextExpression context => contexts.TryGetValue(context.Name, out var found)
            ? found
            : throw new WorkflowException($"there is no context '{context.Name}' here"),
        PropertyExpression { Name: "*", Target: var target } => Values(Evaluate(target)),
        PropertyExpression property => Property(Evaluate(property.Target), property.Name),
        IndexExpression index => Property(Evaluate(index.Target), ToText(Evaluate(index.Index))),
        NotExpression not => !IsTruthy(Evaluate(not.Operand)),
        BinaryExpression { Operator: "&&" } and => Evaluate(and.Left) is var left && IsTruthy(left) ? Evaluate(and.Right) : left,
        BinaryExpression { Operator: "||" } or => Evaluate(or.Left) is var left && IsTruthy(left) ? left : Evaluate(or.Right),
        BinaryExpression binary => Compare(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right)),
        CallExpression call => Call(call.Function, [.. call.Arguments.Select(Evaluate)]),
        _ => throw new WorkflowException($"'{expression}' cannot be evaluated"),
    };

    private object? Call(string function, IReadOnlyList<object?> arguments) => function.ToLowerInvariant() switch
    {
        "contains" when arguments[0] is IReadOnlyList<object?> list => list.Any(item => AreEqual(item, arguments[1])),
        "contains" => ToText(arguments[0]).Contains(ToText(arguments[1]), StringComparison.OrdinalIgnoreCase),
        "startswith" => ToText(arguments[0]).StartsWith(ToText(arguments[1]), StringComparison.OrdinalIgnoreCase),
        "endswith" => ToText(arguments[0]).EndsWith(ToText(arguments[1]), StringComparison.OrdinalIgnoreCase),
        "format" => string.Format(CultureInfo.InvariantCulture, ToText(arguments[0]), [.. arguments.Skip(1).Select(ToText)]),
        "join" => string.Join(arguments.Count > 1 ? ToText(arguments[1]) : ",", ((IReadOnlyList<object?>)arguments[0]!).Select(ToText)),
        "fromjson" => Read(JsonDocument.Parse(ToText(arguments[0])).RootElement),
        _ => Functions.TryGetValue(function, out var own)
            ? own(arguments)
            : throw new WorkflowException($"there is no function {function}() here"),
    };

    private static object? Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Array => element.EnumerateArray().Select(Read).ToList(),
        _ => element.EnumerateObject().ToDictionary(member => member.Name, member => Read(member.Value), StringComparer.OrdinalIgnoreCase),
    };

    private static object? Property(object? target, string name) => target switch
    {
        IReadOnlyDictionary<string, object?> mapping =>
            mapping.FirstOrDefault(entry => entry.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value,
        IReadOnlyDictionary<string, string> texts =>
            texts.FirstOrDefault(entry => entry.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value,
        IReadOnlyList<object?> list when int.TryParse(name, out var at) => at < list.Count ? list[at] : null,
        IReadOnlyList<object?> list => list.Select(item => Property(item, name)).Where(item => item is not null).ToList(),
        _ => null,
    };

    private static IReadOnlyList<object?> Values(object? target) => target switch
    {
        IReadOnlyDictionary<string, object?> mapping => [.. mapping.Values],
        IReadOnlyList<object?> list => list,
        _ => [],
    };

    private static bool Compare(string sign, object? left, object? right) => sign switch
    {
        "==" => AreEqual(left, right),
        "!=" => !AreEqual(left, right),
        "<" => ToNumber(left) < ToNumber(right),
        "<=" => ToNumber(left) <= ToNumber(right),
        ">" => ToNumber(left) > ToNumber(right),
        _ => ToNumber(left) >= ToNumber(right),
    };

    // Texts are compared in any case; values of different kinds as numbers.
    private static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase),
        (null, null) => true,
        (bool a, bool b) => a == b,
        _ => ToNumber(left) == ToNumber(right),
    };

    private static double ToNumber(object? value) => value switch
    {
        null => 0,
        bool truth => truth ? 1 : 0,
        double number => number,
        string { Length: 0 } => 0,
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
        _ => double.NaN,
    };

    private static bool IsTruthy(object? value) => value switch
    {
        null => false,
        bool truth => truth,
        double number => number != 0 && !double.IsNaN(number),
        string text => text.Length > 0,
        _ => true,
    };

    private static string ToText(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        double number => number.ToString(CultureInfo.InvariantCulture),
        string text => text,
        _ => throw new WorkflowException("an object is no text"),
    };
}

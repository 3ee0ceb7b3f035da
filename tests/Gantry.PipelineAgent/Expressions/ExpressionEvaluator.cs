using System.Text;
using System.Text.Json;
using Gantry.AzurePipelines.Expressions;
using static Gantry.PipelineAgent.Expressions.ExpressionValues;

namespace Gantry.PipelineAgent.Expressions;

/// <summary>Evaluates expressions as the service does.</summary>
internal sealed class ExpressionEvaluator(ExpressionContext context)
{
    public static object? Evaluate(string text, ExpressionContext context) =>
        ExpressionParser.TryParse(text, out var expression, out var error)
            ? new ExpressionEvaluator(context).Evaluate(expression)
            : throw new PipelineException($"'{text}' is not an expression: {error.Reason}");

    internal object? Evaluate(Expression expression) => expression switch
    {
        LiteralExpression literal => literal.Value,
        NamedValueExpression named => context.Values.TryGetValue(named.Name, out var value)
            ? value
            : throw new PipelineException($"Unrecognized value: '{named.Name}'"),
        PropertyExpression property => Element(Evaluate(property.Target), property.Name),
        IndexExpression index => Element(Evaluate(index.Target), Evaluate(index.Index)),
        WildcardExpression wildcard => All(Evaluate(wildcard.Target)),
        FunctionExpression function => Call(function),
        _ => throw new PipelineException($"'{expression}' cannot be evaluated"),
    };

    private static object? Element(object? target, object? key) => target switch
    {
        FilteredArray filtered => new FilteredArray(filtered.Items.Select(item => Element(item, key)).Where(item => item is not null)),
        IDictionary<string, object?> dictionary => dictionary.TryGetValue(ToText(key), out var value) ? value : null,
        IReadOnlyList<object?> list when TryToNumber(key, out var at) && at >= 0 && at < list.Count => list[(int)at],
        _ => null,
    };

    private static FilteredArray All(object? target) => target switch
    {
        IDictionary<string, object?> dictionary => new(dictionary.Values),
        IReadOnlyList<object?> list => new(list),
        _ => new([]),
    };

    private object? Call(FunctionExpression function)
    {
        var arguments = function.Arguments;
        object? At(int i) => Evaluate(arguments[i]);
        string TextAt(int i) => ToText(At(i));
        const StringComparison ignoreCase = StringComparison.OrdinalIgnoreCase;

        if (context.Functions.TryGetValue(function.Name, out var special))
            return special([.. arguments.Select(Evaluate)]);
        return function.Name.ToLowerInvariant() switch
        {
            "and" => arguments.All(argument => ToBoolean(Evaluate(argument))),
            "or" => arguments.Any(argument => ToBoolean(Evaluate(argument))),
            "xor" => ToBoolean(At(0)) != ToBoolean(At(1)),
            "not" => !ToBoolean(At(0)),
            "eq" => AreEqual(At(0), At(1)),
            "ne" => !AreEqual(At(0), At(1)),
            "gt" => Compare(At(0), At(1)) > 0,
            "ge" => Compare(At(0), At(1)) >= 0,
            "lt" => Compare(At(0), At(1)) < 0,
            "le" => Compare(At(0), At(1)) <= 0,
            "in" => IsIn(arguments),
            "notin" => !IsIn(arguments),
            "contains" => TextAt(0).Contains(TextAt(1), ignoreCase),
            "containsvalue" => All(At(0)).Items.Any(item => AreEqual(item, At(1))),
            "startswith" => TextAt(0).StartsWith(TextAt(1), ignoreCase),
            "endswith" => TextAt(0).EndsWith(TextAt(1), ignoreCase),
            "coalesce" => arguments.Select(Evaluate).FirstOrDefault(value => value is not (null or "")),
            "iif" => ToBoolean(At(0)) ? At(1) : At(2),
            "lower" => TextAt(0).ToLowerInvariant(),
            "upper" => TextAt(0).ToUpperInvariant(),
            "trim" => TextAt(0).Trim(),
            "replace" => TextAt(1).Length == 0 ? TextAt(0) : TextAt(0).Replace(TextAt(1), TextAt(2), StringComparison.Ordinal),
            "split" => TextAt(0).Split(TextAt(1)).Cast<object?>().ToList(),
            "join" => At(1) is IReadOnlyList<object?> list ? string.Join(TextAt(0), list.Select(ToText)) : TextAt(1),
            "length" => (decimal)(At(0) switch
            {
                IReadOnlyList<object?> list => list.Count,
                IDictionary<string, object?> dictionary => dictionary.Count,
                var value => ToText(value).Length,
            }),
            "format" => Format(TextAt(0), [.. arguments.Skip(1).Select(argument => ToText(Evaluate(argument)))]),
            "converttojson" => JsonSerializer.Serialize(At(0)),
            _ => throw new PipelineException($"Unrecognized function: '{function.Name}'"),
        };
    }

    private bool IsIn(IReadOnlyList<Expression> arguments)
    {
        var value = Evaluate(arguments[0]);
        return arguments.Skip(1).Any(argument => AreEqual(value, Evaluate(argument)));
    }

    private static string Format(string format, string[] arguments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (i + 1 < format.Length && format[i] is '{' or '}' && format[i + 1] == format[i])
            {
                text.Append(format[i++]);
            }
            else if (format[i] == '{'
                && format.IndexOf('}', i) is var end and > 0
                && int.TryParse(format[(i + 1)..end], out var number)
                && number < arguments.Length)
            {
                text.Append(arguments[number]);
                i = end;
            }
            else
            {
                text.Append(format[i]);
            }
        }

        return text.ToString();
    }

    private sealed class FilteredArray(IEnumerable<object?> items) : List<object?>(items)
    {
        public IReadOnlyList<object?> Items => this;
    }
}

namespace Gantry.PipelineAgent.Expressions;

/// <summary>The named values and additional functions of an expression.</summary>
internal sealed class ExpressionContext
{
    public IDictionary<string, object?> Values { get; init; } = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);

    public IDictionary<string, Func<IReadOnlyList<object?>, object?>> Functions { get; init; } =
        new Dictionary<string, Func<IReadOnlyList<object?>, object?>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns a copy with another value.</summary>
    public ExpressionContext With(string name, object? value) => new()
    {
        Values = new Dictionary<string, object?>(Values, StringComparer.OrdinalIgnoreCase) { [name] = value },
        Functions = Functions,
    };
}

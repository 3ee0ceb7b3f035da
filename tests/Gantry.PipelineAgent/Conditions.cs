using Gantry.PipelineAgent.Expressions;

namespace Gantry.PipelineAgent;

/// <summary>Evaluates conditions with the results of what ran before.</summary>
internal static class Conditions
{
    private static readonly Outcome[] Good = [Outcome.Succeeded, Outcome.SucceededWithIssues];

    public static bool IsTrue(string? condition, ExpressionContext context) =>
        ExpressionValues.ToBoolean(ExpressionEvaluator.Evaluate(condition ?? "succeeded()", context));

    /// <summary>Creates the status functions over the direct dependencies.</summary>
    public static ExpressionContext ForDependencies(IReadOnlyDictionary<string, Outcome> dependencies)
    {
        IEnumerable<Outcome> Of(IReadOnlyList<object?> names) => names.Count == 0
            ? dependencies.Values
            : names.Select(name => dependencies.TryGetValue(ExpressionValues.ToText(name), out var outcome)
                ? outcome
                : throw new PipelineException($"'{name}' is not a dependency"));
        return new ExpressionContext
        {
            Functions =
            {
                ["always"] = _ => true,
                ["canceled"] = _ => false,
                ["succeeded"] = names => Of(names).All(Good.Contains),
                ["failed"] = names => Of(names).Contains(Outcome.Failed),
                ["succeededOrFailed"] = names => Of(names).All(outcome => outcome != Outcome.Skipped),
            },
        };
    }

    /// <summary>Creates the status functions of a step, over the status of its job so far.</summary>
    public static ExpressionContext ForStep(Outcome job) => new()
    {
        Functions =
        {
            ["always"] = _ => true,
            ["canceled"] = _ => false,
            ["succeeded"] = _ => Good.Contains(job),
            ["failed"] = _ => job == Outcome.Failed,
            ["succeededOrFailed"] = _ => true,
        },
    };

    /// <summary>Creates the entry of a stage in <c>dependencies</c>: its result, and its outputs as <c>job.step.variable</c>.</summary>
    public static object Describe(StageResult stage) => Describe(
        stage.Outcome,
        stage.Jobs.SelectMany(job => job.Value.Outputs.Select(output => KeyValuePair.Create($"{job.Key}.{output.Key}", output.Value))));

    /// <summary>Creates the entry of a job in <c>dependencies</c>.</summary>
    public static object Describe(JobResult job) => Describe(job.Outcome, job.Outputs);

    public static Dictionary<string, object?> Dictionary() => new(StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, object?> Describe(Outcome outcome, IEnumerable<KeyValuePair<string, string>> outputs)
    {
        var described = Dictionary();
        described["result"] = outcome.ToString();
        described["outputs"] = outputs.ToDictionary(
            output => output.Key, object? (output) => output.Value, StringComparer.OrdinalIgnoreCase);
        return described;
    }
}

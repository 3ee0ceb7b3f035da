using Gantry.PipelineAgent.Expressions;

namespace Gantry.PipelineAgent;

/// <summary>Conditions and what they can ask about what ran before.</summary>
internal static class Conditions
{
    private static readonly Outcome[] Good = [Outcome.Succeeded, Outcome.SucceededWithIssues];

    public static bool Holds(string? condition, ExpressionContext context) => ExpressionValues.ToBoolean(ExpressionEvaluator.Evaluate(condition ?? "succeeded()", context));

    /// <summary>The functions that ask how things went, over what something depends on directly.</summary>
    public static ExpressionContext After(IReadOnlyDictionary<string, Outcome> dependencies)
    {
        IEnumerable<Outcome> Of(IReadOnlyList<object?> names) => names.Count == 0
            ? dependencies.Values
            : names.Select(name => dependencies.TryGetValue(ExpressionValues.ToText(name), out var outcome) ? outcome : throw new PipelineException($"'{name}' is not a dependency"));
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

    /// <summary>The functions for a step: over how its job is so far.</summary>
    public static ExpressionContext During(Outcome job) => new()
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

    /// <summary>What <c>dependencies</c> says of a stage: its result, and its outputs as <c>job.step.variable</c>.</summary>
    public static object Describe(StageResult stage) => Describe(
        stage.Outcome, stage.Jobs.SelectMany(job => job.Value.Outputs.Select(output => KeyValuePair.Create($"{job.Key}.{output.Key}", output.Value))));

    /// <summary>What <c>dependencies</c> says of a job.</summary>
    public static object Describe(JobResult job) => Describe(job.Outcome, job.Outputs);

    public static Dictionary<string, object?> Dictionary() => new(StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, object?> Describe(Outcome outcome, IEnumerable<KeyValuePair<string, string>> outputs)
    {
        var described = Dictionary();
        described["result"] = outcome.ToString();
        described["outputs"] = outputs.ToDictionary(output => output.Key, object? (output) => output.Value, StringComparer.OrdinalIgnoreCase);
        return described;
    }
}

using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Validates a pipeline against the rules of the service before any of it is written.</summary>
internal static class PipelineValidator
{
    /// <summary>Returns all errors of the pipeline, in the order of the rules; empty when the service will accept it.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="secrets">The names of the secret variables, in addition to <c>System.AccessToken</c>.</param>
    public static IReadOnlyList<Diagnostic> Validate(Pipeline pipeline, params IReadOnlyList<string> secrets)
    {
        var index = new PipelineIndex(pipeline);
        IEnumerable<Diagnostic>[] rules =
        [
            NameRules.Check(index),
            GraphRules.Check(index),
            JobRules.Check(index),
            StepRules.Check(index),
            TaskRules.Check(index),
            LimitRules.Check(index),
            SecretRules.Check(index),
            ResourceRules.Check(index),
            ParameterRules.Check(index),
            ExpressionRules.Check(index),
            ArtifactRules.Check(index),
            TextRules.Check(index, secrets),
        ];
        return [.. rules.SelectMany(diagnostics => diagnostics).Distinct()];
    }
}

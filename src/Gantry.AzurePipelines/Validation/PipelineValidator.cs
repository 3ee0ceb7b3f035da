using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Holds a pipeline against the rules of the service, before anything of it is written.</summary>
internal static class PipelineValidator
{
    /// <summary>Everything that is wrong with the pipeline, in the order of the rules; empty when the service will take it.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="secrets">The names of the variables that are secret, besides <c>System.AccessToken</c>.</param>
    public static IReadOnlyList<Diagnostic> Validate(Pipeline pipeline, params IReadOnlyList<string> secrets)
    {
        var index = new PipelineIndex(pipeline);
        IEnumerable<Diagnostic>[] rules =
        [
            NameRules.Check(index),
            GraphRules.Check(index),
            JobRules.Check(index),
            StepRules.Check(index),
            ResourceRules.Check(index),
            ParameterRules.Check(index),
            ExpressionRules.Check(index),
            ArtifactRules.Check(index),
            TextRules.Check(index, secrets),
        ];
        return [.. rules.SelectMany(diagnostics => diagnostics).Distinct()];
    }
}

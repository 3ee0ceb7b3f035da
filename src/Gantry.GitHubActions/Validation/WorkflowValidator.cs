using Gantry.AzurePipelines;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Validation;

/// <summary>Validates a workflow against the rules of the service before any of it is written.</summary>
internal static class WorkflowValidator
{
    /// <summary>Returns all errors of the workflow, in the order of the rules; empty when the service will accept it.</summary>
    public static IReadOnlyList<Diagnostic> Validate(Workflow workflow) =>
    [
        .. new[]
        {
            IdRules.Check(workflow),
            NeedRules.Check(workflow),
            StepRules.Check(workflow),
            ExpressionRules.Check(workflow),
            ArtifactRules.Check(workflow),
            TextRules.Check(workflow),
        }.SelectMany(diagnostics => diagnostics).Distinct(),
    ];

    /// <summary>Returns the place of a step in the declaration.</summary>
    internal static string PathOf(WorkflowJob job, WorkflowStep step) => step.Origin ?? job.Origin;

    /// <summary>Returns the step as messages name it.</summary>
    internal static string Describe(WorkflowStep step) =>
        $"the step '{step.Name ?? step.Id ?? step.Action ?? step.Script?.Split('\n')[0]}'";
}

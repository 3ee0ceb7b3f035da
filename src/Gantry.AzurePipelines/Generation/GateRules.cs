using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Validation;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Whether Azure DevOps can hold each gate: in the YAML, as a check of the environment, or in the promotion itself.</summary>
internal static class GateRules
{
    public static IEnumerable<Finding> Check(PipelineEnvironment environment)
    {
        for (var i = 0; i < environment.Environment.Gates.Count; i++)
        {
            var gate = environment.Environment.Gates[i];
            var path = Places.OfGate(environment, i);
            if (FindFault(environment, gate) is { } fault)
                yield return DeclarationErrors.InexpressibleGate(path, gate.Description, environment.Environment.Name, fault);
            if (gate is SoakGate soak && Minutes.Of(soak.Duration) >= JobRules.LongestDelayMinutes)
                yield return DeclarationErrors.LateSoak(path, environment.Environment.Name, JobRules.LongestDelayMinutes / (24 * 60));
        }
    }

    public static IEnumerable<Finding> CheckTemplates(PipelineDeclaration declaration)
    {
        RequiredTemplateGate? first = null;
        foreach (var environment in declaration.Environments)
        {
            for (var i = 0; i < environment.Environment.Gates.Count; i++)
            {
                if (environment.Environment.Gates[i] is not RequiredTemplateGate gate)
                    continue;
                first ??= gate;
                if (Key(gate) != Key(first))
                    yield return DeclarationErrors.SeveralTemplates(Places.OfGate(environment, i), Describe(gate), Describe(first));
                if (gate.RepositoryType != "git" && declaration.TemplateEndpoint is null)
                    yield return DeclarationErrors.TemplateWithoutEndpoint(Places.OfGate(environment, i), gate.Repository, gate.RepositoryType);
            }
        }
    }

    private static string? FindFault(PipelineEnvironment environment, Gate gate) => gate switch
    {
        ApprovalGate approval when approval.Minimum > approval.Approvers.Count =>
            $"it asks for {approval.Minimum} of {approval.Approvers.Count} approvers, and a group counts as one of them",
        ManualValidationGate validation when Minutes.Of(validation.Timeout) >= JobRules.LongestValidationMinutes =>
            $"a job without an agent waits less than {JobRules.LongestValidationMinutes / (24 * 60)} days",
        SoakGate when environment.Environment.After is null => "there is no environment before, in which the release could have been",
        ExclusiveLockGate when environment.Environment.Gates.OfType<ExclusiveLockGate>().Count() > 1 => "the environment has another exclusive lock",
        RestCheckGate rest => FindFault(rest.SuccessCriteria),
        FunctionCheckGate function => FindFault(function.SuccessCriteria),
        ApprovalGate or ManualValidationGate or SoakGate or ExclusiveLockGate or BranchControlGate or BusinessHoursGate
            or RequiredTemplateGate or AzureMonitorAlertsGate or WorkItemQueryGate => null,
        _ => "neither the YAML nor the checks of an environment know it",
    };

    private static string? FindFault(string criteria) =>
        criteria.Length == 0 ? null
        : !ExpressionParser.TryParse(criteria, out var expression, out var fault) ? $"its success criteria '{criteria}' are no expression: {fault.Reason}"
        : ExpressionScope.ServiceAnswer.FindFault(expression) is { } meaning ? $"its success criteria '{criteria}' cannot be evaluated: {meaning}"
        : null;

    private static (string, string, string, string) Key(RequiredTemplateGate gate) => (gate.RepositoryType, gate.Repository, gate.Reference, gate.Path);

    private static string Describe(RequiredTemplateGate gate) => $"{gate.Repository}:{gate.Path}";
}

using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Validation;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// Checks that Azure DevOps can enforce each gate: in the YAML, as a check of the environment, or in the promotion itself.
/// </summary>
internal static class GateRules
{
    public static IEnumerable<Diagnostic> Check(PipelineEnvironment environment)
    {
        for (var i = 0; i < environment.Environment.Gates.Count; i++)
        {
            var gate = environment.Environment.Gates[i];
            var path = DeclarationPath.ForGate(environment, i);
            if (Validate(environment, gate) is { } error)
                yield return DeclarationErrors.UnsupportedGate(path, gate.Description, environment.Environment.Name, error);
            if (gate is SoakGate soak && Minutes.Of(soak.Duration) >= JobRules.LongestDelayMinutes)
                yield return DeclarationErrors.SoakTooLong(path, environment.Environment.Name, JobRules.LongestDelayMinutes / (24 * 60));
        }
    }

    public static IEnumerable<Diagnostic> CheckTemplates(PipelineDeclaration declaration)
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
                    yield return DeclarationErrors.SeveralTemplates(
                        DeclarationPath.ForGate(environment, i), Describe(gate), Describe(first));
                if (gate.RepositoryType != "git" && declaration.TemplateEndpoint is null)
                    yield return DeclarationErrors.TemplateWithoutEndpoint(
                        DeclarationPath.ForGate(environment, i), gate.Repository, gate.RepositoryType);
            }
        }
    }

    private static string? Validate(PipelineEnvironment environment, Gate gate) => gate switch
    {
        ApprovalGate approval when approval.Minimum > approval.Approvers.Count =>
            $"it asks for {approval.Minimum} of {Format.Count(approval.Approvers.Count, "approver")}, and a group counts as one of them",
        ManualValidationGate validation when Minutes.Of(validation.Timeout) >= JobRules.LongestValidationMinutes =>
            $"a job without an agent waits less than {JobRules.LongestValidationMinutes / (24 * 60)} days",
        SoakGate when environment.Environment.After is null => "there is no previous environment, in which the release could have been",
        ExclusiveLockGate when environment.Environment.Gates.OfType<ExclusiveLockGate>().Count() > 1 =>
            "the environment has another exclusive lock",
        RestCheckGate rest => Validate(rest.SuccessCriteria),
        FunctionCheckGate function => Validate(function.SuccessCriteria),
        ApprovalGate or BranchControlGate or BusinessHoursGate or AzureDevOpsGate => null,
        _ when gate.IsEvaluatedByPromotion => null,
        _ => "neither the YAML nor the checks of an environment know it",
    };

    private static string? Validate(string criteria)
    {
        if (criteria.Length == 0)
            return null;
        if (!ExpressionParser.TryParse(criteria, out var expression, out var error))
            return $"its success criteria '{criteria}' are no expression: {error.Reason}";
        return ExpressionScope.ServiceResponse.Validate(expression) is { } meaning
            ? $"its success criteria '{criteria}' cannot be evaluated: {meaning}"
            : null;
    }

    private static (string, string, string, string) Key(RequiredTemplateGate gate) =>
        (gate.RepositoryType, gate.Repository, gate.Reference, gate.Path);

    private static string Describe(RequiredTemplateGate gate) => $"{gate.Repository}:{gate.Path}";
}

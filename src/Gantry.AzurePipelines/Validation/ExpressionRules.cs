using System.Text;
using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>
/// Checks conditions and runtime expressions: well formed, with existing names and functions, and with reachable references.
/// </summary>
internal static class ExpressionRules
{
    public static IEnumerable<Diagnostic> Check(PipelineIndex index)
    {
        foreach (var diagnostic in CheckVariables(index, index.Pipeline.Variables, index.Path, References.OfPipeline()))
            yield return diagnostic;

        foreach (var stage in index.Stages)
        {
            var references = References.OfStage(index, stage);
            foreach (var diagnostic in CheckCondition(
                stage.Stage.Condition, stage.Path, $"the condition of the stage '{stage.Stage.Name}'", references))
                yield return diagnostic;
            foreach (var diagnostic in CheckVariables(index, stage.Stage.Variables, stage.Path, references))
                yield return diagnostic;
        }

        foreach (var job in index.Jobs)
        {
            var references = References.OfJob(index, job);
            foreach (var diagnostic in CheckCondition(
                job.Job.Condition, job.Path, $"the condition of the job '{job.Job.Name}'", references))
                yield return diagnostic;
            foreach (var diagnostic in CheckVariables(index, job.Job.VariableEntries, job.Path, references))
                yield return diagnostic;
        }

        foreach (var step in index.Steps)
        {
            foreach (var diagnostic in CheckCondition(
                step.Step.Condition, step.Path, $"the condition of {step.Description}", References.OfStep()))
                yield return diagnostic;
        }
    }

    private static IEnumerable<Diagnostic> CheckCondition(string? condition, string path, string what, References references) =>
        condition is null ? [] : CheckExpression(condition, path, what, ExpressionScope.Condition, references);

    private static IEnumerable<Diagnostic> CheckVariables(
        PipelineIndex index, IReadOnlyList<VariableEntry> entries, string path, References references) =>
        entries.OfType<Variable>().SelectMany(variable => MacroParser.RuntimeExpression(variable.Value) is { } expression
            ? CheckExpression(
                expression,
                variable.Origin ?? path,
                $"the value of the variable '{variable.Name}'",
                ExpressionScope.RuntimeValue,
                references)
            : []);

    private static IEnumerable<Diagnostic> CheckExpression(
        string text, string path, string what, ExpressionScope scope, References references)
    {
        if (!ExpressionParser.TryParse(WithoutTemplates(text), out var expression, out var error))
            return [PipelineErrors.ExpressionSyntax(path, what, text, error.Reason, error.Position)];
        if (scope.Validate(expression) is { } meaning)
            return [PipelineErrors.ExpressionMeaning(path, what, text, meaning)];
        return references.Check(expression, path, what);
    }

    // Template expressions are replaced before the run by unknown text. A number is valid wherever one may appear: as a value and within a
    // string.
    private static string WithoutTemplates(string text)
    {
        var result = new StringBuilder();
        foreach (var part in MacroParser.Parse(text, out _))
        {
            result.Append(part switch
            {
                TemplatePart => "0",
                LiteralPart literal => literal.Text,
                MacroPart macro => $"$({macro.Variable})",
                _ => "",
            });
        }

        return result.ToString();
    }
}

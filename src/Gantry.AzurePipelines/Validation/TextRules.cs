using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Validation;

/// <summary>
/// Checks every text: YAML can represent it, its template expressions are valid, and no secret is where it would be visible.
/// </summary>
internal static class TextRules
{
    private const string Condition = "${{ if ";

    public static IEnumerable<Diagnostic> Check(PipelineIndex index, IReadOnlyList<string> secrets)
    {
        HashSet<string> hidden = new(
            [.. secrets, .. index.Steps.SelectMany(step => step.Step.Secrets), "System.AccessToken"], StringComparer.OrdinalIgnoreCase);
        foreach (var (node, path, what) in Owners(index))
        {
            foreach (var text in Texts(node))
            {
                if (FindUnwritable(text) is { } character)
                    yield return PipelineErrors.UnwritableText(path, Shorten(text), character);
                foreach (var diagnostic in CheckTemplateExpressions(index, text, path, what))
                    yield return diagnostic;
            }
        }

        foreach (var step in index.Steps)
        {
            var text = step.Step with { Environment = [], Secrets = [], LoginVariables = [] };
            foreach (var secret in Macros(text.ToYaml()).Where(hidden.Contains))
                yield return PipelineErrors.SecretInText(step.Path, secret, step.Description);
        }

        foreach (var stage in index.Stages)
        {
            foreach (var secret in Macros((stage.Stage with { Jobs = [], Variables = [] }).ToYaml()).Where(hidden.Contains))
                yield return PipelineErrors.SecretInText(stage.Path, secret, $"the stage '{stage.Stage.Name}'");
        }

        foreach (var job in index.Jobs)
        {
            var texts = WithoutSteps(job.Job) with { Variables = [] };
            var bare = texts.Plain is { } plain ? texts with { Plain = plain with { Variables = [] } } : texts;
            foreach (var secret in Macros(bare.ToYaml()).Where(hidden.Contains))
                yield return PipelineErrors.SecretInText(job.Path, secret, job.Description);
        }

        foreach (var variable in index.Pipeline.Variables.Concat(index.Stages.SelectMany(stage => stage.Stage.Variables)).Concat(
            index.Jobs.SelectMany(job => job.Job.VariableEntries)))
        {
            foreach (var secret in Macros(variable.ToYaml()).Where(hidden.Contains))
                yield return PipelineErrors.SecretInText(variable.Origin ?? index.Path, secret, "the value of a variable");
        }
    }

    // Each text belongs to one owner; nested nodes check their own texts.
    private static IEnumerable<(YamlValue Node, string Path, string What)> Owners(PipelineIndex index)
    {
        yield return (
            (index.Pipeline with
            {
                Stages = [],
                Extends = index.Pipeline.Extends is { } extends ? extends with { Stages = [] } : null,
            }).ToYaml(),
            index.Path,
            "the pipeline");
        foreach (var stage in index.Stages)
        {
            yield return ((stage.Stage with { Jobs = [] }).ToYaml(), stage.Path, $"the stage '{stage.Stage.Name}'");
            foreach (var template in stage.Stage.Jobs.Where(job => job.Plain?.Template is not null))
                yield return (template.ToYaml(), template.Origin ?? stage.Path, $"the stage '{stage.Stage.Name}'");
            foreach (var job in stage.Jobs)
            {
                yield return (WithoutSteps(job.Job).ToYaml(), job.Path, $"the job '{job.Job.Name}'");
                foreach (var step in job.Steps)
                    yield return (step.Step.ToYaml(), step.Path, step.Description);
            }
        }
    }

    private static IEnumerable<Diagnostic> CheckTemplateExpressions(PipelineIndex index, string text, string path, string what)
    {
        var parts = MacroParser.Parse(text, out var error);
        if (error is not null)
            yield return PipelineErrors.ExpressionSyntax(path, $"a text of {what}", Shorten(text), error.Reason, error.Position);

        foreach (var template in parts.OfType<TemplatePart>())
        {
            if (!ExpressionParser.TryParse(template.Expression, out var expression, out error))
            {
                yield return PipelineErrors.ExpressionSyntax(
                    path, $"a template expression of {what}", template.Expression.Trim(), error.Reason, error.Position);
                continue;
            }

            if (ExpressionScope.Template.Validate(expression) is { } meaning)
                yield return PipelineErrors.ExpressionMeaning(
                    path, $"a template expression of {what}", template.Expression.Trim(), meaning);
            foreach (var name in ExpressionPaths.Of(expression)
                .Where(used => used.Root == "parameters" && used.Segments.Count > 0)
                .Select(used => used.Segments[0]))
            {
                if (!ParameterRules.IsDeclared(index, name))
                    yield return PipelineErrors.UnknownParameter(path, what, name);
            }
        }
    }

    // The steps of a strategy from YAML are checked with the others.
    private static Job WithoutSteps(Job job) => job with
    {
        Steps = [],
        Plain = job.Plain is { Strategy: not null } plain ? plain with { Strategy = new YamlMapping([]) } : job.Plain,
    };

    private static IEnumerable<string> Macros(YamlValue value) =>
        Texts(value).SelectMany(text => MacroParser.Parse(text, out _)).OfType<MacroPart>().Select(macro => macro.Variable);

    private static IEnumerable<string> Texts(YamlValue value) => value switch
    {
        YamlScalar scalar => [scalar.Text],
        YamlSequence sequence => sequence.Items.SelectMany(Texts),
        YamlMapping mapping => mapping.Entries.SelectMany(entry => Texts(entry.Value).Prepend(WithoutDirective(entry.Key))),
        _ => [],
    };

    // The key of a conditional part, of which only the condition is an expression.
    private static string WithoutDirective(string key) =>
        key.StartsWith(Condition, StringComparison.Ordinal) ? "${{ " + key[Condition.Length..] : key;

    // The printable characters of YAML 1.2, without the carriage return, which checkouts on Windows would add and remove.
    private static char? FindUnwritable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i])
                || (char.IsControl(text[i]) && text[i] is not ('\n' or '\t'))
                || text[i] is '\uFEFF' or '\uFFFE' or '\uFFFF' or '\u2028' or '\u2029')
                return text[i];
        }

        return null;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

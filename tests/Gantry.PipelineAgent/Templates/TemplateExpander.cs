using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Yaml;
using Gantry.PipelineAgent.Expressions;

namespace Gantry.PipelineAgent.Templates;

/// <summary>Expands template expressions, directives and templates, as the service does before a run.</summary>
/// <param name="read">Reads a file by its path: <c>azure-pipelines.yml</c>, or <c>path@alias</c> for another repository.</param>
internal sealed class TemplateExpander(Func<string, string> read)
{
    private static readonly string[] Lists = ["stages", "jobs", "steps", "variables"];

    /// <summary>The variables that the service knows before the run: why it started, and from which branch.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Expands the pipeline. The result has no template expressions and no parameters.</summary>
    public YamlMapping Expand(string file, IReadOnlyDictionary<string, object?> parameters)
    {
        var pipeline = (YamlMapping)PipelineYaml.Read(read(file));
        var context = Bind(pipeline, parameters, file);
        var expanded = (YamlMapping)ExpandNode(Without(pipeline, "parameters"), context, file);
        return expanded["extends"] is YamlMapping extends ? Extend(expanded, extends, file) : expanded;
    }

    private YamlMapping Extend(YamlMapping pipeline, YamlMapping extends, string file)
    {
        var path = Resolve(Text(extends["template"]), file);
        var template = (YamlMapping)PipelineYaml.Read(read(path));
        var content = (YamlMapping)ExpandNode(Without(template, "parameters"), Bind(template, Arguments(extends), path), path);
        return new([.. Without(pipeline, "extends").Entries, .. content.Entries]);
    }

    private YamlValue ExpandNode(YamlValue node, ExpressionContext context, string file) => node switch
    {
        YamlScalar scalar => ExpandScalar(scalar, context),
        YamlSequence sequence => new YamlSequence([.. ExpandItems(sequence, context, file)]),
        YamlMapping mapping => new YamlMapping([.. ExpandEntries(mapping, context, file)]),
        _ => node,
    };

    private IEnumerable<YamlValue> ExpandItems(YamlSequence sequence, ExpressionContext context, string file)
    {
        var chosen = false;
        foreach (var item in sequence.Items)
        {
            if (item is YamlMapping { Entries: [var only] } && Directive(only.Key) is { } directive)
            {
                foreach (var branch in Branches(directive, context, ref chosen))
                {
                    foreach (var inner in ((YamlSequence)ExpandNode(only.Value, branch, file)).Items)
                        yield return inner;
                }

                continue;
            }

            chosen = false;
            var expanded = ExpandNode(item, context, file);
            if (item is YamlScalar && expanded is YamlSequence list)
            {
                foreach (var inner in list.Items)
                    yield return inner;
            }
            else if (expanded is YamlMapping { Entries: [{ Key: "template" }, ..] } reference)
            {
                foreach (var inner in Include(reference, file))
                    yield return inner;
            }
            else
            {
                yield return expanded;
            }
        }
    }

    private IEnumerable<KeyValuePair<string, YamlValue>> ExpandEntries(YamlMapping mapping, ExpressionContext context, string file)
    {
        var chosen = false;
        foreach (var (key, value) in mapping.Entries)
        {
            if (Directive(key) is not { } directive)
            {
                chosen = false;
                yield return new(Text(ExpandScalar(new YamlScalar(key, IsString: true), context)), ExpandNode(value, context, file));
                continue;
            }

            foreach (var branch in Branches(directive, context, ref chosen))
            {
                foreach (var inner in ((YamlMapping)ExpandNode(value, branch, file)).Entries)
                    yield return inner;
            }
        }
    }

    private IEnumerable<YamlValue> Include(YamlMapping reference, string file)
    {
        var path = Resolve(Text(reference["template"]), file);
        var template = (YamlMapping)PipelineYaml.Read(read(path));
        var content = (YamlMapping)ExpandNode(Without(template, "parameters"), Bind(template, Arguments(reference), path), path);
        return Lists.Select(list => content[list]).OfType<YamlSequence>().Single().Items;
    }

    // The contexts to expand the content of a directive with: none, one, or one for each element.
    private static IEnumerable<ExpressionContext> Branches(string directive, ExpressionContext context, ref bool chosen)
    {
        var (word, rest) = Cut(directive);
        switch (word)
        {
            case "insert":
                return [context];
            case "if":
                chosen = ExpressionValues.ToBoolean(ExpressionEvaluator.Evaluate(rest, context));
                return chosen ? [context] : [];
            case "elseif":
                if (chosen || !ExpressionValues.ToBoolean(ExpressionEvaluator.Evaluate(rest, context)))
                    return [];
                chosen = true;
                return [context];
            case "else":
                var isElse = !chosen;
                chosen = true;
                return isElse ? [context] : [];
            default:
                var parts = rest.Split(" in ", 2, StringSplitOptions.TrimEntries);
                var items = ExpressionEvaluator.Evaluate(parts[1], context) switch
                {
                    IDictionary<string, object?> dictionary => dictionary.Select(object? (entry) =>
                        new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["key"] = entry.Key, ["value"] = entry.Value }),
                    IReadOnlyList<object?> list => list,
                    _ => [],
                };
                return [.. items.Select(item => context.With(parts[0], item))];
        }
    }

    private static YamlValue ExpandScalar(YamlScalar scalar, ExpressionContext context)
    {
        var parts = MacroParser.Parse(scalar.Text, out var error);
        if (error is not null)
            throw new PipelineException($"'{scalar.Text}': {error.Reason}");
        if (!parts.Any(part => part is TemplatePart))
            return scalar;
        if (parts is [TemplatePart whole])
            return ExpressionValues.ToYaml(ExpressionEvaluator.Evaluate(whole.Expression, context));
        return YamlValue.Of(string.Concat(parts.Select(part => part switch
        {
            TemplatePart template => ExpressionValues.ToText(ExpressionEvaluator.Evaluate(template.Expression, context)),
            MacroPart macro => $"$({macro.Variable})",
            LiteralPart literal => literal.Text,
            _ => "",
        })));
    }

    private ExpressionContext Bind(YamlMapping template, IReadOnlyDictionary<string, object?> arguments, string file)
    {
        var bound = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in (template["parameters"] as YamlSequence)?.Items.Cast<YamlMapping>() ?? [])
        {
            var name = Text(parameter["name"]);
            if (arguments.TryGetValue(name, out var given))
                bound[name] = given;
            else if (parameter["default"] is { } value)
                bound[name] = ExpressionValues.FromYaml(value);
            else
                throw new PipelineException($"{file}: a value for the parameter '{name}' must be provided");

            if (Text(parameter["type"]) == "boolean" && bound[name] is string text)
                bound[name] = bool.Parse(text);
            if (parameter["values"] is YamlSequence values
                && !values.Items.Any(allowed => Text(allowed) == ExpressionValues.ToText(bound[name])))
                throw new PipelineException($"{file}: the parameter '{name}' cannot be '{ExpressionValues.ToText(bound[name])}'");
        }

        if (arguments.Keys.FirstOrDefault(name => !bound.ContainsKey(name)) is { } unknown)
            throw new PipelineException($"{file}: unexpected parameter '{unknown}'");
        return new ExpressionContext { Values = { ["parameters"] = bound, ["variables"] = StaticVariables(template) } };
    }

    private Dictionary<string, object?> StaticVariables(YamlMapping pipeline)
    {
        var variables = Variables.ToDictionary(
            variable => variable.Key, object? (variable) => variable.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var variable in ((pipeline["variables"] as YamlSequence)?.Items.OfType<YamlMapping>() ?? [])
            .Where(variable => variable["name"] is not null))
            variables[Text(variable["name"])] = Text(variable["value"]);
        return variables;
    }

    private static Dictionary<string, object?> Arguments(YamlMapping reference) =>
        ((reference["parameters"] as YamlMapping)?.Entries ?? []).ToDictionary(
            entry => entry.Key, entry => ExpressionValues.FromYaml(entry.Value), StringComparer.OrdinalIgnoreCase);

    private static string? Directive(string key) =>
        MacroParser.Parse(key, out _) is [TemplatePart part]
        && Cut(part.Expression).Word is "if" or "elseif" or "else" or "each" or "insert"
            ? ((TemplatePart)MacroParser.Parse(key, out _)[0]).Expression
            : null;

    private static (string Word, string Operand) Cut(string directive)
    {
        var text = directive.Trim();
        var end = text.IndexOfAny([' ', '(']);
        return end < 0 ? (text, "") : (text[..end], text[end..].Trim());
    }

    // Beside the file that refers to it, or from the root of its repository.
    private static string Resolve(string path, string from)
    {
        if (path.EndsWith("@self", StringComparison.Ordinal))
            return path[..^"@self".Length].TrimStart('/');
        if (path.Contains('@', StringComparison.Ordinal))
            return path;
        if (path.StartsWith('/'))
            return path[1..];
        var folder = from.LastIndexOf('/');
        return folder < 0 ? path : from[..(folder + 1)] + path;
    }

    private static YamlMapping Without(YamlMapping mapping, string key) => new([.. mapping.Entries.Where(entry => entry.Key != key)]);

    private static string Text(YamlValue? value) => (value as YamlScalar)?.Text ?? "";
}

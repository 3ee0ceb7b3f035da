using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// Creates one template from several stages: equal parts become its text, different parts become parameters, and parts that only some
/// stages have become conditional. By construction, the template reproduces each stage when it is expanded with the parameters of that
/// stage.
/// </summary>
internal sealed class StageTemplating
{
    private readonly int _count;
    private readonly List<TemplateParameter> _parameters = [];

    private StageTemplating(int count) => _count = count;

    /// <summary>Creates the template, and its arguments for each of the stages.</summary>
    public static (YamlMapping Template, IReadOnlyList<YamlMapping> Arguments) Create(IReadOnlyList<YamlMapping> stages)
    {
        var templating = new StageTemplating(stages.Count);
        var stage = templating.Unify([.. stages], key: "stage", owner: "");
        var template = new MappingBuilder()
            .Add("parameters", templating._parameters.Select(parameter => parameter.Declare()))
            .Add("stages", [stage])
            .Build();
        return (template, [.. stages.Select((_, i) => templating.ArgumentsOf(i))]);
    }

    private YamlMapping ArgumentsOf(int stage) =>
        new([.. _parameters
            .Where(parameter => parameter.Values[stage] is not null)
            .Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Values[stage]!))]);

    // Null means that the stage does not have the value at all.
    private YamlValue Unify(YamlValue?[] values, string key, string owner)
    {
        var present = values.OfType<YamlValue>().ToList();
        if (present.All(value => value == present[0]) && !HasExpression(present[0]))
            return present[0];
        if (present.All(value => value is YamlMapping))
            return UnifyMappings([.. values.Select(value => (YamlMapping?)value)], key);
        if (present.All(value => value is YamlSequence)
            && SequenceAlignment.Align([.. values.Select(value => (YamlSequence?)value)]) is { } rows)
            return new YamlSequence([.. rows.Select(row => UnifyItems(row, [.. values.Select(value => value is not null)], key))]);
        return YamlValue.Of($"${{{{ parameters.{Parameter(key, owner, values)} }}}}");
    }

    private YamlMapping UnifyMappings(YamlMapping?[] mappings, string owner)
    {
        var entries = new List<KeyValuePair<string, YamlValue>>();
        foreach (var key in SequenceAlignment.Merge(
            mappings.OfType<YamlMapping>().Select(mapping => mapping.Entries.Select(entry => entry.Key))))
        {
            YamlValue?[] values = [.. mappings.Select(mapping => mapping?[key])];
            var value = Unify(values, key, owner);
            var isOptional = mappings.Any(mapping => mapping is not null && mapping[key] is null);
            if (!isOptional)
            {
                entries.Add(new(key, value));
                continue;
            }

            // Only stages that have the key pass the parameter; its default is false.
            var name = Parameter(
                "with" + Capitalize(key), owner, [.. mappings.Select(mapping => mapping?[key] is null ? null : YamlValue.Of(true))]);
            entries.Add(new($"${{{{ if parameters.{name} }}}}", new YamlMapping([new(key, value)])));
        }

        return new(entries);
    }

    // An item that only some of the sequences have is inserted where its parameter says so.
    private YamlValue UnifyItems(YamlValue?[] items, bool[] hasSequence, string key)
    {
        var item = Unify(items, key, key);
        if (!items.Where((value, i) => hasSequence[i] && value is null).Any())
            return item;
        var kind = ((YamlMapping)items.OfType<YamlValue>().First()).Entries[0].Key;
        var name = Parameter("with" + Capitalize(kind), key, [.. items.Select(value => value is null ? null : YamlValue.Of(true))]);
        return new YamlMapping([new($"${{{{ if parameters.{name} }}}}", new YamlSequence([item]))]);
    }

    // Equal values under the same key share one parameter.
    private string Parameter(string key, string owner, YamlValue?[] values)
    {
        string[] candidates = [key, owner + Capitalize(key)];
        for (var number = 1; ; number++)
        {
            foreach (var candidate in candidates)
            {
                var name = number == 1 ? candidate : candidate + number;
                if (_parameters.Find(parameter => parameter.Name == name) is not { } taken)
                {
                    _parameters.Add(new(name, values));
                    return name;
                }

                if (taken.Values.SequenceEqual(values))
                    return name;
            }
        }
    }

    // An expression of the pipeline has no meaning in the template, so it stays in the pipeline, as an argument.
    private static bool HasExpression(YamlValue value) => value switch
    {
        YamlScalar scalar => scalar.Text.Contains("${{", StringComparison.Ordinal),
        YamlSequence sequence => sequence.Items.Any(HasExpression),
        YamlMapping mapping => mapping.Entries.Any(entry => HasExpression(entry.Value)),
        _ => false,
    };

    private static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private sealed record TemplateParameter(string Name, YamlValue?[] Values)
    {
        public YamlValue Declare()
        {
            var isOptional = Values.Any(value => value is null);
            var type = Type();
            return new PipelineParameter(Name, type) { Default = !isOptional ? null : type switch
            {
                ParameterType.Boolean => YamlValue.Of(false),
                ParameterType.Number => YamlValue.Of(0),
                ParameterType.Object => new YamlSequence([]),
                _ => YamlValue.Of(""),
            } }.ToYaml();
        }

        private ParameterType Type()
        {
            var types = Values.OfType<YamlValue>().Select(TypeOf).Distinct().ToList();
            return types is [var only] ? only : ParameterType.Object;
        }

        private static ParameterType TypeOf(YamlValue value) => value switch
        {
            YamlScalar { IsString: true } => ParameterType.String,
            YamlScalar { Text: "true" or "false" } => ParameterType.Boolean,
            YamlScalar => ParameterType.Number,
            _ => ParameterType.Object,
        };
    }
}

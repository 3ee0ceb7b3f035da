using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// Makes one template from several stages: what they have in common becomes its text, what differs its parameters, and what only some
/// have stands under a condition. By construction the template gives each stage back when it is given that stage's parameters.
/// </summary>
internal sealed class StageTemplating
{
    private readonly int _count;
    private readonly List<TemplateParameter> _parameters = [];

    private StageTemplating(int count) => _count = count;

    /// <summary>The template, and what to give it for each of the stages.</summary>
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
        new([.. _parameters.Where(parameter => parameter.Values[stage] is not null).Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Values[stage]!))]);

    // A value of null: the stage does not have it at all.
    private YamlValue Unify(YamlValue?[] values, string key, string owner)
    {
        var present = values.OfType<YamlValue>().ToList();
        if (present.All(value => value == present[0]) && !HasExpression(present[0]))
            return present[0];
        if (present.All(value => value is YamlMapping))
            return UnifyMappings([.. values.Select(value => (YamlMapping?)value)], key);
        if (present.All(value => value is YamlSequence sequence && sequence.Items.Count == ((YamlSequence)present[0]).Items.Count))
            return UnifySequences([.. values.Select(value => (YamlSequence?)value)], key);
        return YamlValue.Of($"${{{{ parameters.{Parameter(key, owner, values)} }}}}");
    }

    private YamlMapping UnifyMappings(YamlMapping?[] mappings, string owner)
    {
        var entries = new List<KeyValuePair<string, YamlValue>>();
        foreach (var key in MergeKeys(mappings.OfType<YamlMapping>()))
        {
            YamlValue?[] values = [.. mappings.Select(mapping => mapping?[key])];
            var value = Unify(values, key, owner);
            var isOptional = mappings.Any(mapping => mapping is not null && mapping[key] is null);
            if (!isOptional)
            {
                entries.Add(new(key, value));
                continue;
            }

            // Said where it is so; the default is that it is not.
            var name = Parameter("with" + Capitalize(key), owner, [.. mappings.Select(mapping => mapping?[key] is null ? null : YamlValue.Of(true))]);
            entries.Add(new($"${{{{ if parameters.{name} }}}}", new YamlMapping([new(key, value)])));
        }

        return new(entries);
    }

    private YamlSequence UnifySequences(YamlSequence?[] sequences, string key)
    {
        var length = sequences.OfType<YamlSequence>().First().Items.Count;
        return new([.. Enumerable.Range(0, length).Select(i => Unify([.. sequences.Select(sequence => sequence?.Items[i])], key, key))]);
    }

    // The keys of all, each behind the key that it follows where it is.
    private static List<string> MergeKeys(IEnumerable<YamlMapping> mappings)
    {
        var merged = new List<string>();
        foreach (var mapping in mappings)
        {
            var at = 0;
            foreach (var (key, _) in mapping.Entries)
            {
                var known = merged.IndexOf(key);
                if (known < 0)
                    merged.Insert(known = at, key);
                at = known + 1;
            }
        }

        return merged;
    }

    // The same values under the same key are one parameter.
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

    // What stands in an expression of the pipeline means nothing in the template: it stays with the pipeline, as an argument.
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
            var present = Values.OfType<YamlValue>().ToList();
            return present.All(value => value is YamlScalar { IsString: true }) ? ParameterType.String
                : present.All(value => value is YamlScalar { IsString: false, Text: "true" or "false" }) ? ParameterType.Boolean
                : present.All(value => value is YamlScalar { IsString: false }) ? ParameterType.Number
                : ParameterType.Object;
        }
    }
}

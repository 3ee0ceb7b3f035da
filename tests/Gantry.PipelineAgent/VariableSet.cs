using System.Text;
using Gantry.AzurePipelines.Expressions;

namespace Gantry.PipelineAgent;

/// <summary>The variables of a job: names regardless of case, with secrets marked.</summary>
internal sealed class VariableSet
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _secrets = new(StringComparer.OrdinalIgnoreCase);

    public VariableSet()
    {
    }

    public VariableSet(VariableSet other)
    {
        _values = new(other._values, StringComparer.OrdinalIgnoreCase);
        _secrets = new(other._secrets, StringComparer.OrdinalIgnoreCase);
    }

    public IEnumerable<string> SecretValues => _secrets.Select(name => _values[name]).Where(value => value.Length > 0);

    public string? this[string name] => _values.GetValueOrDefault(name);

    public void Set(string name, string value, bool isSecret = false)
    {
        _values[name] = value;
        if (isSecret)
            _secrets.Add(name);
    }

    /// <summary>Replaces every macro in a text with the value of its variable; macros of unknown variables stay.</summary>
    public string Replace(string text)
    {
        for (var depth = 0; depth < 10; depth++)
        {
            var replaced = new StringBuilder();
            foreach (var part in MacroParser.Parse(text, out _))
            {
                replaced.Append(part switch
                {
                    MacroPart macro => this[macro.Variable] ?? $"$({macro.Variable})",
                    LiteralPart literal => literal.Text,
                    _ => throw new PipelineException($"'{text}' has a template expression, which is replaced before the run"),
                });
            }

            if (replaced.ToString() == text)
                return text;
            text = replaced.ToString();
        }

        return text;
    }

    /// <summary>Gets the environment of processes: every variable that is not secret, in upper case, with '_' for '.' and spaces.</summary>
    public IEnumerable<KeyValuePair<string, string>> ForProcesses() => _values
        .Where(variable => !_secrets.Contains(variable.Key))
        .Select(variable =>
            KeyValuePair.Create(variable.Key.ToUpperInvariant().Replace('.', '_').Replace(' ', '_'), Replace(variable.Value)));

    /// <summary>Gets the variables for expressions.</summary>
    public Dictionary<string, object?> ForExpressions() =>
        _values.ToDictionary(variable => variable.Key, object? (variable) => Replace(variable.Value), StringComparer.OrdinalIgnoreCase);
}

using System.Collections;

namespace Gantry.Images.Dockerfiles;

/// <summary>The environment variables of a container in the order of their definition; setting one again keeps its position.</summary>
internal sealed class EnvironmentList : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _variables = [];

    public EnvironmentList(IEnumerable<string> strings)
    {
        foreach (var text in strings)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            Set(equals < 0 ? text : text[..equals], equals < 0 ? "" : text[(equals + 1)..]);
        }
    }

    public int Count => _variables.Count;

    public void Set(string name, string value)
    {
        var index = _variables.FindIndex(variable => variable.Key == name);
        if (index < 0)
            _variables.Add(new(name, value));
        else
            _variables[index] = new(name, value);
    }

    public IReadOnlyList<string> ToStrings() => [.. _variables.Select(variable => $"{variable.Key}={variable.Value}")];

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _variables.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

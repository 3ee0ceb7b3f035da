namespace Gantry.GitHubActions.Reporting;

/// <summary>
/// The files of a runner, into which a step writes what it reports: its summary and its outputs. The runner reads them when the step has
/// ended.
/// </summary>
public sealed class RunnerFiles
{
    private readonly string? _summary;
    private readonly string? _outputs;

    /// <summary>Finds the files by the variables of the step; without them nothing is written.</summary>
    /// <param name="variables">The environment variables.</param>
    public RunnerFiles(IReadOnlyDictionary<string, string> variables)
    {
        _summary = Find("GITHUB_STEP_SUMMARY");
        _outputs = Find("GITHUB_OUTPUT");

        string? Find(string name) => variables.GetValueOrDefault(name) is { Length: > 0 } path ? path : null;
    }

    /// <summary>Adds Markdown to the summary of the step.</summary>
    public void AppendSummary(string markdown)
    {
        if (_summary is not null)
            File.AppendAllText(_summary, markdown.TrimEnd('\n') + "\n\n");
    }

    /// <summary>Sets outputs of the step.</summary>
    /// <param name="outputs">The outputs; a value is one line, and a name has letters, digits, '-' and '_'.</param>
    public void AppendOutputs(IEnumerable<KeyValuePair<string, string>> outputs)
    {
        var lines = outputs.Select(output => !output.Value.AsSpan().ContainsAny('\r', '\n') && output.Key.All(IsInName)
            ? $"{output.Key}={output.Value}\n"
            : throw new ArgumentException($"'{output.Key}' is no output of one line.", nameof(outputs)));
        var text = string.Concat(lines);
        if (_outputs is not null)
            File.AppendAllText(_outputs, text);
    }

    private static bool IsInName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}

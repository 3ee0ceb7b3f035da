using System.Text;
using System.Text.RegularExpressions;
using Gantry.Images;

namespace Gantry.Docker;

/// <summary>
/// Passes what a build prints to the log, line by line, and remembers what an error must tell: the step that ran and the last
/// lines that it printed.
/// </summary>
internal sealed partial class BuildOutput(IBuildLog log, string prefix = "")
{
    private const int TailLines = 15;
    private const int TailCharacters = 1500;
    private const int LongestLine = 16 * 1024;

    private readonly StringBuilder _line = new();
    private readonly Queue<string> _tail = new();

    /// <summary>The step that runs, as <c>3/5 'RUN make'</c>; null before the first one.</summary>
    public string? Step { get; private set; }

    /// <summary>The last lines of the step, as one line.</summary>
    public string Tail
    {
        get
        {
            var text = string.Join(" | ", _tail);
            return text.Length <= TailCharacters ? text : "…" + text[^TailCharacters..];
        }
    }

    /// <summary>Takes a piece of output as it comes: several lines, or a part of one.</summary>
    public void Write(string text)
    {
        foreach (var character in text)
        {
            if (character == '\n' || _line.Length == LongestLine)
                EndLine();
            if (character != '\n')
                _line.Append(character);
        }
    }

    /// <summary>Takes a line that is not part of a step's output.</summary>
    public void WriteMessage(string line)
    {
        Flush();
        log.Information(prefix + line);
    }

    /// <summary>Passes on a last line that has no end.</summary>
    public void Flush()
    {
        if (_line.Length > 0)
            EndLine();
    }

    /// <summary>Begins a step; what was printed before belongs to another one.</summary>
    public void BeginStep(string step)
    {
        Step = step;
        _tail.Clear();
    }

    private void EndLine()
    {
        // A progress bar overwrites its line: what stands there at last is the line.
        var line = _line.ToString().TrimEnd('\r');
        line = EscapeSequence().Replace(line[(line.LastIndexOf('\r') + 1)..], "").TrimEnd();
        _line.Clear();
        if (line.Length == 0)
            return;

        log.Information(prefix + line);
        if (ClassicStep().Match(line) is { Success: true } step)
            BeginStep($"{step.Groups["number"].Value} '{step.Groups["instruction"].Value}'");
        else if (!line.StartsWith(" ---> ", StringComparison.Ordinal))
            Remember(line);
    }

    private void Remember(string line)
    {
        _tail.Enqueue(line.Trim());
        if (_tail.Count > TailLines)
            _tail.Dequeue();
    }

    [GeneratedRegex(@"\AStep (?<number>\d+/\d+) : (?<instruction>.*)\z", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClassicStep();

    // Colours and cursor movements (ECMA-48 control sequences).
    [GeneratedRegex(@"\x1B\[[0-?]*[ -/]*[@-~]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EscapeSequence();
}

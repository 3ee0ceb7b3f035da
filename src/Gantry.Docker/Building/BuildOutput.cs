using System.Text;
using System.Text.RegularExpressions;
using Gantry.Images;

namespace Gantry.Docker.Building;

/// <summary>
/// Logs the output of a build line by line, and remembers what an error message needs: the current step and the last lines that it printed.
/// </summary>
internal sealed partial class BuildOutput(IBuildLog log, string prefix = "")
{
    private const int TailLines = 15;
    private const int TailCharacters = 1500;
    private const int LongestLine = 16 * 1024;

    private readonly StringBuilder _line = new();
    private readonly Queue<string> _tail = new();

    /// <summary>The current step, as <c>3/5 'RUN make'</c>; null before the first step.</summary>
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

    /// <summary>Adds a piece of output as it arrives: several lines, or part of a line.</summary>
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

    /// <summary>Logs a line that is not output of a step.</summary>
    public void WriteMessage(string line)
    {
        Flush();
        log.Information(prefix + line);
    }

    /// <summary>Logs the last line when it has no line break.</summary>
    public void Flush()
    {
        if (_line.Length > 0)
            EndLine();
    }

    /// <summary>Begins a step; earlier output belongs to another step.</summary>
    public void BeginStep(string step)
    {
        Step = step;
        _tail.Clear();
    }

    private void EndLine()
    {
        // A progress bar overwrites its line: only the text after the last carriage return counts.
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

    [GeneratedRegex(
        @"\AStep (?<number>\d+/\d+) : (?<instruction>.*)\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClassicStep();

    // Colours and cursor movements (ECMA-48 control sequences).
    [GeneratedRegex(@"\x1B\[[0-?]*[ -/]*[@-~]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EscapeSequence();
}

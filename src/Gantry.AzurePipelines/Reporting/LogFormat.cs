namespace Gantry.AzurePipelines.Reporting;

/// <summary>Lines that the log of a run shows in a form of its own. A text of several lines becomes one, as the form ends with the line.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#formatting-commands">Azure Pipelines, formatting commands</seealso>
public static class LogFormat
{
    /// <summary>The end of a group.</summary>
    public const string EndGroup = "##[endgroup]";

    /// <summary>The start of lines that can be folded away.</summary>
    public static string Group(string title) => "##[group]" + OneLine(title);

    /// <summary>The start of a section.</summary>
    public static string Section(string title) => "##[section]" + OneLine(title);

    /// <summary>A command line that is run.</summary>
    public static string Command(string line) => "##[command]" + OneLine(line);

    /// <summary>A line that is only shown when the run is asked to tell everything.</summary>
    public static string Debug(string line) => "##[debug]" + OneLine(line);

    private static string OneLine(string text) => LoggingCommand.Harmless(text).ReplaceLineEndings(" ");
}

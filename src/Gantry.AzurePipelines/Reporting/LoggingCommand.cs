using System.Globalization;
using System.Text;

namespace Gantry.AzurePipelines.Reporting;

/// <summary>
/// A command to the agent, written as a line to the standard output of a step: <c>##vso[area.action name=value;]message</c>.
/// </summary>
/// <param name="Area">The area: <c>task</c>, <c>build</c>.</param>
/// <param name="Action">The action: <c>setvariable</c>.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands">Azure Pipelines, logging commands</seealso>
public sealed record LoggingCommand(string Area, string Action)
{
    private const string Start = "##vso[";

    private static readonly string[] Escapes = ["%0D", "%0A", "%3B", "%5D", "%AZP25"];

    /// <summary>The properties, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Properties { get; init; } = [];

    /// <summary>The text after the properties.</summary>
    public string Message { get; init; } = "";

    /// <summary>Sets a variable for the later steps of the job.</summary>
    public static LoggingCommand SetVariable(string name, string value) => SetVariable(name, value, isOutput: false, isSecret: false);

    /// <summary>Sets a variable that other jobs and stages read by the name of the step.</summary>
    public static LoggingCommand SetOutput(string name, string value) => SetVariable(name, value, isOutput: true, isSecret: false);

    /// <summary>Sets a variable whose value the agent masks in all logs from then on.</summary>
    public static LoggingCommand SetSecret(string name, string value) => SetVariable(name, value, isOutput: false, isSecret: true);

    /// <summary>Logs a warning with its code.</summary>
    public static LoggingCommand Warning(string message, string? code = null) => Issue("warning", message, code);

    /// <summary>Logs an error with its code. The step itself fails through its exit code.</summary>
    public static LoggingCommand Error(string message, string? code = null) => Issue("error", message, code);

    /// <summary>Reports the progress of the step.</summary>
    /// <param name="percent">The percentage, from 0 to 100.</param>
    /// <param name="operation">The current operation.</param>
    public static LoggingCommand Progress(int percent, string operation) => new("task", "setprogress")
    {
        Properties = [new("value", Math.Clamp(percent, 0, 100).ToString(CultureInfo.InvariantCulture))],
        Message = operation,
    };

    /// <summary>Attaches a Markdown file to the summary of the run.</summary>
    /// <param name="path">The full path of the file, which must exist until the step ends.</param>
    public static LoggingCommand UploadSummary(string path) => new("task", "uploadsummary") { Message = path };

    /// <summary>Publishes a file as an artifact of the run. The service never replaces an artifact.</summary>
    /// <param name="artifact">The name of the artifact.</param>
    /// <param name="path">The full path of the file.</param>
    public static LoggingCommand UploadArtifact(string artifact, string path) => new("artifact", "upload")
    {
        Properties = [new("containerfolder", artifact), new("artifactname", artifact)],
        Message = path,
    };

    /// <summary>Renames the run.</summary>
    public static LoggingCommand UpdateBuildNumber(string number) => new("build", "updatebuildnumber") { Message = number };

    /// <summary>Adds a tag to the run. Characters that are not valid in tags are replaced by '-'.</summary>
    public static LoggingCommand AddBuildTag(string tag) =>
        new("build", "addbuildtag") { Message = string.Concat(tag.Select(c => IsAllowedInTag(c) ? c : '-')) };

    /// <summary>Returns the command as one line.</summary>
    public override string ToString()
    {
        var line = new StringBuilder(Start).Append(Area).Append('.').Append(Action);
        for (var i = 0; i < Properties.Count; i++)
        {
            line.Append(i == 0 ? ' ' : ';').Append(Properties[i].Key).Append('=');
            Escape(line, Properties[i].Value, isProperty: true);
        }

        line.Append(']');
        Escape(line, Message, isProperty: false);
        return line.ToString();
    }

    private static LoggingCommand SetVariable(string name, string value, bool isOutput, bool isSecret)
    {
        List<KeyValuePair<string, string>> properties = [new("variable", name)];
        if (isOutput)
            properties.Add(new("isOutput", "true"));
        if (isSecret)
            properties.Add(new("issecret", "true"));
        return new("task", "setvariable") { Properties = properties, Message = value };
    }

    private static LoggingCommand Issue(string type, string message, string? code)
    {
        List<KeyValuePair<string, string>> properties = [new("type", type)];
        if (code is not null)
            properties.Add(new("code", code));
        return new("task", "logissue") { Properties = properties, Message = message };
    }

    private static void Escape(StringBuilder line, string text, bool isProperty)
    {
        for (var i = 0; i < text.Length; i++)
        {
            line.Append(text[i] switch
            {
                '\r' => "%0D",
                '\n' => "%0A",
                ';' when isProperty => "%3B",
                ']' when isProperty => "%5D",
                // Some agents do not decode %AZP25, so a percent sign is escaped only where it could be read as an escape.
                '%' when LooksEscaped(text, i) => "%AZP25",
                var c => c.ToString(),
            });
        }
    }

    private static bool LooksEscaped(string text, int at) =>
        Escapes.Any(escape => string.Compare(text, at, escape, 0, escape.Length, StringComparison.OrdinalIgnoreCase) == 0);

    private static bool IsAllowedInTag(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ' ' or '+' or '=' or '(' or ')';
}

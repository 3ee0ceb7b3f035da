using System.Text;

namespace Gantry.GitHubActions.Reporting;

/// <summary>A command to the runner, written as a line to the standard output of a step: <c>::name title=value::message</c>.</summary>
/// <param name="Name">The name: <c>error</c>.</param>
/// <seealso href="https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands">
/// Workflow commands for GitHub Actions
/// </seealso>
public sealed record WorkflowCommand(string Name)
{
    /// <summary>The title, for annotations; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>The text after the properties.</summary>
    public string Message { get; init; } = "";

    /// <summary>Annotates the run with a warning and its code.</summary>
    public static WorkflowCommand Warning(string message, string code) => new("warning") { Title = code, Message = message };

    /// <summary>Annotates the run with an error and its code. The step itself fails through its exit code.</summary>
    public static WorkflowCommand Error(string message, string code) => new("error") { Title = code, Message = message };

    /// <summary>Returns the command as one line.</summary>
    public override string ToString()
    {
        var line = new StringBuilder("::").Append(Name);
        if (Title is { } title)
            line.Append(" title=").Append(Escape(title, isProperty: true));
        return line.Append("::").Append(Escape(Message, isProperty: false)).ToString();
    }

    private static string Escape(string text, bool isProperty)
    {
        var escaped = text
            .Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
        return isProperty
            ? escaped.Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal)
            : escaped;
    }
}

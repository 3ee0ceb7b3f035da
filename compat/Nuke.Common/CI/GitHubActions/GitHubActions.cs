using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common.CI.GitHubActions;

/// <summary>GitHub Actions: its default variables and its workflow commands.</summary>
public class GitHubActions : Host, IBuildServer
{
    private readonly Action<string> _write;

    internal GitHubActions()
        : this(Console.WriteLine)
    {
    }

    internal GitHubActions(Action<string> write) => _write = write;

    public static new GitHubActions Instance => Host.Instance as GitHubActions;

    internal static bool IsRunningGitHubActions => EnvironmentInfo.HasVariable("GITHUB_ACTIONS");

    internal override bool CollapsesBlocks => true;

    string IBuildServer.Branch => Ref;
    string IBuildServer.Commit => Sha;

    public string Actor => EnvironmentInfo.GetVariable("GITHUB_ACTOR");
    public string EventName => EnvironmentInfo.GetVariable("GITHUB_EVENT_NAME");
    public string Job => EnvironmentInfo.GetVariable("GITHUB_JOB");
    public string Ref => EnvironmentInfo.GetVariable("GITHUB_REF");
    public string RefName => EnvironmentInfo.GetVariable("GITHUB_REF_NAME");
    public string Repository => EnvironmentInfo.GetVariable("GITHUB_REPOSITORY");
    public long RunId => EnvironmentInfo.GetVariable<long>("GITHUB_RUN_ID");
    public string ServerUrl => EnvironmentInfo.GetVariable("GITHUB_SERVER_URL");
    public string Sha => EnvironmentInfo.GetVariable("GITHUB_SHA");
    public AbsolutePath StepSummaryFile => EnvironmentInfo.GetVariable<AbsolutePath>("GITHUB_STEP_SUMMARY");
    public string Workflow => EnvironmentInfo.GetVariable("GITHUB_WORKFLOW");
    public string Workspace => EnvironmentInfo.GetVariable("GITHUB_WORKSPACE");

    public void Group(string group) => WriteCommand("group", group);
    public void EndGroup(string group) => WriteCommand("endgroup", group);

    public void WriteDebug(string message) => WriteCommand("debug", message);
    public void WriteWarning(string message) => WriteCommand("warning", message);
    public void WriteError(string message) => WriteCommand("error", message);

    protected internal override IDisposable WriteBlock(string text)
        => DelegateDisposable.CreateBracket(() => Group(text), () => EndGroup(text));

    protected internal override void ReportWarning(string text, string details = null) => WriteWarning(text);
    protected internal override void ReportError(string text, string details = null) => WriteError(text);

    // A tool that speaks to the runner itself must reach it with nothing in front.
    protected internal override bool FilterMessage(string message)
    {
        if (!message.StartsWith("::", StringComparison.Ordinal))
            return false;

        _write(message);
        return true;
    }

    private void WriteCommand(string command, string message) => _write($"::{command}::{Escape(message)}");

    private static string Escape(string text) => text?.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");
}

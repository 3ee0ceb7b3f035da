using Nuke.Common.Tooling;

namespace Nuke.Common.Tools.Git;

[LogErrorAsStandard]
public class GitTasks : ToolTasks, IRequirePathTool
{
    public const string PathExecutable = "git";

    public static string GitPath
    {
        get => new GitTasks().ToolPath;
        set => new GitTasks().ToolPath = value;
    }

    public static IReadOnlyCollection<Output> Git(
        ArgumentStringHandler arguments,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<IProcess, object> exitHandler = null)
        => new GitTasks().RunWith(
            arguments, workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, exitHandler);

    public static bool GitIsDetached() => GitIsDetached(null);
    public static bool GitIsDetached(string workingDirectory) =>
        Git($"branch --show-current", workingDirectory, logOutput: false).Count == 0;

    public static bool GitHasCleanWorkingCopy() => GitHasCleanWorkingCopy(null);
    public static bool GitHasCleanWorkingCopy(string workingDirectory) =>
        Git($"status --short", workingDirectory, logOutput: false).Count == 0;

    public static string GitCurrentBranch() => GitCurrentBranch(null);
    public static string GitCurrentBranch(string workingDirectory) =>
        Git($"rev-parse --abbrev-ref HEAD", workingDirectory, logOutput: false).Single().Text;

    public static string GitCurrentCommit() => GitCurrentCommit(null);
    public static string GitCurrentCommit(string workingDirectory) =>
        Git($"rev-parse HEAD", workingDirectory, logOutput: false).Single().Text;

    internal override string GetDefaultToolPath() => ToolPathResolver.GetPathExecutable(PathExecutable);
}

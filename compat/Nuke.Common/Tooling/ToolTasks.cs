using System.Reflection;
using System.Text.RegularExpressions;
using Nuke.Common.Execution;
using Nuke.Common.Utilities;
using Serilog.Events;

namespace Nuke.Common.Tooling;

public interface IRequireTool;

public interface IRequireToolWithVersion;

public interface IRequirePathTool : IRequireTool;

public interface IRequireNuGetPackage : IRequireTool, IRequireToolWithVersion;

/// <summary>Lines of the tool's output that match are logged at this level.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class LogLevelPattern(LogEventLevel level, string pattern) : Attribute
{
    public LogEventLevel Level { get; } = level;
    public string Pattern { get; } = pattern;
}

/// <summary>The tool writes to its error output what is no error.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class LogErrorAsStandard : Attribute;

/// <summary>A tool that is a process.</summary>
public abstract class ToolTasks
{
    // Not a public member of NUKE's class: only the tools here derive from it.
    internal abstract string GetDefaultToolPath();

    internal string ToolPath
    {
        get => ToolPathResolver.TryGetEnvironmentExecutable(ToolPathVariable) ?? GetDefaultToolPath();
        set => EnvironmentInfo.SetVariable(ToolPathVariable, value);
    }

    // DOTNET_EXE, GIT_EXE, GITVERSION_EXE
    private string ToolPathVariable => GetType().Name.TrimEnd("Tasks").ToUpperInvariant() + "_EXE";

    internal IReadOnlyCollection<Output> RunWith(ToolOptions options)
    {
        var secrets = options.GetSecrets().Where(x => x.Length > 0).ToList();
        using var process = ProcessTasks.StartProcess(
            options.ProcessToolPath ?? ToolPath,
            options.GetArguments().JoinSpace(),
            options.ProcessWorkingDirectory,
            options.ProcessEnvironmentVariables,
            options.ProcessExecutionTimeout,
            options.ProcessOutputLogging,
            options.ProcessInvocationLogging,
            options.ProcessLogger ?? LoggerOf(GetType()),
            text => secrets.Aggregate(text, (x, secret) => x.Replace(secret, "[REDACTED]")));

        process.AssertWaitForExit();
        if (options.ProcessExitHandling ?? true)
            (options.ProcessExitHandler ?? ((_, x) => x.AssertZeroExitCode())).Invoke(options, process);
        return process.Output;
    }

    internal IReadOnlyCollection<Output> RunWith(
        ArgumentStringHandler arguments,
        string workingDirectory,
        IReadOnlyDictionary<string, string> environmentVariables,
        int? timeout,
        bool? logOutput,
        bool? logInvocation,
        Action<OutputType, string> logger,
        Func<IProcess, object> exitHandler)
    {
        using var process = ProcessTasks.StartProcess(
            ToolPath, arguments, workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger ?? LoggerOf(GetType()));

        process.AssertWaitForExit();
        if (exitHandler != null)
            exitHandler(process);
        else
            process.AssertZeroExitCode();
        return process.Output;
    }

    internal static Action<OutputType, string> LoggerOf(Type toolType)
    {
        var patterns = toolType?.GetCustomAttributes<LogLevelPattern>()
            .Select(x => (x.Level, Regex: new Regex(x.Pattern, RegexOptions.IgnoreCase)))
            .ToList() ?? [];
        var errorLevel = toolType?.HasCustomAttribute<LogErrorAsStandard>() == true ? LogEventLevel.Debug : LogEventLevel.Error;

        return (type, text) =>
        {
            var matching = patterns.FindIndex(x => x.Regex.IsMatch(text));
            var level = matching >= 0 ? patterns[matching].Level : type == OutputType.Err ? errorLevel : LogEventLevel.Debug;
            Logging.WriteToolOutput(level, text);
        };
    }
}

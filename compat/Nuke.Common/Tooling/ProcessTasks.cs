using System.Diagnostics;
using System.Text;
using Nuke.Common.Execution;
using Nuke.Common.Utilities;
using Serilog;
using Serilog.Events;

namespace Nuke.Common.Tooling;

public static class ProcessTasks
{
    public static bool DefaultLogOutput = true;
    public static bool DefaultLogInvocation = true;
    public static bool LogWorkingDirectory = true;
    public static string DefaultWorkingDirectory = EnvironmentInfo.WorkingDirectory;

    public static IProcess StartProcess(
        string toolPath,
        ArgumentStringHandler arguments,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null)
    {
        var filter = arguments.GetFilter();
        var text = arguments.ToStringAndClear();
        return StartProcess(toolPath, text, workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, filter);
    }

    public static IProcess StartProcess(
        string toolPath,
        string arguments = null,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null)
    {
        workingDirectory ??= DefaultWorkingDirectory;
        outputFilter ??= x => x;
        Assert.DirectoryExists(workingDirectory);

        var startInfo = CreateStartInfo(toolPath.NotNull(), arguments ?? string.Empty, workingDirectory, environmentVariables);
        if (logInvocation ?? DefaultLogInvocation)
            LogInvocation(startInfo, outputFilter);

        var process = Process.Start(startInfo).NotNull($"Process '{toolPath}' could not be started");
        return new RunningProcess(process, timeout, outputFilter, logOutput ?? DefaultLogOutput ? logger ?? DefaultLogger : null);
    }

    public static void DefaultLogger(OutputType type, string output)
        => Logging.WriteToolOutput(type == OutputType.Std ? LogEventLevel.Debug : LogEventLevel.Error, output);

    private static ProcessStartInfo CreateStartInfo(
        string toolPath,
        string arguments,
        string workingDirectory,
        IReadOnlyDictionary<string, string> environmentVariables)
    {
        if (!Path.IsPathRooted(toolPath) && !toolPath.Contains(Path.DirectorySeparatorChar))
            toolPath = ToolPathResolver.GetPathExecutable(toolPath);
        if (toolPath.EndsWithOrdinalIgnoreCase(".dll"))
            (toolPath, arguments) = (ToolPathResolver.DotNet, $"{toolPath.DoubleQuoteIfNeeded()} {arguments}".TrimEnd());

        var startInfo = new ProcessStartInfo(toolPath, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8
        };
        if (environmentVariables != null)
        {
            startInfo.Environment.Clear();
            foreach (var (key, value) in environmentVariables)
                startInfo.Environment[key] = value;
        }

        return startInfo;
    }

    private static void LogInvocation(ProcessStartInfo startInfo, Func<string, string> filter)
    {
        Log.Information("> {ToolPath} {Arguments}", startInfo.FileName.DoubleQuoteIfNeeded(), filter(startInfo.Arguments));
        if (LogWorkingDirectory)
        {
            Log.Write(
                startInfo.WorkingDirectory != DefaultWorkingDirectory ? LogEventLevel.Information : LogEventLevel.Verbose,
                "@ {WorkingDirectory}",
                startInfo.WorkingDirectory);
        }
    }

    internal sealed class RunningProcess : IProcess
    {
        private readonly Process _process;
        private readonly int? _timeout;
        private readonly Func<string, string> _filter;
        private readonly Action<OutputType, string> _logger;
        private readonly List<Output> _output = [];

        public RunningProcess(Process process, int? timeout, Func<string, string> filter, Action<OutputType, string> logger)
        {
            (_process, _timeout, _filter, _logger) = (process, timeout, filter, logger);
            process.OutputDataReceived += (_, e) => Add(OutputType.Std, e.Data);
            process.ErrorDataReceived += (_, e) => Add(OutputType.Err, e.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public string FileName => _process.StartInfo.FileName;
        public string Arguments => _filter(_process.StartInfo.Arguments);
        public string WorkingDirectory => _process.StartInfo.WorkingDirectory;
        public int Id => _process.Id;
        public int ExitCode => _process.ExitCode;
        public bool HasExited => _process.HasExited;
        public bool IsLogged => _logger != null;

        public IReadOnlyCollection<Output> Output
        {
            get
            {
                lock (_output)
                    return [.. _output];
            }
        }

        public bool WaitForExit()
        {
            if (_timeout is { } timeout && !_process.WaitForExit(timeout))
            {
                _process.Kill(entireProcessTree: true);
                return false;
            }

            // Also waits until all of the output has been read.
            _process.WaitForExit();
            return true;
        }

        public void Kill() => _process.Kill(entireProcessTree: true);
        public void Dispose() => _process.Dispose();

        private void Add(OutputType type, string text)
        {
            if (text == null)
                return;

            text = _filter(text);
            lock (_output)
            {
                _output.Add(new Output { Type = type, Text = text });
                _logger?.Invoke(type, text);
            }
        }
    }
}

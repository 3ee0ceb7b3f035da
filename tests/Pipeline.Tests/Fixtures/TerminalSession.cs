using System.Diagnostics;
using System.Text;
using Gantry.Testing;
using Gantry.Testing.Builds;

namespace Pipeline.Tests.Fixtures;

/// <summary>The build at a terminal, with typed keys.</summary>
internal sealed class TerminalSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly StringBuilder _output = new();

    private TerminalSession(Process process) => _process = process;

    /// <summary>Gets the output so far, without colours.</summary>
    public string Output => BuildProcess.WithoutColours(_output.ToString());

    public static TerminalSession Start(RepositoryClone clone, params string[] arguments)
    {
        // The signal must reach the build, even when these tests run with the signal ignored.
        var command = string.Join(
            ' ',
            arguments.Prepend("exec env --default-signal=INT ./build.sh").Select((argument, i) => i == 0 ? argument : $"'{argument}'"));
        var start = ChildProcess.StartInfo(
            RequiredProgram.Script.RequirePath(), ["--quiet", "--flush", "--return", "--command", command, "/dev/null"]);
        start.WorkingDirectory = clone.Root;
        BuildProcess.ClearEnvironment(start);
        start.Environment.Remove("CI");
        start.Environment["GIT_CONFIG_GLOBAL"] = Path.Combine(clone.Root, "..", "gitconfig");
        start.Environment["TERM"] = "xterm";
        return new TerminalSession(Process.Start(start)!);
    }

    /// <summary>Waits for this output.</summary>
    public async Task WaitForAsync(string text)
    {
        var buffer = new char[1024];
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            var read = await _process.StandardOutput.ReadAsync(buffer, _patience.Token);
            Assert.True(read > 0, $"The build ended without '{text}':\n{Output}");
            _output.Append(buffer, 0, read);
        }
    }

    /// <summary>Types keys.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync(_patience.Token);
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        _output.Append(await _process.StandardOutput.ReadToEndAsync(_patience.Token));
        await _process.WaitForExitAsync(_patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _patience.Dispose();
    }
}

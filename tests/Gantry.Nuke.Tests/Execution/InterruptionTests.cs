using System.Diagnostics;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Execution;

public sealed class InterruptionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [UnixFact]
    public async Task The_first_signal_cancels_the_work_and_reaches_no_other_listener()
    {
        using var program = await InterruptibleProgram.StartAsync("orderly");

        await program.SignalAsync("INT");

        Assert.Equal(
            "GAN7020: the build was interrupted; run it again: it continues where it stopped, and no tag points to an incomplete image.\n",
            await program.ReadToEndAsync());
        Assert.Equal(130, program.ExitCode);
    }

    [UnixTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task The_signals_of_agents_and_terminals_do_the_same_and_the_exit_code_names_them(string signal, int exitCode)
    {
        using var program = await InterruptibleProgram.StartAsync("orderly");

        await program.SignalAsync(signal);

        Assert.StartsWith("GAN7020: ", await program.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(exitCode, program.ExitCode);
    }

    [UnixFact]
    public async Task The_second_signal_ends_the_program()
    {
        using var program = await InterruptibleProgram.StartAsync("stubborn");

        await program.SignalAsync("INT");
        Assert.Equal("told", await program.ReadLineAsync());
        await program.SignalAsync("INT");

        Assert.Equal("somebody else was told\n", await program.ReadToEndAsync());
        Assert.Equal(128 + 2, program.ExitCode);
    }

    [UnixFact]
    public async Task Nothing_starts_after_work_that_ignored_the_signal()
    {
        using var program = await InterruptibleProgram.StartAsync("late");

        await program.SignalAsync("INT");

        Assert.StartsWith("GAN7020: ", await program.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_is_the_good_end_of_work_that_has_no_other(string signal)
    {
        using var program = await InterruptibleProgram.StartAsync("served");

        await program.SignalAsync(signal);

        Assert.Equal("done\n", await program.ReadToEndAsync());
        Assert.Equal(0, program.ExitCode);
    }

    [UnixFact]
    public async Task Such_work_that_does_not_come_to_its_end_is_interrupted()
    {
        using var program = await InterruptibleProgram.StartAsync("unserved");

        await program.SignalAsync("INT");

        Assert.StartsWith("GAN7020: ", await program.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(130, program.ExitCode);
    }

    [UnixFact]
    public async Task Without_work_signals_are_not_handled()
    {
        using var program = await InterruptibleProgram.StartAsync("idle");

        await program.SignalAsync("INT");

        Assert.Equal("somebody else was told\n", await program.ReadToEndAsync());
        Assert.Equal(128 + 2, program.ExitCode);
    }

    private sealed class InterruptibleProgram : IDisposable
    {
        private readonly Process _process;
        private readonly CancellationTokenSource _patience = new(Patience);

        private InterruptibleProgram(Process process) => _process = process;

        public int ExitCode => _process.ExitCode;

        public static async Task<InterruptibleProgram> StartAsync(string kind)
        {
            // A background process may have the signal ignored, which child processes inherit.
            var start = ChildProcess.StartInfo(
                "env",
                [
                    "--default-signal=INT,HUP,TERM",
                    Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                    typeof(Program).Assembly.Location,
                    kind,
                ]);
            var program = new InterruptibleProgram(Process.Start(start)!);
            Assert.Equal("busy", await program.ReadLineAsync());
            return program;
        }

        public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(_patience.Token);

        public async Task SignalAsync(string signal) =>
            (await ChildProcess.RunAsync("kill", ["-s", signal, $"{_process.Id}"])).EnsureSuccess();

        public async Task<string> ReadToEndAsync()
        {
            var rest = await _process.StandardOutput.ReadToEndAsync(_patience.Token);
            await _process.WaitForExitAsync(_patience.Token);
            return rest;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
            _patience.Dispose();
        }
    }
}

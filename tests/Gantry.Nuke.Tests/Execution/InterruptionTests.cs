using System.Diagnostics;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Execution;

public sealed class InterruptionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [UnixFact]
    public async Task The_first_stops_in_order_and_is_kept_from_everybody_else()
    {
        using var program = await BusyProgram.StartAsync("orderly");

        await program.SignalAsync("INT");

        Assert.Equal("GAN7020: the build was interrupted; run it again: it continues where it stopped, and no tag points to an incomplete image.\n", await program.RestAsync());
        Assert.Equal(1, program.ExitCode);
    }

    [UnixFact]
    public async Task The_signal_that_an_agent_sends_does_the_same()
    {
        using var program = await BusyProgram.StartAsync("orderly");

        await program.SignalAsync("TERM");

        Assert.StartsWith("GAN7020: ", await program.RestAsync(), StringComparison.Ordinal);
        Assert.Equal(1, program.ExitCode);
    }

    [UnixFact]
    public async Task The_second_ends_what_does_not_stop()
    {
        using var program = await BusyProgram.StartAsync("stubborn");

        await program.SignalAsync("INT");
        Assert.Equal("told", await program.ReadLineAsync());
        await program.SignalAsync("INT");

        Assert.Equal("somebody else was told\n", await program.RestAsync());
        Assert.Equal(128 + 2, program.ExitCode);
    }

    [UnixFact]
    public async Task What_finishes_all_the_same_is_followed_by_nothing()
    {
        using var program = await BusyProgram.StartAsync("late");

        await program.SignalAsync("INT");

        Assert.StartsWith("GAN7020: ", await program.RestAsync(), StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Without_work_it_is_as_if_nobody_listened()
    {
        using var program = await BusyProgram.StartAsync("idle");

        await program.SignalAsync("INT");

        Assert.Equal("somebody else was told\n", await program.RestAsync());
        Assert.Equal(128 + 2, program.ExitCode);
    }

    private sealed class BusyProgram : IDisposable
    {
        private readonly Process _process;
        private readonly CancellationTokenSource _patience = new(Patience);

        private BusyProgram(Process process) => _process = process;

        public int ExitCode => _process.ExitCode;

        public static async Task<BusyProgram> StartAsync(string kind)
        {
            // Whoever runs these tests in the background may have had the signal ignored, which children inherit.
            var start = ChildProcess.StartInfo("env", ["--default-signal=INT", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(Program).Assembly.Location, kind]);
            var program = new BusyProgram(Process.Start(start)!);
            Assert.Equal("busy", await program.ReadLineAsync());
            return program;
        }

        public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(_patience.Token);

        public async Task SignalAsync(string signal) => (await ChildProcess.RunAsync("kill", ["-s", signal, $"{_process.Id}"])).EnsureSuccess();

        public async Task<string> RestAsync()
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

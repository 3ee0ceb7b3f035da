using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>The exit codes that docs/copying.md promises.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Success_failures_and_wrong_command_lines_differ()
    {
        Assert.Equal(0, (await GantryProcess.RunAsync("--help")).ExitCode);
        Assert.Equal(1, (await GantryProcess.RunAsync("inspect", $"oci:{_folder.Combine("none")}/app:1")).ExitCode);
        Assert.Equal(2, (await GantryProcess.RunAsync("inspect")).ExitCode);
    }

    [LinuxFact]
    public async Task An_output_on_a_full_disk_is_one_sentence()
    {
        var result = await GantryProcess.RunIntoAsync("/dev/full", "--help");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("GAN4123: ", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_stops_a_command_in_an_orderly_way(string signal, int exitCode)
    {
        var asked = new TaskCompletionSource();
        await using var registry = await LoopbackServer.StartAsync((context, _) =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var process = GantryProcess.StartWithSignals("inspect", $"{registry.Address.Authority}/app:1");
        await asked.Task.WaitAsync(Patience);

        await process.SignalAsync(signal);
        var result = await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal("Stopped. No tag points to an incomplete image; run the same command again to continue.\n", result.Error);
    }

    [UnixTheory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(100)]
    public async Task Too_few_descriptors_are_named(int limit)
    {
        var result = await GantryProcess.RunWithFilesAsync(limit, "inspect", $"oci:{_folder.Combine("none")}/app:1");

        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"\AGAN3036: [^\n]*ulimit -n[^\n]*\n\z", result.Error);
    }
}

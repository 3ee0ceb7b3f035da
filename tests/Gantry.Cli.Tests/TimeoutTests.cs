using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>A registry that never answers ends a command after its time without progress, and not after many of them.</summary>
public sealed class TimeoutTests
{
    [Fact]
    public async Task A_silent_registry_ends_each_command_in_its_time()
    {
        await using var registry = await LoopbackServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var (image, target) = ($"{registry.Address.Authority}/app:v1", $"{registry.Address.Authority}/b:1");
        string[][] commands = [["inspect", image], ["verify", image], ["copy", image, target]];

        foreach (var command in commands)
        {
            var run = await GantryProcess.RunAsync([.. command, "--timeout", "2"]);

            Assert.Equal(1, run.ExitCode);
            Assert.Contains("GAN2012", run.Error, StringComparison.Ordinal);
            Assert.Contains("made no progress for 2 seconds", run.Error, StringComparison.Ordinal);
        }
    }
}

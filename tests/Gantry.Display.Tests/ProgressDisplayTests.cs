using Gantry.Copying;

namespace Gantry.Display.Tests;

public sealed class ProgressDisplayTests
{
    [Theory]
    [InlineData(ProgressStyle.Auto)]
    [InlineData(ProgressStyle.Bars)]
    [InlineData(ProgressStyle.Lines)]
    [InlineData(ProgressStyle.None)]
    public async Task A_copy_that_ends_immediately_shows_nothing(ProgressStyle style)
    {
        using var output = new StringWriter();
        var display = new ProgressDisplay(new TerminalOutput(output, isTerminal: false), TimeProvider.System) { Style = style };

        Assert.Equal(42, await display.ShowAsync(new CopyProgress(), () => Task.FromResult(42), CancellationToken.None));
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task A_failure_is_thrown_and_ends_the_display()
    {
        using var output = new StringWriter();
        var display = new ProgressDisplay(new TerminalOutput(output, isTerminal: false), TimeProvider.System);

        await Assert.ThrowsAsync<TimeoutException>(() =>
            display.ShowAsync<int>(new CopyProgress(), () => throw new TimeoutException(), CancellationToken.None));
        Assert.Empty(output.ToString());
    }
}

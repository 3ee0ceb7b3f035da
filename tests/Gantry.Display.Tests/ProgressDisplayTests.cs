using System.Text;
using System.Text.RegularExpressions;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Display.Tests;

public sealed partial class ProgressDisplayTests
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

    [Theory]
    [InlineData(60, false)]
    [InlineData(80, true)]
    [InlineData(160, false)]
    public async Task Bars_leave_one_line_behind_that_fits(int width, bool isAscii)
    {
        await using var output = new LockedWriter();
        var time = new AutoAdvancingTime();
        var terminal = new TerminalOutput(output, isTerminal: true) { IsAscii = isAscii, Width = width };
        var progress = new CopyProgress();
        using var folder = new TempFolder();
        await using var session = new RegistrySession();
        var image = SampleImage.Create(1, 5000, 6000);
        var source = session.Open(RegistryAddress.Parse($"oci:{folder.Combine("base")}"), "app");
        await image.PushAsync(source);

        await new ProgressDisplay(terminal, time) { Style = ProgressStyle.Bars }.ShowAsync(
            progress,
            async () =>
            {
                var target = new CopyTarget(session.Open(RegistryAddress.Parse($"oci:{folder.Combine("target")}"), "app"), "v1");
                var request = new CopyRequest { Source = source, Digest = image.Root.Descriptor.Digest, Targets = [target] };
                var outcomes = await new ImageCopier(new CopyOptions(), progress).CopyAsync([request], default);
                while (output.Text.Length == 0)
                    await Task.Yield();
                return outcomes;
            },
            CancellationToken.None);

        var lines = Control().Replace(output.Text, "\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"^3 blobs, 11 KiB in ", lines[^1]);
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));
        Assert.True(!isAscii || output.Text.All(char.IsAscii), output.Text);
    }

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|\r")]
    private static partial Regex Control();

    /// <summary>Text that is read while others write.</summary>
    private sealed class LockedWriter : TextWriter
    {
        private readonly StringBuilder _text = new();

        public LockedWriter() => CoreNewLine = ['\n'];

        public override Encoding Encoding => Encoding.UTF8;

        public string Text
        {
            get
            {
                lock (_text)
                    return _text.ToString();
            }
        }

        public override void Write(char value)
        {
            lock (_text)
                _text.Append(value);
        }
    }
}

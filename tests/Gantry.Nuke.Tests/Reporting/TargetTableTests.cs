using Gantry.Nuke.Reporting;

namespace Gantry.Nuke.Tests.Reporting;

public sealed class TargetTableTests
{
    private static readonly TargetRow[] s_rows =
    [
        new("Restore", "Skipped", TimeSpan.Zero, "OnlyWhen: sources have changed"),
        new("PublishImages", "Succeeded", TimeSpan.FromSeconds(75), "Version: 1.4.2-feature-a-long-name.3"),
        new("PromoteDev", "Interrupted", TimeSpan.FromMilliseconds(20), null),
        new("PromoteTest", "NotRun", TimeSpan.Zero, null),
    ];

    [Fact]
    public void In_a_wide_terminal_remarks_are_beside_their_rows() => Assert.Equal(
        [
            "Target         Status        Time",
            "---------------------------------",
            "Restore        Skipped             OnlyWhen: sources have changed",
            "PublishImages  Succeeded     1:15  Version: 1.4.2-feature-a-long-name.3",
            "PromoteDev     Interrupted  < 1 s",
            "PromoteTest    NotRun",
            "---------------------------------",
            "Total                        1:15",
        ],
        TargetTable.Lines(s_rows, 100).Select(line => line.TrimEnd()));

    [Fact]
    public void In_a_narrow_terminal_remarks_are_below_and_no_line_is_wider()
    {
        var lines = TargetTable.Lines(s_rows, 60).ToList();

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 60));
        Assert.Contains("    Version: 1.4.2-feature-a-long-name.3", lines);
    }

    [Fact]
    public void All_characters_are_ASCII() =>
        Assert.All(string.Concat(TargetTable.Lines(s_rows, 60)), letter => Assert.InRange(letter, ' ', '~'));
}

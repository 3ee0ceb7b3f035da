using Gantry.Environments;
using Gantry.Status;

namespace Gantry.Display.Reports.Tests;

public sealed class StatusSentenceTests
{
    private static readonly PromotionTarget s_dev = SampleReports.Target(new("dev"));
    private static readonly PromotionTarget s_west =
        SampleReports.Target(new("prod") { After = s_dev.Environment }) with { Region = "west" };
    private static readonly PromotionTarget s_east = s_west with { Region = "east" };

    [Theory]
    [InlineData(0, "No image is behind in prod; no bypass open; no drift")]
    [InlineData(1, "1 of 2 images is behind in prod; no bypass open; no drift")]
    [InlineData(2, "2 of 2 images are behind in prod; no bypass open; no drift")]
    public void An_image_counts_once_in_all_regions(int behind, string sentence)
    {
        string[] images = ["api", "web"];
        var cells = new[] { s_dev, s_west, s_east }.SelectMany(target => images.Select((image, at) =>
            SampleReports.Cell(target, image, "1.4.2", SampleReports.Now) with { Behind = target == s_dev || at >= behind ? 0 : 3 }));

        Assert.Equal(sentence, StatusSentence.Of(Status([.. cells])));
    }

    [Fact]
    public void What_could_not_be_read_is_never_without_drift()
    {
        var unread = SampleReports.Mark(StatusMarkKind.Unreadable, "prod", null, "prod denies access", null, null);

        Assert.Equal("Nothing is in prod; no bypass open; 1 place could not be read", StatusSentence.Of(Status([], unread)));
    }

    [Fact]
    public void Everything_that_is_wrong_is_counted()
    {
        StatusMark[] marks =
        [
            .. new[] { StatusMarkKind.MovedTag, StatusMarkKind.OtherOnHosts, StatusMarkKind.OpenBypass, StatusMarkKind.Incomplete }
                .Select(kind => SampleReports.Mark(kind, "prod", "api", "it is wrong", null, null)),
        ];

        Assert.Equal(
            "1 of 2 images is in prod; 1 bypass open; 1 place incomplete; drift in 2 places",
            StatusSentence.Of(Status([SampleReports.Cell(s_west, "api", "1.4.2", SampleReports.Now) with { Marks = marks }], marks)));
    }

    private static FleetStatus Status(IReadOnlyList<StatusCell> cells, params StatusMark[] marks) => new()
    {
        AsOf = SampleReports.Now,
        Images = ["api", "web"],
        Targets = [s_dev, s_west, s_east],
        Cells = cells,
        Marks = marks,
    };
}

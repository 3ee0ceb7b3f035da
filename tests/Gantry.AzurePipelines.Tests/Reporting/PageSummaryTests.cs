using Gantry.AzurePipelines.Reporting;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Status;
using Gantry.Testing;

namespace Gantry.AzurePipelines.Tests.Reporting;

public sealed class PageSummaryTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 3, 4, 0, TimeSpan.Zero);
    private static readonly PromotionTarget s_dev = new(new("dev"), null, RegistryAddress.Parse("dev.azurecr.io"));
    private static readonly PromotionTarget s_prod =
        new(new("prod") { After = s_dev.Environment }, null, RegistryAddress.Parse("prod.azurecr.io"));

    private static readonly StatusMark s_moved = new()
    {
        Kind = StatusMarkKind.MovedTag,
        Code = "GAN4056",
        Place = "prod",
        Image = "web",
        Problem = "the tag was moved",
    };

    [Fact]
    public void The_sentence_and_the_matrix()
    {
        var summary = PageSummary.Of(Status([
            new() { Image = "api", Target = s_dev, Version = "1.5.0", Since = s_now.AddHours(-2), Signature = SignatureState.Signed },
            new() { Image = "web", Target = s_dev, Version = "1.5.0", Since = s_now.AddHours(-2), Signature = SignatureState.Unsigned },
            new() { Image = "api", Target = s_prod, Version = "1.4.1", Since = s_now.AddDays(-3), Behind = 2 },
            new() { Image = "web", Target = s_prod, Marks = [s_moved] },
        ]));

        Assert.Equal(
            """
            ## 1 of 2 images is behind in prod; prod is held; no bypass open; drift in 1 place

            As of 2026-11-29 03:04 UTC.

            | Image | dev | prod (held) |
            | --- | --- | --- |
            | api | **1.5.0** for 2 hours, ✓ signed | **1.4.1** for 3 days, → 2 behind |
            | web | **1.5.0** for 2 hours | none, ! the tag was moved (GAN4056) |

            """,
            summary);
    }

    [Fact]
    public void Text_of_others_is_text()
    {
        foreach (var text in HostileText.Values.Values.Append("**bold** | <script> [a](javascript:b)"))
        {
            var summary = PageSummary.Of(Status(
                [new() { Image = "api", Target = s_prod, Version = text, Marks = [s_moved with { Problem = text, Code = text }] }]));

            Assert.Null(HostileText.FindFault(summary["##".Length..]));
            Assert.DoesNotContain(" <script", summary, StringComparison.Ordinal);
            Assert.DoesNotContain("[a](", summary, StringComparison.Ordinal);
        }
    }

    private static FleetStatus Status(IReadOnlyList<StatusCell> cells) => new()
    {
        AsOf = s_now,
        Images = ["api", "web"],
        Targets = [s_dev, s_prod],
        Cells = cells,
        Holds = [new StatusHold("prod", s_now, "Anna", "an incident", "1.4.1")],
        Marks = [.. cells.SelectMany(cell => cell.Marks)],
    };
}

using Gantry.Differences;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Testing;

namespace Gantry.Tests.Differences;

public sealed class DifferenceSummaryTests
{
    [Fact]
    public void A_summary_is_one_line() => Assert.Equal(
        "12 commits, 1 commit lost, 3 packages changed, base image newer by 21 days, worker is new",
        ReleaseDifferenceFormatter.Summarize(new ReleaseDifference
        {
            From = "1.4.1",
            To = "1.4.2",
            Commits = [.. Enumerable.Range(0, 12).Select(_ => Commit()), Commit(isRemoved: true)],
            Images =
            [
                Image("api") with
                {
                    Packages = [new("A", "nuget", "1", "2"), new("B", "nuget", null, "2"), new("C", "deb", "1", null)],
                    BaseImage = new("x@1", "x@2", TimeSpan.FromDays(21.5)),
                },
                Image("app") with
                {
                    Packages = [new("A", "nuget", "1", "2")], BaseImage = new("x@1", "x@2", TimeSpan.FromDays(21.5)),
                },
                Image("worker") with { From = null },
            ],
        }));

    [Theory]
    [InlineData(21, "base image newer by 21 days")]
    [InlineData(1, "base image newer by 1 day")]
    [InlineData(-3, "base image older by 3 days")]
    [InlineData(0, "another base image")]
    [InlineData(null, "another base image")]
    public void A_base_image_is_newer_or_older(int? days, string expected) => Assert.StartsWith(
        expected,
        ReleaseDifferenceFormatter.Summarize(Of(Image("app") with
        {
            BaseImage = new("x@1", "x@2", days is { } count ? TimeSpan.FromDays(count) : null),
        })),
        StringComparison.Ordinal);

    [Fact]
    public void Nothing_and_what_is_not_known_are_said()
    {
        var same = Image("app") with { To = Image("app").From };

        Assert.Equal("no difference", ReleaseDifferenceFormatter.Summarize(Of(same)));
        Assert.Equal("nothing that could be compared", ReleaseDifferenceFormatter.Summarize(Of(same) with { Unknown = ["why"] }));
        Assert.Equal("1 image changed", ReleaseDifferenceFormatter.Summarize(Of(Image("app"))));
    }

    [Fact]
    public void Hostile_values_cannot_act() => Assert.All(HostileText.Values.Values, text => Assert.Null(HostileText.FindFault(
        ReleaseDifferenceFormatter.Summarize(Of(Image(text) with { From = null })), lines: 0)));

    private static ReleaseDifference Of(ImageDifferences image) => new() { From = "1", To = "2", Images = [image] };

    private static ImageDifferences Image(string name) => new() { Image = name, From = Digest.Of([1]), To = Digest.Of([2]) };

    private static ChangedCommit Commit(bool isRemoved = false) =>
        new(new string('0', 40), "a subject", "Anna", DateTimeOffset.UnixEpoch, null, isRemoved);
}

using Gantry.Cli.Images;

namespace Gantry.Cli.Tests;

public sealed class TagOrderTests
{
    [Theory]
    [InlineData("1.9.0", "1.10.0")]
    [InlineData("2.0.0-rc.1", "2.0.0")]
    [InlineData("2.0.0-rc.2", "2.0.0-rc.10")]
    [InlineData("v1.2-beta", "v1.2")]
    [InlineData("1.0-rc", "01.0")]
    [InlineData("1.2", "1.2.0")]
    [InlineData("latest", "latest-slim")]
    public void One_tag_is_before_the_other(string first, string second)
    {
        Assert.True(TagOrder.Instance.Compare(first, second) < 0);
        Assert.True(TagOrder.Instance.Compare(second, first) > 0);
    }
}

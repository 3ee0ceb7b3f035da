using Gantry.Releases;

namespace Gantry.Tests.Releases;

public sealed class VersionComparerTests
{
    // The examples of SemVer 2.0.0, and what is no version.
    [Theory]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha.beta")]
    [InlineData("1.0.0-alpha.beta", "1.0.0-beta")]
    [InlineData("1.0.0-beta.2", "1.0.0-beta.11")]
    [InlineData("1.0.0-beta.11", "1.0.0-rc.1")]
    [InlineData("1.0.0-rc.1", "1.0.0")]
    [InlineData("1.9.0", "1.10.0")]
    [InlineData("1.0.0-9", "1.0.0-a")]
    [InlineData("1.0.0_5", "1.0.1-rc.1")]
    [InlineData("1.0.0-rc.1_5", "1.0.0+1")]
    [InlineData("99999999999999999998.0.0", "99999999999999999999.0.0")]
    [InlineData("latest", "0.0.1-a")]
    [InlineData("2", "1.0.0")]
    [InlineData("v1.0.0", "1.0.0")]
    [InlineData("", "1.0.0")]
    [InlineData("a", "b")]
    public void Versions_are_ordered_by_precedence(string lower, string higher)
    {
        Assert.True(VersionComparer.Instance.Compare(lower, higher) < 0);
        Assert.True(VersionComparer.Instance.Compare(higher, lower) > 0);
        Assert.Equal(0, VersionComparer.Instance.Compare(higher, higher));
    }
}

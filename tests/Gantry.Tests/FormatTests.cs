namespace Gantry.Tests;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0 manifests")]
    [InlineData(1, "1 manifest")]
    [InlineData(2, "2 manifests")]
    [InlineData(5_000_000_000, "5000000000 manifests")]
    public void A_number_has_its_noun(long number, string expected) => Assert.Equal(expected, Format.Count(number, "manifest"));

    [Theory]
    [InlineData(0, "0 seconds")]
    [InlineData(0.25, "0.25 seconds")]
    [InlineData(1, "1 second")]
    [InlineData(61, "1 minute 1 second")]
    [InlineData(90_000, "1 day 1 hour")]
    public void A_duration_has_its_two_largest_units(double seconds, string expected) =>
        Assert.Equal(expected, Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(-5, "a moment")]
    [InlineData(0.908, "a moment")]
    [InlineData(1, "1 second")]
    public void What_has_just_begun_lasts_a_moment(double seconds, string expected) =>
        Assert.Equal(expected, Format.Elapsed(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_choice_is_from_what_is_there()
    {
        Assert.Equal("use one of a, b", Format.Choice(["a", "b"], "add one"));
        Assert.Equal("use a", Format.Choice(["a"], "add one"));
        Assert.Equal("add one", Format.Choice(Array.Empty<string>(), "add one"));
    }

    [Fact]
    public void An_empty_list_says_so()
    {
        Assert.Equal("a, b", Format.List(["a", "b"]));
        Assert.Equal("none", Format.List(Array.Empty<string>()));
    }

    [Theory]
    [InlineData("eyJ0eXAiOiJKV1QifQ.payload.signature", "'eyJ0…' (36 characters)")]
    [InlineData("1.2.x", "'1.…' (5 characters)")]
    [InlineData("ab", "'a…' (2 characters)")]
    [InlineData("a", "'…' (1 character)")]
    [InlineData("", "''")]
    [InlineData(null, "''")]
    [InlineData("\u001b[2A\nsecret", "'\\x1b[2A…' (11 characters)")]
    [InlineData("\u202e\u200bsecret", "'\\u202e\\u200bse…' (8 characters)")]
    public void A_refused_value_is_never_shown_as_a_whole(string? value, string shown) => Assert.Equal(shown, Format.Refused(value));
}

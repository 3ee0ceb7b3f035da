using CsCheck;
using Gantry.Testing;

namespace Gantry.Tests.Text;

public sealed class DisplayTextTests
{
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[Gen.Char, 0, 60],
        Gen.OneOf([.. HostileText.Values.Values.Select(Gen.Const)]),
        Gen.String[Gen.Char["#: avso[-\n\u001b\ud83d\ude00"], 0, 30]);

    public static TheoryData<string> Hostile => [.. HostileText.Values.Keys];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nothing_in_a_value_acts(string what)
    {
        DisplayText line = $"the value is {HostileText.Values[what]}";

        Assert.Null(HostileText.FindFault(line.ToString(), lines: 0));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nothing_in_an_error_acts(string what)
    {
        var error = new GantryException("GAN0001", HostileText.Values[what], $"use {HostileText.Values[what]}");

        Assert.All(
            [error.Message, error.Problem, error.Remedy, error.Offering(_ => HostileText.Values[what]).Message],
            text => Assert.Null(HostileText.FindFault(text, lines: 0)));
    }

    [Fact]
    public void Nothing_in_any_text_acts() => Gen.Select(s_text, s_text).Sample((first, second) =>
    {
        DisplayText line = $"{first}#{second}:{first}";
        var fault = HostileText.FindFault(line.ToString(), lines: 0);
        Assert.True(fault is null, fault);
    });

    [Fact]
    public void What_was_neutralized_stays_the_same() => s_text.Sample(text =>
        DisplayText.Neutralize(DisplayText.Neutralize(text)) == DisplayText.Neutralize(text));

    [Theory]
    [InlineData("")]
    [InlineData("contoso.azurecr.io/team/app:1.4.2-rc.1+5@sha256:ab")]
    [InlineData("[::1]:5000/base")]
    [InlineData("[fe80::abcd]:5000/base")]
    [InlineData(@"C:\Users\name\x1b")]
    [InlineData("Grüße, 你好, שלום, 😀 — … #12 a#b")]
    [InlineData("a :: b")]
    [InlineData("2001:db8::1 and fe80::a1")]
    public void Other_text_is_shown_as_it_is(string text) => Assert.Equal(text, DisplayText.Neutralize(text));

    [Theory]
    [InlineData("a\r\nb\tc", @"a\r\nb\tc")]
    [InlineData("\u001b[2J", @"\x1b[2J")]
    [InlineData("\u202egnp", @"\u202egnp")]
    [InlineData("\U000e0041", @"\u{e0041}")]
    [InlineData("##vso[a.b]c", "# #vso[a.b]c")]
    [InlineData("::error::a", ": :error::a")]
    public void What_could_act_is_shown(string text, string shown) => Assert.Equal(shown, DisplayText.Neutralize(text));

    [Fact]
    public void Half_a_character_is_shown() => Assert.Equal(@"a\ud800b\udc00", DisplayText.Neutralize("a\ud800b\udc00"));

    [Fact]
    public void A_long_value_is_cut_with_a_count_and_the_rest_of_the_line_stays()
    {
        DisplayText line = $"it is '{new string('a', 5000)}', {1.5:0.00} of {"b",3}{"c",-2}.";

        Assert.Equal($"it is '{new string('a', 1000)}… (4000 more characters)', 1.50 of   bc .", line.ToString());
    }
}

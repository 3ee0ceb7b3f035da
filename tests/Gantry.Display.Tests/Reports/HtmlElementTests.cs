using Gantry.Display.Html;
using Gantry.Testing;

namespace Gantry.Display.Reports.Tests;

public sealed class HtmlElementTests
{
    public static TheoryData<string> Hostile => [.. HostileReport.Texts];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Text_stays_text(string text)
    {
        var html = Write(HtmlElement.Of(HtmlTag.P, text).Set(HtmlAttribute.Title, text));

        Assert.Equal(2, html.Count(letter => letter == '<'));
        Assert.Equal(2, html.Count(letter => letter == '"'));
        Assert.DoesNotContain('\'', html);
        Assert.DoesNotContain('`', html);
        Assert.Null(HostileText.FindFault(html.TrimEnd('\n')));
    }

    [Fact]
    public void Text_is_encoded() => Assert.Equal(
        "<p title=\"a &quot;b&quot;\">1 &lt; 2 &amp;amp; it&#39;s &#96;c&#96;</p>\n",
        Write(HtmlElement.Of(HtmlTag.P, "1 < 2 &amp; it's `c`").Set(HtmlAttribute.Title, "a \"b\"")));

    [Fact]
    public void A_long_value_is_cut()
    {
        var html = Write(HtmlElement.Of(HtmlTag.P, new string('x', 5_000_000)));

        Assert.InRange(html.Length, 1000, 1100);
    }

    [Fact]
    public void Secrets_are_masked()
    {
        var secrets = new SecretMask();
        secrets.Add("hunter2-and-more");
        using var text = new StringWriter();

        HtmlElement.Of(HtmlTag.P, "by hunter2-and-more").Set(HtmlAttribute.Title, "hunter2-and-more").Write(new HtmlOutput(text, secrets));

        Assert.DoesNotContain("hunter2", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://dev.azure.com/contoso/_build?buildId=1&a=b", "https://dev.azure.com/contoso/_build?buildId=1&a=b")]
    [InlineData("http://localhost:8080/", "http://localhost:8080/")]
    [InlineData("HTTPS://EXAMPLE.com", "https://example.com/")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("JaVaScRiPt:alert(1)", null)]
    [InlineData(" javascript:alert(1)", null)]
    [InlineData("java\nscript:alert(1)", null)]
    [InlineData("data:text/html,<script>alert(1)</script>", null)]
    [InlineData("vbscript:x", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("//evil.example", null)]
    [InlineData("/relative", null)]
    [InlineData("https://user:password@example.com/", null)]
    [InlineData("https:///", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Only_addresses_on_the_web_are_links(string? text, string? address) =>
        Assert.Equal(address, WebLink.TryParse(text)?.Address);

    [Fact]
    public void A_link_cannot_leave_its_attribute() => Assert.Equal(
        "<a href=\"https://example.com/%22%3E%3Cscript%3E&#39;\" rel=\"noopener noreferrer external\">x</a>",
        Write(HtmlElement.Of(HtmlTag.A, "x").LinkTo(WebLink.TryParse("https://example.com/\"><script>'")!)));

    [Fact]
    public void Nothing_of_others_is_in_a_script_or_style()
    {
        Assert.Throws<ArgumentException>(() => HtmlElement.Of(HtmlTag.Script, "alert(1)"));
        Assert.Throws<ArgumentException>(() => HtmlElement.Of(HtmlTag.Style, "* { display: none }"));
        Assert.Throws<ArgumentException>(() => HtmlElement.Of(HtmlTag.P, InlineCode.Read("report.js")));
    }

    private static string Write(HtmlElement element)
    {
        using var text = new StringWriter();
        element.Write(new HtmlOutput(text, secrets: null));
        return text.ToString();
    }
}

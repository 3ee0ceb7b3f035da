namespace Gantry.Display.Html;

/// <summary>An address on the web that a person may follow: absolute, of http or https, without a user name and password.</summary>
internal sealed class WebLink
{
    private const int LongestLink = 2000;

    private WebLink(Uri address) => Address = address.AbsoluteUri;

    /// <summary>The address, encoded by the rules of RFC 3986.</summary>
    public string Address { get; }

    /// <summary>
    /// Returns the link to an address; null when it is none that a person may follow: <c>javascript:…</c>, <c>file:…</c>.
    /// </summary>
    public static WebLink? TryParse(string? text) =>
        text is { Length: <= LongestLink }
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address is { UserInfo: "", Host.Length: > 0 }
            ? new WebLink(address)
            : null;
}

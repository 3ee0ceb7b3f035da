using System.Globalization;
using System.Text;

namespace Gantry.Http;

/// <summary>
/// Addresses that a server has sent, with the bytes that it has sent. <see cref="Uri"/> would rewrite their escapes (<c>%7E</c> becomes
/// <c>~</c>), and a signature of the address would not match any more.
/// </summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc3986#section-5.2">RFC 3986, relative resolution</seealso>
internal static class HttpAddress
{
    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Parses an absolute address; returns null unless it is one of <c>https</c> or <c>http</c>.</summary>
    public static Uri? TryParse(string text)
    {
        var reference = WithoutFragment(text.Trim());
        var start = reference.IndexOf("://", StringComparison.Ordinal);
        if (start < 0 || reference[..start].ToLowerInvariant() is not ("https" or "http"))
            return null;

        var authority = reference[..(FindAny(reference, "/?\\", start + 3) is var end and >= 0 ? end : reference.Length)];
        var rest = Escape(reference[authority.Length..]);
        return Uri.TryCreate(authority + (rest.StartsWith('/') ? rest : $"/{rest}"), s_asItIs, out var uri) && uri.Host.Length > 0
            ? uri
            : null;
    }

    /// <summary>Resolves a reference in an answer from this address; returns null when that gives no <c>https</c> or <c>http</c>.</summary>
    public static Uri? TryResolve(Uri page, string reference)
    {
        reference = WithoutFragment(reference.Trim());
        if (HasScheme(reference))
            return TryParse(reference);
        if (reference.StartsWith("//", StringComparison.Ordinal))
            return TryParse($"{page.Scheme}:{reference}");
        return reference switch
        {
            "" => OnHost(page.PathAndQuery, page),
            ['/', ..] => OnHost(reference, page),
            ['?', ..] => OnHost(page.AbsolutePath + reference, page),
            _ => OnHost(Merge(page.AbsolutePath, reference), page),
        };
    }

    /// <summary>Returns the address of a path and query on the host of another address.</summary>
    public static Uri? OnHost(string pathAndQuery, Uri host) => TryParse($"{host.Scheme}://{host.Authority}{pathAndQuery}");

    /// <summary>Returns the same path and query over TLS on another port.</summary>
    public static Uri OverTls(Uri uri, int port) =>
        TryParse(string.Create(CultureInfo.InvariantCulture, $"https://{uri.IdnHostWithBrackets()}:{port}{uri.PathAndQuery}"))!;

    /// <summary>Appends parameters, which are escaped already, to the query.</summary>
    public static Uri AddQuery(Uri uri, string parameters)
    {
        var separator = uri.Query.Length switch { 0 => "?", 1 => "", _ => "&" };
        return OnHost($"{uri.PathAndQuery}{separator}{parameters}", uri)!;
    }

    private static string IdnHostWithBrackets(this Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;

    private static bool HasScheme(string reference)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && FindAny(reference, "/?", 0) is var other && (other < 0 || other > colon);
    }

    private static string Merge(string page, string reference)
    {
        var question = reference.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (reference, "") : (reference[..question], reference[question..]);
        var parts = page[..page.LastIndexOf('/')].Split('/').Skip(1).ToList();
        var steps = path.Split('/');
        foreach (var step in steps)
        {
            if (step == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (step is not ("." or ".."))
                parts.Add(step);
        }

        return $"/{string.Join('/', parts)}{(parts.Count > 0 && steps[^1] is ("." or "..") ? "/" : "")}{query}";
    }

    // A header is read as one character for each byte. What a request line cannot hold is escaped; everything else stays as it is.
    private static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return text;

        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= '!' and <= '~')
                escaped.Append((char)rune.Value);
            else if (rune.Value <= 0xFF)
                escaped.Append(CultureInfo.InvariantCulture, $"%{rune.Value:X2}");
            else
                escaped.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return escaped.ToString();
    }

    private static string WithoutFragment(string text) =>
        text.IndexOf('#', StringComparison.Ordinal) is var fragment and >= 0 ? text[..fragment] : text;

    private static int FindAny(string text, string letters, int start) =>
        text.AsSpan(start).IndexOfAny(letters) is var found and >= 0 ? start + found : -1;
}

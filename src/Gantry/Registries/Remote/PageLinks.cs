namespace Gantry.Registries.Remote;

/// <summary>Follows a list from page to page, and notices when it has no end.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8288">RFC 8288, Web Linking</seealso>
internal sealed class PageLinks(string location, string what)
{
    /// <summary>The most bytes of one page.</summary>
    public const int MaximumPage = 16 * 1024 * 1024;

    private const int MaximumPages = 10_000;
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);

    /// <summary>The address of the page after this one, or null at the end.</summary>
    public Uri? Next(RegistryResponse response)
    {
        _visited.Add(response.Uri.PathAndQuery);
        var next = response.HeaderValues("Link").Select(header => Find(response.Uri, header)).FirstOrDefault(uri => uri is not null);
        if (next is null)
            return null;
        if (!next.Host.Equals(response.Uri.Host, StringComparison.OrdinalIgnoreCase))
            throw RegistryErrors.UnexpectedAnswer(location, $"the list of {what}", $"its next page is on another host, {next.Host}");

        // Behind a proxy that ends TLS, a registry names its pages by http.
        next = new Uri(response.Uri, next.PathAndQuery);
        if (!_visited.Add(next.PathAndQuery))
            throw RegistryErrors.EndlessList(location, what, "a page leads back to an earlier one");
        if (_visited.Count > MaximumPages)
            throw RegistryErrors.EndlessList(location, what, $"it has more than {MaximumPages} pages");
        return next;
    }

    /// <summary>The address of a <c>rel="next"</c> link in a header, or null.</summary>
    internal static Uri? Find(Uri page, string header)
    {
        for (var start = header.IndexOf('<', StringComparison.Ordinal); start >= 0; start = header.IndexOf('<', start + 1))
        {
            var end = header.IndexOf('>', start);
            if (end < 0)
                return null;
            var until = header.IndexOf(",<", end, StringComparison.Ordinal) is var comma and >= 0 ? comma
                : header.IndexOf(", <", end, StringComparison.Ordinal) is var spaced and >= 0 ? spaced
                : header.Length;
            var parameters = header[(end + 1)..until].Split(';', StringSplitOptions.TrimEntries);
            var isNext = parameters.Any(parameter => parameter.Equals("rel=next", StringComparison.OrdinalIgnoreCase) || parameter.Equals("rel=\"next\"", StringComparison.OrdinalIgnoreCase));
            if (isNext)
                return Uri.TryCreate(page, header[(start + 1)..end], out var next) ? next : null;
        }

        return null;
    }
}

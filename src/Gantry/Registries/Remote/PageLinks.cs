using Gantry.Http;

namespace Gantry.Registries.Remote;

/// <summary>Follows the pages of a list, and detects endless and incomplete ones.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8288">RFC 8288, Web Linking</seealso>
internal sealed class PageLinks(string location, string what)
{
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Reads a page; throws <c>GAN1009</c> or <c>GAN2017</c> when it is too large, or all pages together are.</summary>
    public async Task<byte[]> ReadAsync(
        HttpAnswer response, string kind, CancellationToken cancellationToken, int limit = Limits.ListPageBytes)
    {
        var page = await response.ReadBytesAsync(limit, kind, cancellationToken);
        _bytes += page.Length;
        return _bytes <= Limits.ListBytes
            ? page
            : throw RegistryErrors.EndlessList(
                location, what, $"its pages have more than {Format.Bytes(Limits.ListBytes)} (limit {nameof(Limits.ListBytes)})");
    }

    /// <summary>Returns the address of the next page; null at the end.</summary>
    public Uri? Next(HttpAnswer response)
    {
        _visited.Add(response.Uri.PathAndQuery);
        var next = response.HeaderValues("Link").Select(header => Find(response.Uri, header)).FirstOrDefault(uri => uri is not null);
        if (next is null)
            return null;
        if (!next.Host.Equals(response.Uri.Host, StringComparison.OrdinalIgnoreCase))
            throw RegistryErrors.UnexpectedAnswer(location, $"the list of {what}", $"its next page is on another host, {next.Host}");

        // Behind a proxy that terminates TLS, a registry may return http addresses for its pages.
        next = HttpAddress.OnHost(next.PathAndQuery, response.Uri)!;
        if (!_visited.Add(next.PathAndQuery))
            throw RegistryErrors.EndlessList(location, what, "a page leads back to an earlier one");
        if (_visited.Count > Limits.ListPages)
            throw RegistryErrors.EndlessList(
                location, what, $"it has more than {Format.Count(Limits.ListPages, "page")} (limit {nameof(Limits.ListPages)})");
        return next;
    }

    /// <summary>Throws when a page that another one follows had nothing new: an endless list may give each page another address.</summary>
    public void EnsureProgress(int newEntries)
    {
        if (newEntries == 0)
            throw RegistryErrors.EndlessList(location, what, "a page adds nothing to the earlier ones");
    }

    /// <summary>Creates the error for a page, other than the first one, that is no page: the list is incomplete without it.</summary>
    public async Task<GantryException> CreateErrorAsync(HttpAnswer response, CancellationToken cancellationToken)
    {
        var (_, reason) = await ErrorReader.ReadAsync(response, cancellationToken);
        return RegistryErrors.IncompleteList(location, what, response.IsHtml ? $"a page for people, {reason}" : reason);
    }

    /// <summary>Finds the address of a <c>rel="next"</c> link in a header; null when there is none.</summary>
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
            var isNext = parameters.Any(parameter => parameter.Equals("rel=next", StringComparison.OrdinalIgnoreCase)
                || parameter.Equals("rel=\"next\"", StringComparison.OrdinalIgnoreCase));
            if (isNext)
                return HttpAddress.TryResolve(page, header[(start + 1)..end]);
        }

        return null;
    }
}

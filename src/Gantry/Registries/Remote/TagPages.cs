using System.Net;
using System.Text.Json;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>Lists tags page by page.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags">
/// OCI distribution-spec 1.1.1, listing tags
/// </seealso>
internal sealed class TagPages(RegistryHost host, DistributionRepository repository)
{
    private const int PageSize = 1000;
    private const string What = "listing the tags";

    public async Task<IReadOnlyList<string>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var links = new PageLinks(repository.Location, "its tags");
        var tags = new SortedSet<string>(StringComparer.Ordinal);
        for (var page = await ReadFirstAsync(links, cancellationToken); ; page = await ReadAsync(page.Next, links, cancellationToken))
        {
            tags.UnionWith(page.Tags);
            if (tags.Count > Limits.Tags)
                throw RegistryErrors.EndlessList(
                    repository.Location, "its tags", $"there are more than {Limits.Tags} (limit {nameof(Limits.Tags)})");
            if (page.Next is null)
                return [.. tags];
        }
    }

    /// <summary>Lists all tags when they are on one page; returns null otherwise.</summary>
    public async Task<IReadOnlyList<string>?> ReadOnePageAsync(CancellationToken cancellationToken)
    {
        try
        {
            var page = await ReadFirstAsync(new PageLinks(repository.Location, "its tags"), cancellationToken);
            return page.Next is null ? [.. page.Tags.Order(StringComparer.Ordinal)] : null;
        }
        catch (GantryException exception) when (exception.Kind is ErrorKind.Unauthorized or ErrorKind.UnexpectedAnswer)
        {
            // The right to read an image does not always include listing tags.
            return null;
        }
    }

    private async Task<Page> ReadFirstAsync(PageLinks links, CancellationToken cancellationToken)
    {
        var first = host.Address($"{repository.Name}/tags/list?n={PageSize}");
        return await ReadAsync(first, links, cancellationToken);
    }

    private Task<Page> ReadAsync(Uri? address, PageLinks links, CancellationToken cancellationToken) =>
        host.SendAsync(
            repository.Request(HttpMethod.Get, address!, What) with { Accept = "application/json" },
            (response, token) => ReadAsync(response, links, token),
            cancellationToken);

    private async Task<Page> ReadAsync(HttpAnswer response, PageLinks links, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            await host.ThrowIfNotARegistryAsync(response, cancellationToken);
            return new Page([], null);
        }

        if (!response.IsSuccess)
            throw await host.CreateErrorAsync(response, repository.Location, What, cancellationToken);
        if (response.IsHtml)
            throw RegistryErrors.NotARegistry(host.Name, "a page instead of a list of tags");
        try
        {
            var body = await links.ReadAsync(response, "list of tags", cancellationToken);
            var tags = JsonSerializer.Deserialize(body, RegistryJson.Default.TagList)?.Tags ?? [];
            return new Page([.. tags.OfType<string>().Where(Oci.Names.IsTag)], links.Next(response));
        }
        catch (JsonException exception)
        {
            throw RegistryErrors.UnexpectedAnswer(
                repository.Location, What, $"it is not JSON{RegistryErrors.Unasked(response.ContentEncoding)}", exception);
        }
    }

    private sealed record Page(IReadOnlyList<string> Tags, Uri? Next);
}

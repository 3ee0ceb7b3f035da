using System.Globalization;
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

    /// <summary>The sizes at which registries cut lists off, some of them without saying so.</summary>
    private static readonly int[] s_cuts = [10, 20, 25, 30, 50, 100, 200, 250, 500, PageSize];

    private readonly PageLinks _links = new(repository.Location, "its tags");

    private Uri First => host.Address(string.Create(CultureInfo.InvariantCulture, $"{repository.Name}/tags/list?n={PageSize}"));

    public async Task<IReadOnlyList<string>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var tags = new SortedSet<string>(StringComparer.Ordinal);
        for (var page = await ReadAsync(First, isFirst: true, cancellationToken);
            ;
            page = await ReadAsync(page.Next, isFirst: false, cancellationToken))
        {
            var known = tags.Count;
            tags.UnionWith(page.Tags);
            if (tags.Count > Limits.Tags)
                throw RegistryErrors.EndlessList(
                    repository.Location, "its tags", $"there are more than {Limits.Tags} (limit {nameof(Limits.Tags)})");
            if (page.Next is null)
                return [.. tags];
            _links.EnsureProgress(tags.Count - known);
        }
    }

    /// <summary>
    /// Lists all tags when they are on one page; returns null otherwise, also when the registry does not list them, or lists so many that
    /// it may have left some out. Such a list only saves requests: it is asked for once, and not waited for long.
    /// </summary>
    public async Task<IReadOnlyList<string>?> ReadOnePageAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(host.Options.OptionalResponseTimeout, host.Options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var page = await host.AttemptAsync(
                Request(First) with { Optional = true },
                (response, token) => ReadAsync(response, isFirst: true, Limits.OptionalListBytes, token),
                both.Token);
            return page.Next is null && !s_cuts.Contains(page.Tags.Count) ? [.. page.Tags.Order(StringComparer.Ordinal)] : null;
        }
        catch (GantryException exception) when (exception.Kind == ErrorKind.Unauthorized)
        {
            // The right to read an image does not always include listing tags.
            return null;
        }
        catch (GantryException exception)
        {
            return GoOn(exception.Problem);
        }
        catch (TransientException exception)
        {
            return GoOn(exception.Error.Problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return GoOn("it does not answer in time");
        }
    }

    private IReadOnlyList<string>? GoOn(string reason)
    {
        host.Warn(RegistryErrors.TagsNotListed(repository.Location, reason));
        return null;
    }

    private HttpCall Request(Uri address) => repository.Request(HttpMethod.Get, address, What) with { Accept = "application/json" };

    private Task<Page> ReadAsync(Uri? address, bool isFirst, CancellationToken cancellationToken) =>
        host.SendAsync(
            Request(address!),
            (response, token) => ReadAsync(response, isFirst, Limits.ListPageBytes, token),
            cancellationToken);

    private async Task<Page> ReadAsync(HttpAnswer response, bool isFirst, int limit, CancellationToken cancellationToken)
    {
        if (!isFirst && (!response.IsSuccess || response.IsHtml))
            throw await _links.CreateErrorAsync(response, cancellationToken);
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
            var body = await _links.ReadAsync(response, "list of tags", cancellationToken, limit);
            var tags = (JsonSerializer.Deserialize(body, RegistryJson.Default.TagList) ?? throw new JsonException()).Tags ?? [];
            return new Page([.. tags.OfType<string>().Where(Names.IsTag)], _links.Next(response));
        }
        catch (JsonException exception)
        {
            throw RegistryErrors.UnexpectedAnswer(
                repository.Location, What, $"it is not a list of tags{RegistryErrors.Unasked(response.ContentEncoding)}", exception);
        }
    }

    private sealed record Page(IReadOnlyList<string> Tags, Uri? Next);
}

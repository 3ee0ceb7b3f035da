using System.Net;
using System.Text.Json;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>Lists the referrers of a manifest: with the registry's referrers API, or else from the index under the fallback tag.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers">
/// OCI distribution-spec 1.1.1, listing referrers
/// </seealso>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#unavailable-referrers-api">
/// OCI distribution-spec 1.1.1, unavailable referrers API
/// </seealso>
internal sealed class ReferrerLists(RegistryHost host, DistributionRepository repository)
{
    private const int MaximumWrites = 5;

    public async Task<IReadOnlyList<Descriptor>> ReadAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        if (await AskApiAsync(subject, cancellationToken) is { } listed)
            return listed;

        var tag = Referrer.FallbackTag(subject);
        if (knownTags?.Contains(tag) == false)
            return [];
        return await repository.FindManifestAsync(tag, cancellationToken) is { IsIndex: true } index ? index.ReadIndex().Manifests : [];
    }

    /// <summary>
    /// Adds a referrer to the index under the fallback tag. Two writers at the same moment may overwrite each other's changes, because
    /// registries have no conditional writes; so the index is read again afterwards. Within a session, one writer also adds the referrers
    /// that wait for the same index: ten signatures cost two or three writes, not ten.
    /// </summary>
    public async Task AddAsync(Digest subject, Descriptor entry, CancellationToken cancellationToken)
    {
        var tag = Referrer.FallbackTag(subject);
        var unlisted = host.UnlistedReferrers($"{repository.Name}:{tag}");
        unlisted[entry.Digest] = entry;
        using var turn = await host.AcquireLockAsync($"{repository.Name}:{tag}", cancellationToken);
        if (!unlisted.ContainsKey(entry.Digest))
            return;

        var entries = unlisted.Values.OrderBy(waiting => waiting.Digest.Hex, StringComparer.Ordinal).ToList();
        for (var writes = 0; ; writes++)
        {
            var there = await repository.FindManifestAsync(tag, cancellationToken);
            if (there is { IsIndex: false })
                throw RegistryErrors.UnexpectedAnswer(
                    repository.Location,
                    $"adding a referrer of {subject}",
                    $"its tag '{tag}' is not an index of referrers");
            var index = there?.ReadIndex() ?? new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [] };
            var missing = entries.ExceptBy(index.Manifests.Select(manifest => manifest.Digest), waiting => waiting.Digest).ToList();
            if (missing.Count == 0)
                break;
            if (writes == MaximumWrites)
                throw RegistryErrors.UnexpectedAnswer(
                    repository.Location,
                    $"adding a referrer of {subject}",
                    $"its tag '{tag}' does not keep what is written to it");

            // An index with a subject would have to be added to a list itself, possibly to this one, and would wait for its own lock.
            var longer = index with { Manifests = [.. index.Manifests, .. missing], Subject = null };
            await repository.PutTagAsync(tag, ManifestContent.Create(longer), cancellationToken);
        }

        entries.ForEach(listed => unlisted.TryRemove(listed.Digest, out _));
    }

    private async Task<IReadOnlyList<Descriptor>?> AskApiAsync(Digest subject, CancellationToken cancellationToken)
    {
        if (host.HasReferrersApi is null)
        {
            // Single-flight: concurrent callers share one request.
            using var turn = await host.AcquireLockAsync("referrers API", cancellationToken);
            if (host.HasReferrersApi is null)
                return await ReadFromApiAsync(subject, cancellationToken);
        }

        return host.HasReferrersApi == true ? await ReadFromApiAsync(subject, cancellationToken) : null;
    }

    // Null when there is no referrers API; an empty list when there are no referrers.
    private async Task<IReadOnlyList<Descriptor>?> ReadFromApiAsync(Digest subject, CancellationToken cancellationToken)
    {
        var links = new PageLinks(repository.Location, $"the referrers of {subject}");
        var referrers = new Dictionary<Digest, Descriptor>();
        for (var address = host.Address($"{repository.Name}/referrers/{subject}"); address is not null;)
        {
            var request = repository.Request(HttpMethod.Get, address, $"listing the referrers of {subject}") with
            {
                Accept = MediaTypes.OciIndex,
            };
            var page = await host.SendAsync(request, (response, token) => ReadPageAsync(response, links, token), cancellationToken);
            if (page is null)
                return referrers.Count == 0 ? null : [.. referrers.Values];
            foreach (var referrer in page.Referrers)
                referrers.TryAdd(referrer.Digest, referrer);
            if (referrers.Count > Limits.Referrers)
                throw RegistryErrors.EndlessList(
                    repository.Location,
                    $"the referrers of {subject}",
                    $"there are more than {Limits.Referrers} (limit {nameof(Limits.Referrers)})");
            address = page.Next;
        }

        return [.. referrers.Values];
    }

    private async Task<Page?> ReadPageAsync(HttpAnswer response, PageLinks links, CancellationToken cancellationToken)
    {
        // Some answer with an HTML page (GHCR), some with one error or another.
        var unknown = response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed
            or HttpStatusCode.NotImplemented;
        if (unknown || response.IsHtml)
        {
            var (code, _) = await ErrorReader.ReadAsync(response, cancellationToken);
            if (code is "NAME_UNKNOWN" or "MANIFEST_UNKNOWN")
                return host.HasReferrersApi == true ? new Page([], null) : null;
            host.HasReferrersApi ??= false;
            return host.HasReferrersApi == true ? new Page([], null) : null;
        }

        if (!response.IsSuccess)
            throw await host.CreateErrorAsync(response, repository.Location, "listing referrers", cancellationToken);
        try
        {
            var body = await links.ReadAsync(response, "list of referrers", cancellationToken);
            var index = JsonSerializer.Deserialize(body, OciJson.Default.ImageIndex) ?? throw new JsonException();
            host.HasReferrersApi = true;
            return new Page(index.Manifests, links.Next(response));
        }
        catch (JsonException exception)
        {
            throw RegistryErrors.UnexpectedAnswer(
                repository.Location,
                "listing referrers",
                $"it is not an index{RegistryErrors.Unasked(response.ContentEncoding)}",
                exception);
        }
    }

    private sealed record Page(IReadOnlyList<Descriptor> Referrers, Uri? Next);
}
